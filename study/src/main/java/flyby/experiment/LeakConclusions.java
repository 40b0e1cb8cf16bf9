package flyby.experiment;

import flyby.study.Figure;
import flyby.study.RunResult;
import java.util.ArrayList;
import java.util.List;

/// What is seen when the runs of an attack are set side by side.
final class LeakConclusions {
    private LeakConclusions() {}

    static List<String> of(List<RunResult> runs) {
        List<String> sentences = new ArrayList<>();
        return sentences;
    }

    static long value(RunResult run, String key) {
        return run.figures().stream()
                .filter(figure -> figure.key().equals(key))
                .map(Figure::value)
                .mapToLong(Number::longValue)
                .findFirst()
                .orElseThrow();
    }
}
