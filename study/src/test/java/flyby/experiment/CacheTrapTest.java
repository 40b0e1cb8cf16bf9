package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.study.Finding;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Both traps, sprung and avoided.
final class CacheTrapTest {
    @Test
    void theCpuReadsWhatTheBufferHeldBefore() {
        byte[] input = Runs.bytes(3_000);
        RunResult run = Runs.run("stale-read", input).runs().getFirst();

        assertThat(run.dataOk()).isFalse();
        Finding finding = run.findings().getFirst();
        assertThat(finding.bad()).isTrue();
        assertThat(finding.remedy()).contains("invalidateCache");
        Finding.ByteEvidence evidence = finding.bytes().getFirst();
        assertThat(evidence.seen()).containsOnly(0);
        assertThat(evidence.right()).startsWith(input[0], input[1], input[2]);
        assertThat(evidence.rightIn()).isEqualTo("memory");
    }

    @Test
    void theDeviceReadsWhatMemoryHeldBefore() {
        byte[] input = Runs.bytes(3_000);
        RunResult run = Runs.run("lost-write", input).runs().getFirst();

        assertThat(run.dataOk()).isFalse();
        Finding finding = run.findings().getFirst();
        assertThat(finding.remedy()).contains("cleanCache");
        Finding.ByteEvidence evidence = finding.bytes().getFirst();
        assertThat(evidence.seen()).containsOnly(0);
        assertThat(evidence.right()).startsWith(input[0], input[1], input[2]);
        assertThat(evidence.rightIn()).isEqualTo("a dirty line of the CPU's cache");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stale-read", "lost-write"})
    void theRightCacheOperationCuresIt(String trap) {
        for (int byteCount : new int[] {0, 1, 31, 32, 33, 1_024, 70_001}) {
            ScenarioResult cured = Runs.run(trap, Runs.bytes(byteCount), "cure=true", "driver.buffer=4 KiB");

            assertThat(cured.ok()).as("%s of %d bytes", trap, byteCount).isTrue();
            assertThat(cured.runs().getFirst().findings()).isEmpty();
        }
    }

    /// Maintenance by range rounds to lines; odd buffer sizes share lines with their neighbours.
    @ParameterizedTest
    @ValueSource(strings = {"stale-read", "lost-write"})
    void oddBuffersAreCuredToo(String trap) {
        assertThat(Runs.run(trap, Runs.bytes(5_000), "cure=true", "driver.buffer=77 B")
                        .ok())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stale-read", "lost-write"})
    void phasesAddUp(String trap) {
        for (String cure : new String[] {"cure=true", "cure=false"}) {
            RunResult run = Runs.run(trap, Runs.bytes(5_000), cure).runs().getFirst();

            assertThat(run.phasesPicos().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(run.elapsedPicos());
        }
    }

    @Test
    void thePiecesOfTheBufferAreInTheCacheBeforeTheDeviceWrites() {
        RunResult run = Runs.run("stale-read", Runs.bytes(1_024), "driver.buffer=1 KiB")
                .runs()
                .getFirst();

        // 32 lines are fetched once by the first look; every later load hits.
        assertThat(Runs.figure(run, "cacheMissCount")).isEqualTo(32);
    }
}
