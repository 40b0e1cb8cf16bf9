package flyby.validate.bench;

import flyby.machine.Bench;
import flyby.sim.Time;
import flyby.traffic.TrafficResults;

/// What one run of pcie-bench has measured, in the units in which it is published.
///
/// @param gigabits a second, each way if both are used
/// @param megaOperations a second
/// @param minNanos the shortest latency
/// @param medianNanos of the latencies
/// @param nanos95 the latency that 95 % do not exceed
/// @param nanos999 the latency that 99.9 % do not exceed
/// @param meanNanos of the latencies
/// @param lastLevelHits lines that reads found in a cache
public record BenchFigures(
        double gigabits,
        double megaOperations,
        double minNanos,
        double medianNanos,
        double nanos95,
        double nanos999,
        double meanNanos,
        long lastLevelHits) {
    private static final double BITS = 8;
    private static final double PER_PICO_TO_GIGA = 1_000;
    private static final double PER_PICO_TO_MEGA = 1_000_000;

    static BenchFigures of(Bench bench) {
        TrafficResults results = bench.results();
        double elapsedPicos = results.elapsedPicos();
        long byteCount = Math.max(results.readBytes(), results.writtenBytes());
        return new BenchFigures(
                byteCount * BITS * PER_PICO_TO_GIGA / elapsedPicos,
                results.operationCount() * PER_PICO_TO_MEGA / elapsedPicos,
                nanos(results.latency().min()),
                nanos(results.latencyPicos(500)),
                nanos(results.latencyPicos(950)),
                nanos(results.latencyPicos(999)),
                nanos(results.latency().mean()),
                bench.server().cacheCounts().deviceReadHits());
    }

    private static double nanos(long picos) {
        return (double) picos / Time.NANOSECOND;
    }
}
