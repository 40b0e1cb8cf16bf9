package flyby.i8237;

import static flyby.i8237.layout.I8237Registers.CLEAR_FLIP_FLOP;
import static flyby.i8237.layout.I8237Registers.MODE;
import static flyby.i8237.layout.I8237Registers.SINGLE_MASK;

import java.util.ArrayList;
import java.util.List;

/// An 8237A on a bench: HLDA follows HRQ, memory is an array, and all that it does is written down.
final class Bench implements Wiring {
    final I8237A chip = new I8237A(this);
    final byte[] memory = new byte[1 << 16];
    /// One line for each call of the wiring.
    final List<String> events = new ArrayList<>();
    /// The states, one for each clock.
    final List<State> states = new ArrayList<>();
    /// Whether HLDA follows HRQ.
    boolean grants = true;

    @Override
    public void holdRequest(boolean asserted) {
        events.add("HRQ " + asserted);
    }

    @Override
    public void acknowledge(int channel, boolean asserted) {
        events.add("DACK" + channel + " " + asserted);
    }

    @Override
    public void transfer(int channel, TransferType type, int address, boolean terminalCount) {
        events.add("%s %d %04x%s".formatted(type, channel, address, terminalCount ? " TC" : ""));
    }

    @Override
    public int memoryRead(int address) {
        return memory[address] & 0xff;
    }

    @Override
    public void memoryWrite(int address, int value, boolean terminalCount) {
        memory[address] = (byte) value;
    }

    /// Programs and unmasks a channel.
    void program(int channel, int mode, int address, int count) {
        chip.write(CLEAR_FLIP_FLOP, 0);
        chip.write(2 * channel, address & 0xff);
        chip.write(2 * channel, address >> 8);
        chip.write(2 * channel + 1, count & 0xff);
        chip.write(2 * channel + 1, count >> 8);
        chip.write(MODE, mode | channel);
        chip.write(SINGLE_MASK, channel);
    }

    /// One clock.
    void clock() {
        chip.clockFalls();
        states.add(chip.state());
        chip.clockRises();
        if (grants) {
            chip.hlda(chip.hrq());
        }
    }

    /// Clocks until the chip is idle, and has been in `clocks` clocks at least.
    void run(int clocks) {
        for (int i = 0; i < clocks; i++) {
            clock();
        }
    }

    /// Clocks until the chip sleeps, at most `clocksMax`.
    ///
    /// @return how many clocks
    int runUntilIdle(int clocksMax) {
        int clocks = 0;
        do {
            clock();
            clocks++;
        } while (clocks < clocksMax && !(chip.state() == State.SI && chip.isAsleep()));
        return clocks;
    }
}
