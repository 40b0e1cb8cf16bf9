package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What many requests at once are good for.
final class NvmeLoadTest {
    private static final byte[] FILE = Runs.bytes(200_000);

    @ParameterizedTest
    @ValueSource(strings = {"read", "write"})
    void manyRequestsHideTheMedium(String what) {
        ScenarioResult result = Runs.run("nvme-load", FILE, "driver.span=256 KiB", "driver.does=" + what);
        assertThat(result.ok()).isTrue();
        double one = Runs.figure(Runs.named(result, "qd1"), "requestsPerSecond");
        double four = Runs.figure(Runs.named(result, "qd4"), "requestsPerSecond");
        assertThat(four / one).isBetween(2.0, 4.2);
        for (RunResult run : result.runs()) {
            assertThat(run.phasesPicos().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .as(run.name())
                    .isEqualTo(run.elapsedPicos());
        }
    }

    /// Reads that begin together end together, and one interrupt tells of them.
    @Test
    void manyRequestsShareInterrupts() {
        ScenarioResult result = Runs.run("nvme-load", FILE, "driver.span=256 KiB", "runs=qd1,qd64");
        assertThat(Runs.figure(Runs.named(result, "qd64"), "interruptCount"))
                .isLessThan(Runs.figure(Runs.named(result, "qd1"), "interruptCount") / 2);
    }

    /// With one request, a read takes what the medium takes, and little more.
    @Test
    void oneRequestWaitsForTheMedium() {
        RunResult run = Runs.named(Runs.run("nvme-load", FILE, "driver.span=256 KiB", "runs=qd1"), "qd1");
        assertThat(Runs.figure(run, "meanLatencyPs")).isBetween(80e6, 90e6);
        assertThat(run.phasesPicos().get("medium")).isGreaterThan(run.elapsedPicos() * 8 / 10);
    }

    @Test
    void largeRequestsAndAnIommu() {
        String iommu = "machine.iommu.mode=strict";
        assertThat(Runs.run("nvme-load", FILE, "driver.span=256 KiB", "driver.size=128 KiB", iommu, "runs=qd4")
                        .ok())
                .isTrue();
    }
}
