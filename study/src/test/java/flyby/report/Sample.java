package flyby.report;

import flyby.sim.Prng;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.Finding.ByteEvidence;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import flyby.study.ScenarioResult.ParameterValue;
import flyby.study.Series;
import flyby.trace.HashSink;
import flyby.trace.Ledger;
import flyby.trace.Trace;
import flyby.trace.TraceSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Made-up results that look like those of the models, to try what shows them.
final class Sample {
    static final String SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    static final String HOSTILE = "</script><b onload=\"x\">'&\n\t\u0007\u202e\ud83d\ude80\ud800.bin";

    private static final long CLOCK = 125_000;

    private Sample() {}

    /// A transfer of `blocks` blocks, told to `sinks` with the accent on the mode called `name`.
    static void trace(String name, int blocks, List<TraceSink> sinks) {
        Trace trace = Trace.to(sinks);
        int cpu = trace.track("cpu", "core");
        int bus = trace.track("bus", "owner");
        int device = trace.track("disk", "buffer");
        int program = trace.name("program");
        int work = trace.name("work");
        int handler = trace.name("handler");
        int copy = trace.name("copy");
        int hold = trace.name("dma");
        int fetch = trace.name("cpu");
        int fill = trace.name("fill");
        int irq = trace.name("irq");
        int setup = trace.name("setup");
        int moving = trace.name("transfer");
        int waiting = trace.name("wait for bus");
        int level = trace.name("bytes in FIFO");
        int address = trace.signal("bus", "ADDR", 20);
        int data = trace.signal("bus", "DATA", 8);
        int holdWire = trace.signal("bus", "HOLD", 1);
        Prng prng = new Prng(name.hashCode());
        boolean isPio = name.equals("pio");
        boolean isStealing = name.equals("cycle-stealing");
        long now = 0;
        for (int block = 0; block < blocks; block++) {
            long id = trace.newTransfer();
            trace.transferBegin(now, id, setup, 512);
            trace.begin(now, cpu, program, id, 0x03F0);
            trace.begin(now, bus, fetch, 0, 0);
            now += CLOCK * (20 + prng.below(6));
            trace.end(now, cpu);
            trace.end(now, bus);
            trace.phase(now, id, waiting);
            trace.begin(now, device, fill, id, 512);
            long ready = now + CLOCK * (60 + prng.below(30));
            trace.begin(now, cpu, isPio ? copy : work, isPio ? id : 0, 0x7C00);
            now = ready;
            trace.end(now, device);
            trace.counter(now, device, level, 512);
            trace.phase(now, id, moving);
            int pieces = isStealing ? 64 : isPio ? 32 : 1;
            for (int piece = 0; piece < pieces; piece++) {
                long length = CLOCK * (isPio ? 70L : 2_048L / pieces / 4);
                if (isStealing) {
                    trace.begin(now, bus, fetch, 0, 0x400 + piece);
                    now += CLOCK * 6;
                    trace.end(now, bus);
                }
                trace.signal(now, holdWire, 1);
                trace.signal(now, address, 0x7C00 + block * 512L + piece);
                trace.signal(now, data, prng.below(256));
                trace.begin(now, bus, isPio ? fetch : hold, id, 0x7C00 + block * 512L + piece);
                now += length + 333L * (piece & 1);
                trace.signal(now, holdWire, 0);
                trace.signal(now, data, TraceSink.HIGH_IMPEDANCE);
                trace.end(now, bus);
                trace.counter(now, device, level, 512 - 512L * (piece + 1) / pieces);
            }
            trace.end(now, cpu);
            trace.instant(now, cpu, irq, id, 6);
            trace.phase(now, id, handler);
            trace.begin(now, cpu, handler, id, 6);
            now += CLOCK * 40;
            trace.end(now, cpu);
            trace.transferEnd(now, id);
            now += CLOCK * prng.below(20);
        }
    }

    static RunResult run(String name, int blocks, List<Finding> findings, boolean dataOk, List<TraceSink> more) {
        HashSink hash = new HashSink();
        Ledger ledger = new Ledger();
        TimelineSink end = new TimelineSink();
        List<TraceSink> sinks = new ArrayList<>(List.of(hash, ledger, end));
        sinks.addAll(more);
        trace(name, blocks, sinks);
        long elapsed = end.timeline(name).endPicos();
        Map<String, Long> phases = new LinkedHashMap<>(ledger.totalsPicos());
        long rest =
                elapsed - phases.values().stream().mapToLong(Long::longValue).sum();
        if (rest > 0) {
            phases.put("between transfers", rest);
        }
        double work = name.equals("pio") ? 0 : name.equals("burst") ? 38.5 : 71.25;
        double occupancy = name.equals("pio") ? 88.125 : name.equals("burst") ? 52.5 : 61;
        List<Figure> figures = List.of(
                new Figure("cpuWorkUnits", "CPU work", (long) (work * 1_234), Unit.COUNT, true),
                new Figure("cpuWorkPercent", "of idle CPU", work, Unit.PERCENT, true),
                new Figure("cpuStallPs", "CPU stall", elapsed / 7, Unit.PICOSECONDS, true),
                new Figure("busBusyPercent", "bus busy", occupancy, Unit.PERCENT, true),
                new Figure("interrupts", "interrupts", (long) blocks, Unit.COUNT, true),
                new Figure("busClocks", "bus clocks", elapsed / CLOCK, Unit.CLOCKS, false),
                new Figure("cpuClockHz", "CPU clock", 8_000_000L, Unit.HERTZ, false));
        return new RunResult(
                name, blocks * 512L, elapsed, SHA, dataOk, hash.text(), phases, figures, findings, ledger.kept());
    }

