package flyby.experiment;

import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the runs of [SgCopy] show, side by side.
final class SgCopyConclusions {
    /// What a transfer's time is called while the CPU works for it.
    static final List<String> CPU_PHASES =
            List.of("driver", "programmed I/O", "cache maintenance", "copy", "handler", "wake-up");

    private SgCopyConclusions() {}

    static List<String> of(List<RunResult> runs) {
        Optional<RunResult> chain = find(runs, "sg");
        Optional<RunResult> single = find(runs, "single");
        Optional<RunResult> cpu = find(runs, "cpu");
        List<String> sentences = new ArrayList<>();
        if (chain.isPresent() && single.isPresent()) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "With a chain, gathering takes %s with %,d doorbells and %,d interrupts; piece by"
                            + " piece it takes %s, %.1f times that, with %,d doorbells and %,d interrupts.",
                    Time.text(value(chain.get(), "gatherPs")),
                    value(chain.get(), "doorbellCount"),
                    value(chain.get(), "interruptCount"),
                    Time.text(value(single.get(), "gatherPs")),
                    ratio(single.get(), chain.get(), "gatherPs"),
                    value(single.get(), "doorbellCount"),
                    value(single.get(), "interruptCount")));
        }
        if (chain.isPresent() && cpu.isPresent()) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "The CPU by itself takes %s, and is busy all that time; with the chain it is busy for %s, %.0f %%"
                            + " of the time that gathering takes.",
                    Time.text(value(cpu.get(), "gatherPs")),
                    Time.text(value(chain.get(), "cpuBusyPs")),
                    100.0 * value(chain.get(), "cpuBusyPs") / Math.max(1, value(chain.get(), "gatherPs"))));
        }
        return sentences;
    }

    private static Optional<RunResult> find(List<RunResult> runs, String name) {
        return runs.stream().filter(run -> run.name().equals(name)).findFirst();
    }

    private static double ratio(RunResult one, RunResult other, String key) {
        return (double) value(one, key) / Math.max(1, value(other, key));
    }

    private static long value(RunResult run, String key) {
        return run.figures().stream()
                .filter(figure -> figure.key().equals(key))
                .map(Figure::value)
                .findFirst()
                .map(Number::longValue)
                .orElse(0L);
    }
}
