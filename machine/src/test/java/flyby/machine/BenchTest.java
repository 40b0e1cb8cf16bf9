package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import flyby.base.LabException;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import flyby.traffic.TrafficResults;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// pcie-bench on whole servers, held to what follows from their parameters by hand.
final class BenchTest {
    /// Each packet's time on the wire is rounded to a picosecond.
    private static final Offset<Long> ROUNDING = within(4L);

    private static final String PLAIN = "machine.link.dllps=false";

    private static Settings settings(String... sets) {
        return Settings.resolve(
                BenchCatalogue.PARAMETERS, ServerCatalogue.profiles(), List.of(), Given.fromCommandLine(List.of(sets)));
    }

    private static Bench run(int byteCount, String... sets) {
        Bench bench = new Bench(new Simulation(1, Trace.off()), settings(sets), byteCount);
        bench.run(_ -> {});
        return bench;
    }

    private static double gigabits(TrafficResults results) {
        return 8_000.0 * Math.max(results.readBytes(), results.writtenBytes()) / results.elapsedPicos();
    }

    /// 63.015 Gb/s * 128 / (128 + 24).
    @Test
    void writesSaturateTheLinkInPacketsOf128Bytes() {
        assertThat(gigabits(run(512, "bench.operation=wr", PLAIN).results())).isEqualTo(53.07, within(0.01));
    }

    /// The same with the short header of addresses below 4 GiB: 63.015 Gb/s * 128 / (128 + 20).
    @Test
    void addressesOfAnIommuHaveShorterHeaders() {
        double rate = gigabits(
                run(512, "bench.operation=wr", "machine.iommu.mode=on", PLAIN).results());
        assertThat(rate).isEqualTo(54.50, within(0.01));
    }

    /// 32 tags of 64 B in 505 ns.
    @Test
    void smallReadsAreLimitedByTagsAndTheLoop() {
        assertThat(gigabits(run(64, PLAIN).results())).isEqualTo(32 * 64 * 8 / 505.0, within(0.01));
    }

    /// The loop of 505 ns, 41 ns in the engine, 64 B at 140 ns a KiB.
    @Test
    void aReadTakesTheLoopAndTheDevicesOwnTime() {
        TrafficResults results = run(64, "bench.operation=latency-rd", PLAIN).results();
        assertThat(results.latency().min()).isCloseTo(505_000 + 41_000 + 8_750L, ROUNDING);
        assertThat(results.latency().max()).isEqualTo(results.latency().min());
    }

    @Test
    void aColdReadTakesTheMissLonger() {
        String[] cold = {"bench.operation=latency-rd", "bench.cache=cold", PLAIN, "machine.profile=server-bdw"};
        Bench bench = run(64, cold);
        assertThat(bench.results().latency().min()).isCloseTo(554_750 + 66_000L, ROUNDING);
        assertThat(bench.server().cacheCounts().deviceReadMisses()).isEqualTo(22_000);
    }

    /// Two of 20 ways of 1 MiB hold what a device writes: 1,638 lines of the 16,384 of its window, on average.
    @Test
    void aDevicesWritesStayInTheWaysOfDdio() {
        Bench bench = run(
                64,
                "bench.cache=device-warm",
                "bench.window=1 MiB",
                "machine.llc.size=1280 KiB",
                "bench.pattern=sequential",
                "bench.operations=16384",
                "bench.warm-up=1");
        assertThat(bench.server().cacheCounts().deviceReadHits()).isBetween(1_900L, 2_200L);
    }

    /// 64 pages fit into the IOTLB, and a hit costs nothing.
    @Test
    void aHitOfTheIotlbCostsNothing() {
        String[] sets = {"bench.window=256 KiB", "machine.iommu.mode=on", PLAIN, "bench.operation=latency-rd"};
        Bench bench = run(64, sets);
        // The request's header is 4 B shorter than without an IOMMU.
        assertThat(bench.results().latency().min()).isCloseTo(554_750 - 508L, ROUNDING);
        assertThat(bench.server().iommuStatistics().walkPicos().count()).isEqualTo(64);
    }

    @Test
    void aMissTakesItsWalkLonger() {
        String[] sets = {"bench.window=16 MiB", "machine.iommu.mode=on", PLAIN, "bench.operation=latency-rd"};
        assertThat(run(64, sets).results().latencyPicos(500)).isCloseTo(834_300L, within(1_000L));
    }

    /// Large pages reach 64 times as far as the window.
    @Test
    void largePagesNeverMiss() {
        String[] sets = {"bench.window=64 MiB", "machine.iommu.mode=on", "machine.iommu.page-size=2M"};
        assertThat(run(64, sets).server().iommuStatistics().walkPicos().count()).isLessThanOrEqualTo(64);
    }

    @Test
    void whatIsWrittenIsReadBackThroughTheWholeMachine() {
        TrafficResults results = run(256, "bench.operation=latency-wr-rd", "bench.operations=500")
                .results();
        assertThat(results.operationCount()).isEqualTo(500);
        assertThat(results.wrongCount() + results.errorCount()).isZero();
    }

    @Test
    void equalRunsHaveEqualTraces() {
        assertThat(hash()).isEqualTo(hash());
    }

    private static String hash() {
        HashSink hash = new HashSink();
        Settings settings = settings("machine.iommu.mode=on", "bench.window=1 MiB", "bench.operations=500");
        new Bench(new Simulation(1, Trace.to(List.of(hash))), settings, 100).run(_ -> {});
        return hash.text();
    }

    @Test
    void aLoopShorterThanItsPartsIsRefused() {
        assertThatThrownBy(() -> settings("machine.loop.time=30 ns"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("machine.loop.time");
    }

    @Test
    void everyHostIsSound() {
        for (var profile : ServerCatalogue.profiles()) {
            assertThat(settings("machine.profile=" + profile.name()).choice("machine.profile"))
                    .isEqualTo(profile.name());
        }
    }
}