    static final List<String> RUNS = List.of("pio", "burst", "cycle-stealing", "transparent");

    static ScenarioResult demo() {
        List<RunResult> runs = RUNS.stream()
                .map(name -> run(name, 24, List.of(), true, List.of()))
                .toList();
        return new ScenarioResult(
                "0.1.0",
                "demo",
                "A disk delivers a file: by programmed I/O, and by DMA in three modes",
                "The same bytes reach memory four times. What differs is who moves them, and what the CPU gets done"
                        + " meanwhile: compare the rows CPU and bus of the timeline.",
                "examples/letter.txt",
                42,
                parameters(),
                runs);
    }

    /// Two runs with a curve in each of two plots, one of them with a third.
    static ScenarioResult sweep() {
        Series.Axis size = new Series.Axis("transfer size", Unit.BYTES, true);
        Series.Axis time = new Series.Axis("latency", Unit.PICOSECONDS, true);
        Series.Axis rate = new Series.Axis("throughput", Unit.BYTES_PER_SECOND, false);
        List<RunResult> runs = new ArrayList<>();
        for (String name : List.of("pio", "burst")) {
            List<Series.Point> times = new ArrayList<>();
            List<Series.Point> rates = new ArrayList<>();
            for (int bytes = 64; bytes <= 1 << 20; bytes *= 2) {
                double picos = name.equals("pio") ? 85_000 + bytes * 99.0 : 1_250_000 + bytes * 82.5;
                times.add(new Series.Point(bytes, picos));
                rates.add(new Series.Point(bytes, bytes / picos * 1e12));
            }
            runs.add(run(name, 2, List.of(), true, List.of())
                    .withSeries(List.of(
                            new Series("latencyBySize", "Latency by size", size, time, times),
                            new Series("rateBySize", "Throughput by size", size, rate, rates))));
        }
        return new ScenarioResult(
                "0.1.0",
                "sweep",
                "A sweep over sizes",
                "Two ways, one size after the other.",
                "none",
                1,
                List.of(),
                runs,
                List.of(
                        "By latency DMA is faster from 70.6 KiB on.",
                        "Published: 11 to 67 KB (numbers.md, section 7)."),
                Optional.empty());
    }

    static ScenarioResult stale(String input) {
        byte[] seen = "The quick brown fox jumps over the lazy dog. 0123456789 and more, much more to see here now."
                .getBytes(StandardCharsets.US_ASCII);
        byte[] right = seen.clone();
        for (int i = 20; i < 52; i++) {
            right[i] = (byte) (i * 37);
        }
        Finding finding = new Finding(
                true,
                "The CPU read 32 stale bytes",
                "The device wrote the buffer in memory while the CPU's cache still held older copies of two of its"
                        + " lines. The machine does not snoop, so the CPU went on reading the copies.",
                "cpu.cache().invalidate(buffer, 4096) after the transfer and before the first load",
                List.of(new ByteEvidence(0x8004, seen, "CPU, through its cache", right, "memory at 0x8004")));
        RunResult run = run("stale-read", 3, List.of(finding), false, List.of());
        return new ScenarioResult(
                "0.1.0",
                "stale-read",
                "Reading a cached buffer after DMA without invalidating it",
                "A buffer is read once, so that it is cached; then a device writes it; then it is read again.",
                input,
                Long.MIN_VALUE,
                parameters(),
                List.of(run));
    }

    private static List<ParameterValue> parameters() {
        return List.of(
                new ParameterValue(
                        "machine.cpu.clock",
                        "8 MHz",
                        "profile board-8086",
                        "Intel 8086 data sheet, table 1",
                        "CPU clock"),
                new ParameterValue(
                        "machine.dma.mode",
                        "burst",
                        "--set",
                        "8237A data sheet, mode register",
                        "how the bus is taken"),
                new ParameterValue(
                        "device.rate", "1 MB/s", "default", "assumed: a 1990 disk", "bytes a second from the medium"));
    }

    static final List<String> NOT_MODELLED = List.of(
            "Instruction fetch beyond the stated bus-use pattern: the CPU executes no instructions.",
            "DRAM refresh takes no bus cycles.",
            "The disk has no seek time and no rotation: it delivers at a constant rate.");

    static Timeline timeline(String name, int blocks, int keptMax) {
        TimelineSink sink = new TimelineSink(keptMax);
        trace(name, blocks, List.of(sink));
        return sink.timeline(name);
    }
}
