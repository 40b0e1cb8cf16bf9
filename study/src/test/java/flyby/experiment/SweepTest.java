package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import flyby.study.Series;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Experiments that sweep over sizes: their bytes, their curves, and what they conclude from them.
final class SweepTest {
    private static final String[] PIO = {"sizes.largest=16KiB"};
    private static final String[] POLLING = {"work.longest=8us", "depth=8", "coalesce.count=4"};
    private static final String[] DDIO = {"window.smallest=64KiB", "window.largest=128KiB"};

    private static ScenarioResult run(String scenario, String... settings) {
        return Runs.run(scenario, new byte[0], settings);
    }

    private static List<Series.Point> curve(ScenarioResult result, String run, String key) {
        List<Series.Point> curve = Curves.of(result.runs(), run, key);
        assertThat(curve).as(run + " " + key).isNotEmpty();
        return curve;
    }

    private static double at(ScenarioResult result, String run, String key, double x) {
        return Curves.at(curve(result, run, key), x).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "pio-dma, sizes.largest=512B, 9",
        "interrupt-polling, work.longest=500ns, 3",
        "ddio-numa, window.largest=64KiB, 4",
        "coherent-streaming, sizes.largest=512B, 4"
    })
    void allBytesArriveAndEqualRunsGiveEqualTraces(String scenario, String setting, int runs) {
        ScenarioResult first = run(scenario, setting);
        ScenarioResult second = run(scenario, setting);

        assertThat(first.runs()).hasSize(runs).allMatch(RunResult::ok);
        assertThat(first.traceHash()).isEqualTo(second.traceHash());
        assertThat(first.conclusions()).isNotEmpty().isEqualTo(second.conclusions());
        for (RunResult run : first.runs()) {
            assertThat(run.series()).as(run.name()).isNotEmpty();
            assertThat(run.bytes()).isPositive();
        }
    }

    @Test
    void storesAreForFewBytesAndTheDeviceIsForMany() {
        ScenarioResult result = run("pio-dma", PIO);
        List<Series.Point> stores = curve(result, PioDma.WRITE_WC, PioDmaRun.WRITE_CPU.key());
        // With its interrupt: a posted doorbell costs the model's CPU less than the acceptance of the first line.
        List<Series.Point> posted = curve(result, PioDma.WRITE_DMA_IRQ, PioDmaRun.WRITE_CPU.key());
        OptionalDouble crossing = Curves.crossover(stores, posted);

        assertThat(crossing).isPresent();
        for (int i = 0; i < stores.size(); i++) {
            boolean isBeyond = stores.get(i).x() >= crossing.getAsDouble();
            assertThat(posted.get(i).y() < stores.get(i).y())
                    .as("at %s", stores.get(i).x())
                    .isEqualTo(isBeyond);
        }
        assertThat(result.conclusions())
                .anyMatch(line -> line.contains(
                        "costs less CPU time than write-combined stores from " + Curves.bytes(crossing.getAsDouble())));
    }

    /// 64 bytes with 24 around them (section 2.1 of the list of figures: 4 DW header) go at 11.46 GB/s at most, where
    /// there are buffers enough that the link is what limits.
    @Test
    void combinedStoresGoAtTheRateOfTheirPackets() {
        ScenarioResult result = run(
                "pio-dma",
                "sizes.smallest=32KiB",
                "sizes.largest=64KiB",
                "runs=write-wc,write-uc",
                "machine.cpu.combining-buffers=64");
        double picos = at(result, PioDma.WRITE_WC, PioDmaRun.WRITE_LATENCY.key(), 65_536)
                - at(result, PioDma.WRITE_WC, PioDmaRun.WRITE_LATENCY.key(), 32_768);
        double gigabytes = 32_768 * 1e3 / picos;
        assertThat(gigabytes).isBetween(0.97 * 11.46, 11.46);
        double uncached = at(result, PioDma.WRITE_UC, PioDmaRun.WRITE_LATENCY.key(), 65_536)
                - at(result, PioDma.WRITE_UC, PioDmaRun.WRITE_LATENCY.key(), 32_768);
        assertThat(uncached / picos)
                .as("8 packets of 8 B and 24 for one of 64 B and 24")
                .isBetween(2.8, 5.0);
    }

    @Test
    void loadsWaitForEachOther() {
        ScenarioResult result = run("pio-dma", "sizes.largest=128B", "runs=read-uc");
        double one = at(result, PioDma.READ_UC, PioDmaRun.READ_CPU.key(), 64);
        assertThat(at(result, PioDma.READ_UC, PioDmaRun.READ_CPU.key(), 128) / one)
                .isBetween(1.9, 2.1);
        assertThat(one / 8).as("a round trip").isBetween(300_000.0, 1_000_000.0);
    }

    @Test
    void streamingLoadsOverlapFromALineOn() {
        ScenarioResult result = run("pio-dma", "sizes.largest=512B", "runs=read-uc,read-wc");
        double line = at(result, PioDma.READ_WC, PioDmaRun.READ_CPU.key(), 64);
        assertThat(at(result, PioDma.READ_UC, PioDmaRun.READ_CPU.key(), 64) / line)
                .as("one request for eight")
                .isBetween(7.0, 8.5);
        assertThat(at(result, PioDma.READ_WC, PioDmaRun.READ_CPU.key(), 512) / line)
                .as("eight at once")
                .isBetween(1.0, 1.5);
    }

    @Test
    void pollingKnowsSoonerAndSleepingCostsLessWhenItLasts() {
        ScenarioResult result = run("interrupt-polling", POLLING);
        List<Series.Point> polled = curve(result, InterruptPolling.POLL, InterruptPollingRun.ALONE_LATENCY.key());
        List<Series.Point> slept = curve(result, InterruptPolling.INTERRUPT, InterruptPollingRun.ALONE_LATENCY.key());
        for (int i = 0; i < polled.size(); i++) {
            assertThat(polled.get(i).y()).isLessThan(slept.get(i).y());
        }
        OptionalDouble crossing = Curves.crossover(
                curve(result, InterruptPolling.POLL, InterruptPollingRun.ALONE_CPU.key()),
                curve(result, InterruptPolling.INTERRUPT, InterruptPollingRun.ALONE_CPU.key()));
        assertThat(crossing).isPresent();
        assertThat(at(result, InterruptPolling.COALESCE, InterruptPollingRun.INTERRUPTS.key(), 8e6))
                .as("an interrupt for four")
                .isEqualTo(0.25);
        assertThat(at(result, InterruptPolling.COALESCE, InterruptPollingRun.ALONE_LATENCY.key(), 8e6))
                .as("the device waits for others for 100 us")
                .isGreaterThan(100e6);
    }

    @Test
    void whatTheDeviceWroteIsInTheCacheWithDdioOnly() {
        ScenarioResult result = run("ddio-numa", DDIO);
        double cached = at(result, DdioNuma.DDIO_LOCAL, DdioNumaRun.CPU_LOAD.key(), 65_536);
        double memory = at(result, DdioNuma.MEMORY_LOCAL, DdioNumaRun.CPU_LOAD.key(), 65_536);
        assertThat(memory).isGreaterThan(cached + 30_000);
        double near = at(result, DdioNuma.DDIO_LOCAL, DdioNumaRun.DEVICE_LATENCY.key(), 65_536);
        double far = at(result, DdioNuma.DDIO_REMOTE, DdioNumaRun.DEVICE_LATENCY.key(), 65_536);
        assertThat(far).isGreaterThan(near + 50_000);
    }

    @Test
    void whereNobodyAsksTheCachesCoherentMemoryIsUncachedAndSyncsGoByLines() {
        ScenarioResult result = run("coherent-streaming", "sizes.largest=4KiB");
        String handOver = CoherentStreamingRun.HAND_OVER.key();
        assertThat(at(result, CoherentStreaming.COHERENT, handOver, 4_096)).isZero();
        double line = at(result, CoherentStreaming.STREAMING_SYNC, handOver, 64);
        assertThat(at(result, CoherentStreaming.STREAMING_SYNC, handOver, 8)).isEqualTo(line);
        assertThat(at(result, CoherentStreaming.STREAMING_SYNC, handOver, 128)).isEqualTo(2 * line);
        String fill = CoherentStreamingRun.FILL.key();
        assertThat(at(result, CoherentStreaming.STREAMING_SYNC, fill, 4_096))
                .isGreaterThan(10 * at(result, CoherentStreaming.COHERENT, fill, 4_096));
        for (RunResult run : result.runs()) {
            boolean isStreaming = run.name().startsWith("streaming");
            assertThat(Runs.figure(run, "cleanCount")).isEqualTo(isStreaming ? 1 : 0);
            assertThat(Runs.figure(run, "invalidationCount")).isEqualTo(isStreaming ? 2 : 0);
        }
    }

    @Test
    void whereDevicesAskTheCachesCoherentMemoryIsCached() {
        ScenarioResult result =
                run("coherent-streaming", "sizes.largest=4KiB", "machine.profile=server-gen3-bdw", "runs=coherent");
        ScenarioResult streaming = run(
                "coherent-streaming", "sizes.largest=4KiB", "machine.profile=server-gen3-bdw", "runs=streaming-sync");
        String handOver = CoherentStreamingRun.HAND_OVER.key();
        assertThat(at(streaming, CoherentStreaming.STREAMING_SYNC, handOver, 4_096))
                .isZero();
        String fill = CoherentStreamingRun.FILL.key();
        assertThat(at(result, CoherentStreaming.COHERENT, fill, 4_096))
                .isGreaterThan(0.9 * at(streaming, CoherentStreaming.STREAMING_SYNC, fill, 4_096));
    }

    @Test
    void noRequestCrossesAPageAndNeighboursInALineLoseBytes() {
        ScenarioResult result = run("unaligned");
        assertThat(result.ok()).isTrue();
        List<Series.Point> page = curve(result, Unaligned.WRITE, UnalignedRun.PAGE.key());
        double aligned = page.getFirst().y();
        for (Series.Point point : page) {
            boolean crosses = point.x() > 0 && point.x() < 128;
            assertThat(point.y()).as("at %s", point.x()).isEqualTo(aligned + (crosses ? 1 : 0));
        }
        assertThat(Runs.figure(Runs.named(result, Unaligned.SHARED), NeighbourRun.LOST))
                .isPositive();
        assertThat(Runs.figure(Runs.named(result, Unaligned.APART), NeighbourRun.LOST))
                .isZero();
    }

    @Test
    void aCrossoverIsWhereTheLinesBetweenPointsCross() {
        List<Series.Point> rising = List.of(new Series.Point(1, 0), new Series.Point(3, 4));
        List<Series.Point> flat = List.of(new Series.Point(1, 2), new Series.Point(3, 2));
        assertThat(Curves.crossover(rising, flat)).hasValue(2);
        assertThat(Curves.crossover(flat, rising)).isEmpty();
        assertThat(Curves.crossover(List.of(new Series.Point(1, 3)), List.of(new Series.Point(1, 2))))
                .hasValue(1);
    }
}
