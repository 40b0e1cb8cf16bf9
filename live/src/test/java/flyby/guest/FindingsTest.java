package flyby.guest;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.guest.Finding.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FindingsTest {
    private static List<Finding> of(String output, String trouble) {
        GuestResult result = new GuestResult(trouble.isEmpty() ? 0 : -1, output, "", Duration.ZERO, trouble);
        return Findings.of(List.of("fio"), result);
    }

    @Test
    void readsLinesOfJudges() {
        assertThat(of("noise\njudge fio depth-1 pass \njudge fio depth-8 fail status 1: bad\njudge fio finished\n", ""))
                .containsExactly(
                        new Finding("fio", "depth-1", Outcome.PASSED, ""),
                        new Finding("fio", "depth-8", Outcome.FAILED, "status 1: bad"));
    }

    /// A judge that was cut off cannot be believed, however well it went so far.
    @Test
    void aJudgeThatDoesNotFinishHasFailed() {
        assertThat(of("judge fio depth-1 pass\n", "it hung"))
                .contains(new Finding("fio", "finished", Outcome.FAILED, "it hung"));
        assertThat(of("", ""))
                .containsExactly(new Finding("fio", "finished", Outcome.FAILED, "it stopped before its end"));
        assertThat(new Verdict("fio", of("", "")).isGood()).isFalse();
    }
}
