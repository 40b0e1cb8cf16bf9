package flyby.vectors;

import flyby.i8237.I8237A;
import flyby.i8237.PinTrace;
import flyby.i8237.TransferType;
import flyby.i8237.Wiring;
import flyby.trace.Trace;

/// An 8237A on a bench: its inputs are driven, it is clocked, its outputs are read. What its transfers move goes
/// nowhere; memory-to-memory, the byte read is what the vector drives DB with.
///
/// In the trace CLK is high at multiples of its period for half of it. A clock of the chip begins in the middle,
/// where CLK falls; inputs change a quarter of a period before.
final class PinBench {
    private static final String SCOPE = "i8237";
    /// What is read from a data bus that nobody drives.
    private static final int UNDRIVEN = 0xff;

    private final I8237A chip = new I8237A(new Sockets());
    private final Trace trace;
    private final PinTrace pins;
    private final int resetSignal;
    private final int csSignal;
    private final long periodPicos;

    private InputPins inputs = new InputPins();
    private long clocks;
    private long transfers;

    PinBench(Trace trace, long periodPicos) {
        this.trace = trace;
        this.periodPicos = periodPicos;
        trace.clock(SCOPE, "CLK", periodPicos, true);
        resetSignal = trace.signal(SCOPE, "RESET", 1);
        csSignal = trace.signal(SCOPE, "CS", 1);
        pins = new PinTrace(chip, trace, SCOPE);
    }

    I8237A chip() {
        return chip;
    }

    /// Clocks so far.
    long clocks() {
        return clocks;
    }

    /// Bytes moved so far, or counted by a verify transfer.
    long transfers() {
        return transfers;
    }

    /// DB0 to DB7 as the chip drives them, or -1: in DMA cycles, or because the CPU reads.
    int data() {
        boolean isRead = reads() && chip.isProgrammable();
        return isRead ? chip.peek(inputs.address) : chip.dataPins();
    }

    /// Drives the inputs, and has CLK fall.
    void fall(InputPins next) {
        endAccesses(next);
        inputs = next;
        if (next.reset) {
            chip.reset();
        }
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            chip.dreq(channel, ((next.dreq >> channel) & 1) != 0);
        }
        chip.hlda(next.hlda);
        chip.ready(next.ready);
        chip.externalEop(!next.eop);
        pins.cpuDrives(next.ior, next.iow, next.cs ? -1 : next.address, next.data >= 0 ? next.data : data());
        sample(periodPicos / 4);
        chip.clockFalls();
        sample(periodPicos / 2);
    }

    /// Has CLK rise.
    void rise() {
        chip.clockRises();
        sample(periodPicos);
        clocks++;
    }

    /// Data sheet, "A.C. Characteristics": the chip takes what is written at the trailing edge of IOW, or of CS if
    /// that comes first. What reading does to the chip is done at the trailing edge, too.
    private void endAccesses(InputPins next) {
        if (reads() && (next.cs || next.ior)) {
            var _ = chip.read(inputs.address);
        }
        if (!inputs.cs && !inputs.iow && (next.cs || next.iow)) {
            chip.write(inputs.address, dataIn());
        }
    }

    private boolean reads() {
        return !inputs.cs && !inputs.ior;
    }

    private int dataIn() {
        return inputs.data == InputPins.FLOATING ? UNDRIVEN : inputs.data;
    }

    private void sample(long picosIntoClock) {
        if (trace.isSignalsOn()) {
            long now = clocks * periodPicos + picosIntoClock;
            trace.signal(now, resetSignal, inputs.reset ? 1 : 0);
            trace.signal(now, csSignal, inputs.cs ? 1 : 0);
            pins.sample(now);
        }
    }

    /// What the chip is plugged into.
    private final class Sockets implements Wiring {
        @Override
        public void holdRequest(boolean asserted) {
            // The pins are read after each edge.
        }

        @Override
        public void acknowledge(int channel, boolean asserted) {
            // The pins are read after each edge.
        }

        @Override
        public void transfer(int channel, TransferType type, int address, boolean terminalCount) {
            transfers++;
        }

        @Override
        public int memoryRead(int address) {
            return dataIn();
        }

        @Override
        public void memoryWrite(int address, int value, boolean terminalCount) {
            transfers++;
        }
    }
}
