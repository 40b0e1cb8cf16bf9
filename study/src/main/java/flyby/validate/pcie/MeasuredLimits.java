package flyby.validate.pcie;

import flyby.validate.Grade;
import flyby.validate.Reference;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import flyby.validate.bench.BenchRuns;
import java.util.ArrayList;
import java.util.List;

/// DDIO's share of the last-level cache (2.23), reads in flight (2.28), and an RDMA NIC in a Gen3 x8 slot (2.30).
final class MeasuredLimits {
    private static final Reference DDIO = new Reference(
            "DDIOB", "Farshin, Roozbeh, Maguire, Kostic: ddio-bench, README", "github.com/aliireza/ddio-bench");
    private static final Reference CONNECT_X5 =
            new Reference("CX5", "ConnectX-5 Performance Baseline, lab note, 2026-01-22", "");

    private static final String HOST = "server-hsw-a";

    private MeasuredLimits() {}

    static List<Row> rows(BenchRuns runs) {
        List<Row> rows = new ArrayList<>();
        rows.add(Row.of("2.23", "ways that writes of devices may allocate")
                .under("an LLC of 11 ways, of which a device has written all lines")
                .exactly(2, "ways", () -> 11.0 * heldLines(runs) / LINES)
                .from(
                        Grade.A,
                        DDIO.at("IIO LLC WAYS, MSR 0xC8B, default 0x600"),
                        "The device writes as many lines as the LLC has, then reads each once; hits are counted."));
        rows.add(Row.of("2.28c", "reads of 128 B in flight for 40 Gb/s")
                .under("a packet of 128 B every 29.6 ns; a loop of 900 ns, 30 and 31 tags")
                .rule("30 are too few by Little's law, 31 are enough", facts -> {
                    facts.holds("30 tags", inFlight(runs, 30) < 1_000 / 29.6);
                    facts.holds("31 tags", inFlight(runs, 31) >= 1_000 / 29.6);
                })
                .from(Grade.A, PcieReferences.PAPER.derived("section 2"), "Reads of 128 B are counted."));
        rows.add(remote(runs, "2.30a", "ib_write_bw", "55.86"));
        rows.add(remote(runs, "2.30b", "ib_read_bw", "55.97"));
        rows.add(remote(runs, "2.30c", "ib_send_bw", "55.88"));
        return rows;
    }

    private static final int LINES = 11 * 1_024;

    private static long heldLines(BenchRuns runs) {
        return runs.of(
                        HOST,
                        64,
                        "machine.llc.ways=11",
                        "machine.llc.size=704 KiB",
                        "bench.window=704 KiB",
                        "bench.cache=device-warm",
                        "bench.pattern=sequential",
                        "bench.warm-up=1",
                        "bench.operations=" + (LINES - 1))
                .lastLevelHits();
    }

    /// Millions of reads a second. Two completions of a line each hold a tag 10.7 ns longer than one.
    private static double inFlight(BenchRuns runs, int tags) {
        return runs.of(
                        HOST,
                        128,
                        "machine.loop.time=889300 ps",
                        "machine.link.dllps=false",
                        "machine.device.tags=" + tags)
                .megaOperations();
    }

    /// Data crosses the slot of the one host as reads and that of the other as writes: the slower is the limit.
    private static Row remote(BenchRuns runs, String id, String program, String published) {
        return Row.of(id, program + " over Gen3 x8")
                .under("MPS 256, operations of 4 KiB, engines that cost nothing")
                .figure(
                        published,
                        "Gb/s",
                        Tolerance.percent("3"),
                        () -> Math.min(remoteSide(runs, "rd"), remoteSide(runs, "wr")))
                .from(
                        Grade.B,
                        CONNECT_X5.at("x8 slot, 1 MiB messages, direct cable"),
                        "pcie-bench runs on a host's profile with a device that has 256 tags and writes 256 B.");
    }

    private static double remoteSide(BenchRuns runs, String operation) {
        return runs.of(
                        HOST,
                        4_096,
                        "bench.operation=" + operation,
                        "bench.window=64 KiB",
                        "machine.device.tag-width=eight-bits",
                        "machine.device.tags=256",
                        "machine.device.write-payload=256 B",
                        "machine.device.write-time=0 ns",
                        "machine.device.write-chunk-time=0 ns",
                        "machine.device.write-line-time=0 ns")
                .gigabits();
    }
}
