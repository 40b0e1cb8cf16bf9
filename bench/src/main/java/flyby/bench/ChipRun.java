package flyby.bench;

import flyby.i8237.I8237A;
import flyby.i8237.PinTrace;
import flyby.i8237.TransferType;
import flyby.i8237.Wiring;
import flyby.i8237.layout.I8237Registers;
import flyby.report.VcdSink;
import flyby.trace.Trace;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;

/// An 8237A that writes blocks of 65,536 bytes to memory without end, one after the other, clock by clock.
///
/// Forms: `clocks` has each clock simulated; `pins` adds all pins as trace signals, written as a value change dump
/// that goes nowhere; `skip` has transfers simulated as wholes, as machines do where nobody watches the pins. The
/// peer is `judge/rtl/compare CHECKOUT speed`, a core in Verilog that does the same.
///
/// Prints one RESULT line a round. `sum` adds up all addresses: it is the same in all forms, but for a transfer
/// that the last clocks only began.
///
/// Usage: `ChipRun [form=clocks] [clocks=20000000] [rounds=5]`.
public final class ChipRun {
    private static final long PERIOD_PICOS = 200_000;

    private final Memory memory = new Memory();
    private final I8237A chip = new I8237A(memory);

    private ChipRun() {
        chip.write(I8237Registers.MODE, 0x94); // Block, autoinitialize, write, channel 0.
        chip.write(I8237Registers.COUNT, 0xff);
        chip.write(I8237Registers.COUNT, 0xff);
        chip.write(I8237Registers.SINGLE_MASK, 0x00);
        chip.dreq(0, true);
    }

    public static void main(String[] args) {
        String form = args.length > 0 ? args[0] : "clocks";
        long clocks = Long.parseLong(args.length > 1 ? args[1] : "20000000");
        int rounds = Integer.parseInt(args.length > 2 ? args[2] : "5");
        for (int i = 0; i < rounds; i++) {
            ChipRun run = new ChipRun();
            long begin = Result.cpuNanos();
            switch (form) {
                case "clocks" -> run.clock(clocks);
                case "pins" -> run.clockWithPins(clocks);
                case "skip" -> run.skip(clocks);
                default -> throw new IllegalArgumentException("no form " + form);
            }
            long nanos = Result.cpuNanos() - begin;
            System.out.printf(
                    Locale.ROOT,
                    "RESULT form=%s clocks=%d transfers=%d sum=%016x Mclocks/s=%.1f%n",
                    form,
                    clocks,
                    run.memory.transfers,
                    run.memory.sum,
                    clocks * 1e3 / nanos);
        }
    }

    private void clock(long clocks) {
        for (long i = 0; i < clocks; i++) {
            chip.hlda(chip.hrq());
            chip.clockFalls();
            chip.clockRises();
        }
    }

    private void clockWithPins(long clocks) {
        try (VcdSink sink = new VcdSink(OutputStream.nullOutputStream())) {
            Trace trace = Trace.to(List.of(sink));
            PinTrace pins = new PinTrace(chip, trace, "i8237");
            for (long i = 0; i < clocks; i++) {
                chip.hlda(chip.hrq());
                chip.clockFalls();
                pins.sample(i * PERIOD_PICOS + PERIOD_PICOS / 2);
                chip.clockRises();
                pins.sample((i + 1) * PERIOD_PICOS);
            }
        }
    }

    private void skip(long clocks) {
        long done = 0;
        while (done < clocks) {
            if (chip.isAtTransfer()) {
                long strobe = chip.clocksToStrobe(0);
                chip.skipToStrobe();
                done += strobe + chip.clocksToEnd(0);
                chip.skipToEnd();
            } else {
                clock(1);
                done++;
            }
        }
    }

    /// Where the bytes go.
    private static final class Memory implements Wiring {
        private long transfers;
        private long sum;

        @Override
        public void holdRequest(boolean asserted) {
            // The bus is always free: HLDA follows with the next clock.
        }

        @Override
        public void acknowledge(int channel, boolean asserted) {
            // The peripheral always has a byte.
        }

        @Override
        public void transfer(int channel, TransferType type, int address, boolean terminalCount) {
            transfers++;
            sum += address;
        }

        @Override
        public int memoryRead(int address) {
            throw new AssertionError("no memory-to-memory here");
        }

        @Override
        public void memoryWrite(int address, int value, boolean terminalCount) {
            throw new AssertionError("no memory-to-memory here");
        }
    }
}
