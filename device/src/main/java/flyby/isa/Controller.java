package flyby.isa;

import flyby.base.LittleEndian;
import flyby.bus.DmaPeripheral;
import flyby.bus.MasterHost;
import flyby.bus.Transaction.Kind;
import flyby.i8237.I8237A;
import flyby.i8237.PinTrace;
import flyby.i8237.State;
import flyby.i8237.TransferType;
import flyby.i8237.Wiring;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One 8237A on the board: its wait-state logic, its page registers, the peripherals on its channels.
abstract class Controller implements Wiring {
    private final MasterHost host;
    private final String name;
    private final I8237A chip = new I8237A(this);
    private final PinTrace pins;
    private final ChannelTrace[] traces = new ChannelTrace[I8237A.CHANNELS];
    private final @Nullable DmaPeripheral[] peripherals = new DmaPeripheral[I8237A.CHANNELS];
    private final int[] waitStates = new int[I8237A.CHANNELS];
    private final int waitsInMemory;
    private final int widthBytes;
    private final byte[] data = new byte[2];
    private int waitsLeft;
    private boolean cycleIsOpen;
    /// How many bytes the cycle that is open moves.
    private int cycleBytes;
    private long transferCount;

    /// @param name the controller's, for waveforms
    /// @param firstChannel the number of its channel 0 on the bus
    /// @param widthBytes how many bytes a transfer moves: 1, or 2 at even addresses
    /// @param waits SW of each transfer, and of each half of a memory-to-memory transfer
    Controller(MasterHost host, String name, int firstChannel, int widthBytes, int waits) {
        this.host = host;
        this.name = name;
        this.widthBytes = widthBytes;
        this.waitsInMemory = waits;
        Arrays.fill(waitStates, waits);
        this.pins = new PinTrace(chip, host.trace(), name);
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            traces[channel] = new ChannelTrace(host, firstChannel + channel);
        }
    }

    /// HRQ has changed.
    @Override
    public abstract void holdRequest(boolean asserted);

    /// DACK of a channel has changed. For the channel behind which another controller is.
    abstract void cascade(int channel, boolean asserted);

    /// Where a transfer with `address` on A0 to A15 goes: the page register and the address lines put together.
    ///
    /// @param channel whose DACK is active, or -1 for none
    abstract long physical(int channel, int address);

    String name() {
        return name;
    }

    /// Whether `channel` only refreshes memory.
    abstract boolean isRefresh(int channel);

    I8237A chip() {
        return chip;
    }

    void wire(int channel, DmaPeripheral peripheral) {
        peripherals[channel] = peripheral;
    }

    /// How many transfers moved something.
    long transferCount() {
        return transferCount;
    }

    /// The board's wait-state logic leaves `channel` alone.
    void noWaitStates(int channel) {
        waitStates[channel] = 0;
    }

    /// DREQ of `channel` changes. The board's lines are active high.
    void dreq(int channel, boolean asserted) {
        chip.dreq(channel, asserted);
        traces[channel].request(asserted);
        pins.sample(host.nowPicos());
    }

    void hlda(boolean asserted) {
        chip.hlda(asserted);
        pins.sample(host.nowPicos());
    }

    /// Software has written a register for `transfer`: what channels that are unmasked now move is done for it.
    void wasProgrammed(long transfer) {
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            if (chip.isMasked(channel)) {
                traces[channel].ends();
            } else {
                traces[channel].begins(transfer);
            }
        }
    }

    /// The chip's RESET pin is pulsed; a cycle that it was in breaks off.
    void reset() {
        chip.reset();
        cycleEnds(host.nowPicos());
        wasProgrammed(0);
        pins.sample(host.nowPicos());
    }

    // The clock's side.

    void clockFalls() {
        if (chip.isAsleep()) {
            return;
        }
        chip.ready(waitsLeft == 0);
        boolean wasLast = chip.state() == State.S4 || chip.state() == State.S24;
        chip.clockFalls();
        long now = host.nowPicos();
        if (wasLast) {
            cycleEnds(now);
        }
        switch (chip.state()) {
            case S1, S11 -> cycleBegins(now);
            case S2 -> {
                waitsLeft = waits();
                if (!cycleIsOpen) {
                    cycleBegins(now);
                }
            }
            case S12, S22 -> waitsLeft = waits();
            case SW -> waitsLeft--;
            case S4 -> waitsLeft = 0;
            default -> {
                // The other states neither begin a cycle nor look at READY.
            }
        }
        pins.sample(now);
    }

    void clockRises() {
        chip.clockRises();
        pins.sample(host.nowPicos());
    }

    boolean isAsleep() {
        return chip.isAsleep();
    }

    void slept(long clocks) {
        chip.slept(clocks);
    }

    boolean isAtTransfer() {
        return chip.isAtTransfer();
    }

    int clocksToStrobe() {
        return chip.clocksToStrobe(waits());
    }

    void skipToStrobe() {
        chip.skipToStrobe();
        waitsLeft = waits();
    }

    int clocksToEnd() {
        return chip.clocksToEnd(waits());
    }

    void skipToEnd() {
        waitsLeft = 0;
        chip.skipToEnd();
    }

    /// Memory-to-memory, both halves count as one cycle.
    void cycleBegins(long picos) {
        int channel = chip.channel();
        boolean inMemory = chip.isMemoryToMemory();
        TransferType type = chip.type(channel);
        boolean strobes = type == TransferType.READ || type == TransferType.WRITE;
        cycleBytes = inMemory ? 1 : strobes ? widthBytes : 0;
        Kind kind = !inMemory && type == TransferType.READ ? Kind.READ : Kind.WRITE;
        long address = physical(inMemory ? -1 : channel, chip.currentAddress(channel));
        host.cycleBegins(picos, kind, address, traces[channel].transfer());
        cycleIsOpen = true;
    }

    void cycleEnds(long picos) {
        if (cycleIsOpen) {
            host.cycleEnds(picos, cycleBytes);
            cycleIsOpen = false;
        }
    }

    private int waits() {
        return chip.isMemoryToMemory() ? waitsInMemory : waitStates[chip.channel()];
    }

    // The chip's side.

    @Override
    public void acknowledge(int channel, boolean asserted) {
        traces[channel].acknowledge(asserted);
        cascade(channel, asserted);
    }

    @Override
    public void transfer(int channel, TransferType type, int address, boolean terminalCount) {
        @Nullable DmaPeripheral peripheral = peripherals[channel];
        long at = physical(channel, address);
        transferCount += isRefresh(channel) ? 0 : 1;
        switch (type) {
            case WRITE -> {
                if (peripheral == null) {
                    data[0] = -1;
                    data[1] = -1;
                } else {
                    peripheral.give(data, widthBytes);
                }
                host.writeMemory(at, widthBytes, (int) LittleEndian.get(data, 0, widthBytes));
            }
            case READ -> {
                LittleEndian.put(host.readMemory(at, widthBytes), data, 0, widthBytes);
                if (peripheral != null) {
                    peripheral.take(data, widthBytes);
                }
            }
            case VERIFY, ILLEGAL -> {
                // No strobes: nothing moves.
            }
        }
        if (terminalCount) {
            traces[channel].terminalCount(chip.autoinitializes(channel));
            if (peripheral != null) {
                peripheral.terminalCount();
            }
        }
    }

    @Override
    public int memoryRead(int address) {
        return host.readMemory(physical(-1, address), 1);
    }

    @Override
    public void memoryWrite(int address, int value, boolean terminalCount) {
        transferCount++;
        host.writeMemory(physical(-1, address), 1, value);
    }
}
