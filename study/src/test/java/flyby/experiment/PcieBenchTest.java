package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import flyby.base.LabException;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import org.junit.jupiter.api.Test;

/// What the scenario tells its reader.
final class PcieBenchTest {
    private static final byte[] NOTHING = {};

    /// 32 tags of 64 B in a loop of 505 ns and Acks between are 32.3 Gb/s.
    @Test
    void tellsRatesLatenciesAndHits() {
        ScenarioResult result = Runs.run("pcie-bench", NOTHING, "runs=64,size", "bench.size=100 B");
        RunResult run = Runs.named(result, "64");
        assertThat(run.ok()).isTrue();
        assertThat(run.bytes()).isEqualTo(64 * 20_000);
        assertThat(Runs.figure(run, "readBitsPerSecond")).isCloseTo(32.3e9, within(0.2e9));
        assertThat(Runs.figure(run, "writtenBitsPerSecond")).isZero();
        assertThat(Runs.figure(run, "llcReadMissCount")).isZero();
        assertThat(Runs.named(result, "size").bytes()).isEqualTo(100 * 20_000);
    }

    @Test
    void aSizeThatNoRunHasIsRefused() {
        assertThatThrownBy(() -> Runs.run("pcie-bench", NOTHING, "runs=64", "bench.size=100 B"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("runs must have it");
    }

    /// 8 units of 16 B have room for a packet of 128 B and for no second one: a write waits for the one before.
    @Test
    void creditsForOnePacketAreEnough() {
        ScenarioResult result = Runs.run(
                "pcie-bench",
                NOTHING,
                "runs=64",
                "bench.operation=wr",
                "machine.link.mps=128B",
                "machine.link.posted-data=8");
        assertThat(result.runs().getFirst().ok()).isTrue();
    }

    @Test
    void phasesAddUpToTheTimeThatPassed() {
        ScenarioResult result =
                Runs.run("pcie-bench", NOTHING, "runs=64,512", "machine.iommu.mode=on", "bench.window=1MiB");
        for (RunResult run : result.runs()) {
            long sum = run.phasesPicos().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            assertThat(sum).isEqualTo(run.elapsedPicos());
            assertThat(Runs.figure(run, "iotlbMissCount")).isGreaterThan(1_000);
        }
    }

    /// Of 555 ns, a read of 64 B spends 41 + 9 ns in the device and 18 ns on the link; the rest is the host's.
    @Test
    void phasesSayWhereALatencyGoes() {
        ScenarioResult result = Runs.run("pcie-bench", NOTHING, "runs=64", "bench.operation=latency-rd");
        RunResult run = result.runs().getFirst();
        double elapsed = run.elapsedPicos();
        assertThat(run.phasesPicos().getOrDefault("device", 0L) / elapsed).isCloseTo(49.75 / 555, within(0.002));
        assertThat(run.phasesPicos().getOrDefault("link", 0L) / elapsed).isCloseTo(17.7 / 555, within(0.002));
        assertThat(run.phasesPicos().getOrDefault("root complex", 0L) / elapsed).isCloseTo(487.3 / 555, within(0.004));
    }

    @Test
    void equalRunsAreEqual() {
        String[] sets = {"runs=257", "bench.operation=rw", "machine.iommu.mode=on", "bench.operations=1000"};
        RunResult first = Runs.run("pcie-bench", NOTHING, sets).runs().getFirst();
        RunResult second = Runs.run("pcie-bench", NOTHING, sets).runs().getFirst();
        assertThat(second.traceHash()).isEqualTo(first.traceHash());
        assertThat(second.sha256()).isEqualTo(first.sha256());
    }
}
