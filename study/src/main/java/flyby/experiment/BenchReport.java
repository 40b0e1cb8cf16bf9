package flyby.experiment;

import flyby.machine.Bench;
import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import flyby.study.Finding;
import flyby.study.RunResult;
import flyby.trace.HashSink;
import flyby.trace.Ledger;
import flyby.traffic.TrafficResults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What came out of a [Bench], as a result.
final class BenchReport {
    private static final int BITS_PER_BYTE = 8;

    private final Bench bench;
    private final HashSink hash;
    private final Ledger ledger;
    private final TrafficResults results;

    BenchReport(Bench bench, HashSink hash, Ledger ledger) {
        this.bench = bench;
        this.hash = hash;
        this.ledger = ledger;
        this.results = bench.results();
    }

    RunResult result(String name) {
        List<Finding> findings = new ArrayList<>();
        if (results.errorCount() > 0) {
            findings.add(refused());
        }
        if (results.wrongCount() > 0) {
            findings.add(wrong());
        }
        byte[] window = bench.server().window();
        int wrongPlaces = bench.wrongPlaceCount(window);
        if (wrongPlaces > 0) {
            findings.add(lost(wrongPlaces));
        }
        return new RunResult(
                name,
                results.readBytes() + results.writtenBytes(),
                results.elapsedPicos(),
                Digest.of(window),
                results.errorCount() + results.wrongCount() + wrongPlaces == 0,
                hash.text(),
                phases(),
                figures(),
                findings,
                ledger.kept());
    }

    /// What the operations spent their time on, in proportion: with several under way at once, their latencies add
    /// up to more than the time that passed.
    private Map<String, Long> phases() {
        Map<String, Long> phases = new LinkedHashMap<>();
        long left = results.elapsedPicos();
        long leftLatency = ledger.latencyPicos();
        for (Map.Entry<String, Long> phase : ledger.totalsPicos().entrySet()) {
            long share = leftLatency == 0 ? 0 : Math.round((double) left * phase.getValue() / leftLatency);
            phases.put(phase.getKey(), share);
            left -= share;
            leftLatency -= phase.getValue();
        }
        return phases;
    }

    private List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        figures.add(rate("readBitsPerSecond", "read", results.readBytes() * BITS_PER_BYTE));
        figures.add(rate("writtenBitsPerSecond", "written", results.writtenBytes() * BITS_PER_BYTE));
        figures.add(new Figure(
                "operationsPerSecond", "operations/s", perSecond(results.operationCount()), Unit.HERTZ, true));
        if (results.operationCount() > 0) {
            figures.add(picos("latencyMinPs", "min latency", results.latency().min(), false));
            figures.add(picos("latencyMedianPs", "median latency", results.latencyPicos(500), true));
            figures.add(picos("latency95Ps", "95 %", results.latencyPicos(950), false));
            figures.add(picos("latency999Ps", "99.9 %", results.latencyPicos(999), true));
            figures.add(picos("latencyMaxPs", "max latency", results.latency().max(), false));
        }
        addIommu(figures);
        var caches = bench.server().cacheCounts();
        figures.add(count("llcReadHitCount", "LLC hits of reads", caches.deviceReadHits()));
        figures.add(count("llcReadMissCount", "LLC misses of reads", caches.deviceReadMisses()));
        figures.add(count("llcWriteHitCount", "LLC hits of writes", caches.deviceWriteHits()));
        figures.add(count("ddioAllocationCount", "DDIO allocations", caches.deviceAllocations()));
        figures.add(count(
                "ackUpdateCount", "DLLPs to the host", bench.server().upstream().dataLinkPackets()));
        figures.add(count(
                "hostDllpCount",
                "DLLPs to the device",
                bench.server().downstream().dataLinkPackets()));
        figures.add(count("operationCount", "operations", results.operationCount()));
        figures.add(count("traceRecordCount", "trace records", hash.recordCount()));
        return figures;
    }

    private void addIommu(List<Figure> figures) {
        var iommu = bench.server().iommuStatistics();
        if (iommu.translations() == 0) {
            return;
        }
        figures.add(new Figure("iotlbHitCount", "IOTLB hits", iommu.hits(), Unit.COUNT, true));
        figures.add(
                new Figure("iotlbMissCount", "IOTLB misses", iommu.translations() - iommu.hits(), Unit.COUNT, true));
        if (iommu.walkPicos().count() > 0) {
            figures.add(picos("meanWalkPs", "mean walk", iommu.walkPicos().mean(), false));
        }
    }

    private Figure rate(String key, String title, long bits) {
        return new Figure(key, title, perSecond(bits), Unit.BITS_PER_SECOND, true);
    }

    private double perSecond(long count) {
        long elapsedPicos = results.elapsedPicos();
        return elapsedPicos == 0 ? 0 : Math.round(count * (Time.SECOND / (double) elapsedPicos));
    }

    private static Figure picos(String key, String title, long picos, boolean inTable) {
        return new Figure(key, title, picos, Unit.PICOSECONDS, inTable);
    }

    private static Figure count(String key, String title, long count) {
        return new Figure(key, title, count, Unit.COUNT, false);
    }

    private Finding refused() {
        return new Finding(
                true,
                String.format(Locale.ROOT, "%,d operations were refused or not answered", results.errorCount()),
                "The host answered with Unsupported Request, or did not answer before the completion timeout.",
                "a window that the host's memory holds and the IOMMU's tables map",
                List.of());
    }

    private Finding wrong() {
        return new Finding(
                true,
                String.format(
                        Locale.ROOT, "%,d reads brought other bytes than their places have", results.wrongCount()),
                "Each place has a stamp of its own; a read must not pass the write before it (section 2.4.1).",
                "nothing: this is a fault of the models",
                List.of());
    }

    private static Finding lost(int places) {
        return new Finding(
                true,
                String.format(Locale.ROOT, "%,d places of the window hold other bytes than were written", places),
                "Each place has a stamp of its own, which every write to it writes.",
                "nothing: this is a fault of the models",
                List.of());
    }
}
