package flyby.validate.isa;

import static flyby.i8237.layout.I8237Registers.CLEAR_FLIP_FLOP;
import static flyby.i8237.layout.I8237Registers.COMMAND;
import static flyby.i8237.layout.I8237Registers.MODE;
import static flyby.i8237.layout.I8237Registers.REQUEST;
import static flyby.i8237.layout.I8237Registers.SELECT_SET;
import static flyby.i8237.layout.I8237Registers.SINGLE_MASK;

import flyby.base.Check;
import flyby.i8237.I8237A;
import flyby.i8237.State;
import flyby.i8237.TransferType;
import flyby.i8237.Wiring;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// An 8237A alone on a bench: clocked clock by clock, 64 KiB of memory on its address pins, and all it does written
/// down. HLDA follows HRQ within the clock, unless it is to be late.
final class ChipBench implements Wiring {
    private static final int CLOCKS_MAX = 1_000_000;

    /// One clock: the state, and which strobes are low as it begins, such as `MEMR IOW`.
    record Clock(State state, String strobes) {}

    /// One fly-by transfer.
    record Transfer(int channel, TransferType type, int address, boolean terminalCount) {}

    final I8237A chip = new I8237A(this);
    final byte[] memory = new byte[1 << 16];
    private final List<Clock> clocks = new ArrayList<>();
    private final List<Transfer> transfers = new ArrayList<>();
    private final List<Integer> services = new ArrayList<>();
    private int holds;
    private int hldaLateClocks;
    private int hrqClocks;
    private int waitStates;
    private int waitsLeft;

    ChipBench() {
        chip.reset();
    }

    /// A block of 256 bytes within a 256-byte page, out of memory, is over.
    static ChipBench block(int command) {
        return new ChipBench()
                .command(command)
                .program(0, 0x88, 0x2000, 255)
                .dreq(0)
                .runUntilIdle();
    }

    /// `count` single transfers into memory, within a 256-byte page, are over. DREQ is held.
    static ChipBench singles(int lateClocks, int count) {
        return new ChipBench()
                .grantingLate(lateClocks)
                .program(0, 0x44, 0x2000, count - 1)
                .dreq(0)
                .runUntilIdle();
    }

    /// `count` bytes are about to be copied from 0x1000 to 0x8000, with further bits of COMMAND.
    static ChipBench copying(int command, int count) {
        ChipBench bench = new ChipBench().command(command | 0x01);
        for (int i = 0; i < count; i++) {
            bench.memory[0x1000 + i] = (byte) (i * 7 + 3);
        }
        return bench.program(0, 0x88, 0x1000, count - 1)
                .program(1, 0x84, 0x8000, count - 1)
                .request(0);
    }

    /// How many of the bytes at 0x8000 are those from 0x1000 on.
    int copied(int count) {
        int mismatch = Arrays.mismatch(memory, 0x1000, 0x1000 + count, memory, 0x8000, 0x8000 + count);
        return mismatch < 0 ? count : mismatch;
    }

    /// HLDA comes `lateClocks` clocks after the one in which it could.
    ChipBench grantingLate(int lateClocks) {
        hldaLateClocks = lateClocks;
        return this;
    }

    /// READY is low for so many clocks of each transfer.
    ChipBench waiting(int clocksPerTransfer) {
        waitStates = clocksPerTransfer;
        return this;
    }

    ChipBench command(int value) {
        chip.write(COMMAND, value);
        return this;
    }

    /// Programs channel `channel`, and clears its mask.
    ChipBench program(int channel, int mode, int address, int count) {
        chip.write(CLEAR_FLIP_FLOP, 0);
        writeWord(2 * channel, address);
        writeWord(2 * channel + 1, count);
        chip.write(MODE, mode | channel);
        chip.write(SINGLE_MASK, channel);
        return this;
    }

    ChipBench dreq(int channel) {
        chip.dreq(channel, true);
        return this;
    }

    /// Sets the software request of `channel`.
    ChipBench request(int channel) {
        chip.write(REQUEST, (int) SELECT_SET.with(channel, 1));
        return this;
    }

    void writeWord(int register, int value) {
        chip.write(register, value & 0xff);
        chip.write(register, value >> 8);
    }

    int readWord(int register) {
        int low = chip.read(register);
        return low | (chip.read(register) << 8);
    }

    /// One clock.
    void clock() {
        chip.ready(waitsLeft == 0);
        chip.clockFalls();
        switch (chip.state()) {
            case S2, S12, S22 -> waitsLeft = waitStates;
            case SW -> waitsLeft--;
            default -> {}
        }
        clocks.add(new Clock(chip.state(), lowStrobes()));
        chip.clockRises();
        hrqClocks = chip.hrq() ? hrqClocks + 1 : 0;
        chip.hlda(hrqClocks > hldaLateClocks);
    }

    private String lowStrobes() {
        List<String> low = new ArrayList<>();
        if (!chip.memr()) {
            low.add("MEMR");
        }
        if (!chip.ior()) {
            low.add("IOR");
        }
        if (!chip.memw()) {
            low.add("MEMW");
        }
        if (!chip.iow()) {
            low.add("IOW");
        }
        return String.join(" ", low);
    }

    ChipBench run(int clockCount) {
        for (int i = 0; i < clockCount; i++) {
            clock();
        }
        return this;
    }

    /// Clocks until `isSo`, which must come.
    ChipBench runUntil(BooleanSupplier isSo) {
        int before = clocks.size();
        while (!isSo.getAsBoolean()) {
            Check.that(clocks.size() - before < CLOCKS_MAX, "nothing came of %d clocks", CLOCKS_MAX);
            clock();
        }
        return this;
    }

    /// Clocks through a service and until the chip is idle and sees no further request.
    ChipBench runUntilIdle() {
        clock();
        return runUntil(() -> chip.state().equals(State.SI) && chip.isAsleep());
    }

    // What was written down.

    /// The states since the bench was built, one for each clock.
    List<State> states() {
        return clocks.stream().map(Clock::state).toList();
    }

    /// The same as one line: `SI S0 S1`.
    String stateLine() {
        return clocks.stream().map(clock -> clock.state().name()).collect(Collectors.joining(" "));
    }

    List<Clock> clocks() {
        return List.copyOf(clocks);
    }

    /// How many clocks the chip had the bus, from S1 to the last S4.
    int serviceClocks() {
        return (int) clocks.stream()
                .filter(clock ->
                        !clock.state().equals(State.SI) && !clock.state().equals(State.S0))
                .count();
    }

    List<Transfer> transfers() {
        return List.copyOf(transfers);
    }

    /// The channels in the order in which DACK came.
    List<Integer> services() {
        return List.copyOf(services);
    }

    /// How often HRQ rose.
    int holds() {
        return holds;
    }

    // What the chip is wired to.

    @Override
    public void holdRequest(boolean asserted) {
        holds += asserted ? 1 : 0;
    }

    @Override
    public void acknowledge(int channel, boolean asserted) {
        if (asserted) {
            services.add(channel);
        }
    }

    @Override
    public void transfer(int channel, TransferType type, int address, boolean terminalCount) {
        transfers.add(new Transfer(channel, type, address, terminalCount));
    }

    @Override
    public int memoryRead(int address) {
        return memory[address] & 0xff;
    }

    @Override
    public void memoryWrite(int address, int value, boolean terminalCount) {
        memory[address] = (byte) value;
    }
}
