package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import org.junit.jupiter.api.Test;

/// Which way has to copy, and what it takes for that.
final class SgBounceTest {
    private static ScenarioResult run(String... more) {
        String[] small = {"messages=8", "piece.counts=1,32", "piece.sizes=64,4096", "piece.count=4"};
        String[] all = new String[small.length + more.length];
        System.arraycopy(small, 0, all, 0, small.length);
        System.arraycopy(more, 0, all, small.length, more.length);
        return Runs.run("sg-bounce", new byte[0], all);
    }

    @Test
    void onlyWhoHasOneBufferCopies() {
        ScenarioResult result = run();
        RunResult list = Runs.named(result, "list");
        RunResult copy = Runs.named(result, "copy");

        assertThat(result.ok()).isTrue();
        assertThat(Runs.figure(list, "copiedBytes")).isZero();
        assertThat(Runs.figure(list, "segmentCount")).isEqualTo(4);
        assertThat(Runs.figure(copy, "copiedBytes")).isEqualTo(4 * 4_096);
        assertThat(Runs.figure(copy, "segmentCount")).isOne();
        assertThat(Runs.figure(copy, "cpuPerMessagePs")).isGreaterThan(Runs.figure(list, "cpuPerMessagePs"));
        for (RunResult run : result.runs()) {
            assertThat(run.phasesPicos().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .as(run.name())
                    .isEqualTo(run.elapsedPicos());
        }
    }

    @Test
    void piecesBelowALineArriveToo() {
        assertThat(run("piece.size=64 B", "piece.count=32").ok()).isTrue();
    }

    @Test
    void equalRunsGiveEqualTraces() {
        assertThat(run("runs=copy").traceHash()).isEqualTo(run("runs=copy").traceHash());
    }
}
