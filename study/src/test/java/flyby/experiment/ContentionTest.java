package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Engines on one bus.
final class ContentionTest {
    /// One unit of 64 bytes, on its own. Set-up 100 ns; the request is granted at the next clock, 101; its read
    /// takes 1 ns of the request channel, 60.25 to the data, 4 to bring it: 166.25. The write is granted at 167 and
    /// takes 4 + 30.5 + 1 ns.
    @Test
    void oneUnitTakesWhatAPersonWorksOut() {
        RunResult run = run(64, "runs=1-engine").runs().getFirst();

        assertThat(run.elapsedPicos()).isEqualTo(202_500);
        assertThat(run.dataOk()).isTrue();
    }

    @Test
    void moreEnginesFillTheBusAndWaitLonger() {
        ScenarioResult result = run(100_000, "driver.block=64 KiB");

        double all = 0;
        double wait = -1;
        for (RunResult run : result.runs()) {
            assertThat(Runs.figure(run, "allEnginesBytesPerSecond")).isGreaterThan(all * 0.99);
            assertThat(Runs.figure(run, "meanArbiterWaitPs")).isGreaterThan(wait);
            all = Runs.figure(run, "allEnginesBytesPerSecond");
            wait = Runs.figure(run, "meanArbiterWaitPs");
        }
        // The request channel needs 1 + 4 ns for 64 bytes read and written: no more than 12.8 GB/s.
        assertThat(all).isBetween(11e9, 12.8e9);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 4_096, 4_097, 50_001})
    void everyByteArrives(int byteCount) {
        ScenarioResult result = run(byteCount);

        assertThat(result.ok()).isTrue();
        for (RunResult run : result.runs()) {
            assertThat(run.phasesPicos().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(run.elapsedPicos());
        }
    }

    private static ScenarioResult run(int byteCount, String... settings) {
        return Runs.run("contention", Runs.bytes(byteCount), settings);
    }
}
