package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import flyby.study.Series;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the mechanism of each mode guarantees, whatever it costs.
final class IommuCostTest {
    private static final String SCENARIO = "iommu-cost";
    private static final int TRANSFERS = 512;

    private static ScenarioResult run(String... more) {
        String[] small = {
            "transfer.count=" + TRANSFERS,
            "transfer.sizes=64,4096,65536",
            "queue.depth=64",
            "queue.depths=16,128",
            "window.sizes=64K,2M"
        };
        String[] all = new String[small.length + more.length];
        System.arraycopy(small, 0, all, 0, small.length);
        System.arraycopy(more, 0, all, small.length, more.length);
        return Runs.run(SCENARIO, new byte[0], all);
    }

    private static List<Series.Point> points(RunResult run, String key) {
        return run.series().stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow()
                .points();
    }

    private static double last(RunResult run, String key) {
        return points(run, key).getLast().y();
    }

    @ParameterizedTest
    @ValueSource(strings = {"receive", "send"})
    void protectionIsPaidByTheCpu(String direction) {
        ScenarioResult result = run("transfer.direction=" + direction);
        RunResult off = Runs.named(result, "off");
        RunResult strict = Runs.named(result, "strict");

        assertThat(result.ok()).isTrue();
        assertThat(strict.elapsedPicos()).isGreaterThan(off.elapsedPicos());
        assertThat(Runs.figure(off, "unmapPs")).isZero();
        assertThat(Runs.figure(off, "tableReadsPerPage")).isZero();
        assertThat(Runs.figure(strict, "unmapPs")).isGreaterThan(Runs.figure(strict, "mapPs"));
        for (RunResult run : result.runs()) {
            assertThat(run.phasesPicos().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .as(run.name())
                    .isEqualTo(run.elapsedPicos());
        }
    }

    @Test
    void strictInvalidatesOnceForEachUnmapping() {
        RunResult strict = Runs.named(run("runs=strict"), "strict");

        // One descriptor for the pages and one that waits.
        assertThat(Runs.figure(strict, "measuredInvalidationCount")).isEqualTo(2 * TRANSFERS);
        // Each page is new to the IOTLB, and so now and then is one of the ring.
        assertThat(Runs.figure(strict, "missesPerPage")).isBetween(1.0, 1.1);
    }

    @Test
    void whatPassesThroughInvalidatesNothingAndHasNoTables() {
        RunResult through = Runs.named(run("runs=passthrough"), "passthrough");

        assertThat(Runs.figure(through, "measuredInvalidationCount")).isZero();
        assertThat(Runs.figure(through, "tableReadsPerPage")).isZero();
        assertThat(last(through, "unmapBySize")).isZero();
    }

    @Test
    void pagesBeyondTheIotlbMissUnlessTheyAreLarge() {
        RunResult strict = Runs.named(run("runs=strict"), "strict");

        assertThat(points(strict, "missesByWindow4K").getFirst().y()).isLessThan(0.1);
        assertThat(last(strict, "missesByWindow4K")).isGreaterThan(0.8);
        assertThat(last(strict, "missesByWindow2M")).isLessThan(0.1);
        double added = last(strict, "latencyByWindow4K") - last(strict, "latencyByWindow2M");
        // A walk of some 280 ns, for nine of ten.
        assertThat(added).isBetween(200_000.0, 300_000.0);

        RunResult small = Runs.named(run("runs=strict", "machine.iommu.page-size=4K"), "strict");
        assertThat(last(small, "missesByWindow2M")).isGreaterThan(0.8);
    }

    @Test
    void mappingsThatManyTransfersShareAreInvalidatedOnce() {
        RunResult strict = Runs.named(run("runs=strict"), "strict");
        RunResult off = Runs.named(run("runs=off"), "off");

        assertThat(Runs.figure(strict, "batchedBitsPerSecond"))
                .isGreaterThan(0.9 * Runs.figure(off, "batchedBitsPerSecond"));
    }

    @Test
    void equalRunsGiveEqualTraces() {
        assertThat(run("runs=strict").traceHash())
                .isEqualTo(run("runs=strict").traceHash())
                .isNotEqualTo(run("runs=off").traceHash());
    }

    @Test
    void aMachineWithoutARingIsRefused() {
        assertThatThrownBy(() -> run("machine.root-ports.slot0.functions.ring0.device=copy-engine"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no ring device");
    }
}
