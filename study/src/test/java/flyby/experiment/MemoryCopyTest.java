package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Copies in memory.
final class MemoryCopyTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 256, 4_096, 4_097, 20_000})
    void everyByteIsCopied(int byteCount) {
        ScenarioResult result = Runs.run("copy", Runs.bytes(byteCount));

        assertThat(result.ok()).isTrue();
        for (RunResult run : result.runs()) {
            assertThat(run.phasesPicos().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(run.elapsedPicos());
        }
    }

    @Test
    void aByteTakesEightClocks() {
        RunResult dma = Runs.named(Runs.run("copy", Runs.bytes(10_000)), "dma");

        assertThat(Runs.figure(dma, "dmaClocksPerByte")).isEqualTo(8);
    }

    @Test
    void whereChannelZeroRefreshesTheDriverRefuses() {
        RunResult dma = Runs.named(Runs.run("copy", Runs.bytes(100), "machine.refresh.on=true"), "dma");

        assertThat(dma.ok()).isFalse();
        assertThat(dma.bytes()).isZero();
        assertThat(dma.findings().getFirst().title()).contains("refreshes");
    }

    @Test
    void anAtDoesItWhileItRefreshes() {
        ScenarioResult result =
                Runs.run("copy", Runs.bytes(5_000), "machine.profile=pc-at-1984", "machine.refresh.on=true");

        assertThat(result.ok()).isTrue();
    }
}
