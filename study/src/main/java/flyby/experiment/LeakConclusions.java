package flyby.experiment;

import static flyby.experiment.LeakReport.CHANGED;
import static flyby.experiment.LeakReport.FAULTS;
import static flyby.experiment.LeakReport.LEAKED;
import static flyby.experiment.LeakReport.NEIGHBOURS;
import static flyby.experiment.LeakReport.OPEN;
import static flyby.experiment.LeakReport.OPEN_UNMAPS;
import static flyby.experiment.LeakReport.RATE;
import static flyby.experiment.LeakReport.REFUSED;
import static flyby.experiment.LeakReport.SCAN;
import static flyby.experiment.LeakReport.STALE;

import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is seen when the runs of an attack are set side by side: made from their figures.
final class LeakConclusions {
    private static final long FLUSH_PICOS = 10 * Time.MILLISECOND;
    private static final long FLUSH_UNMAPS = 256;

    private LeakConclusions() {}

    static List<String> of(List<RunResult> runs) {
        List<String> sentences = new ArrayList<>();
        for (AttackDefence defence : AttackDefence.values()) {
            runs.stream()
                    .filter(run -> run.name().equals(defence.word()))
                    .findFirst()
                    .ifPresent(run -> sentences.add(sentence(defence, run)));
        }
        refused(runs).ifPresent(sentences::add);
        return sentences;
    }

    private static String sentence(AttackDefence defence, RunResult run) {
        String start = "%s (%s): ".formatted(defence.word(), defence.words());
        if (value(run, LEAKED) == 0 && value(run, CHANGED) == 0) {
            return start + "the device reads and changes nothing but its buffers.";
        }
        String read = "the device reads %s that it has no business with".formatted(bytes(run, LEAKED));
        String changed = ", and changes %s of secrets".formatted(bytes(run, CHANGED));
        return start
                + switch (defence) {
                    case NONE, PASSTHROUGH ->
                        "%s%s. It scans for %s and reads %s meanwhile, as much as its link carries; PCILeech gets 190"
                                        .formatted(read, changed, Time.text(value(run, SCAN)), rate(run))
                                + " to 220 MB/s out of such a card, by USB (10.9).";
                    case LAZY ->
                        "%s, %s of it after an unmapping, for up to %s and %d unmaps%s. Linux's bound, 10 ms or 256"
                                        .formatted(
                                                read,
                                                bytes(run, STALE),
                                                Time.text(value(run, OPEN)),
                                                value(run, OPEN_UNMAPS),
                                                changed)
                                + " unmaps (10.4), is "
                                + (isWithinBound(run) ? "kept." : "NOT kept.");
                    case ATS_TRUSTED ->
                        "%s%s: it says that its addresses are translated (10.5, Thunderclap, story 8)."
                                .formatted(read, changed);
                    case BOUNCE ->
                        "%s, in granules of bounce buffers, where nobody's data lie (3.21)%s; after an unmap %s."
                                .formatted(read, changed, after(run));
                    default ->
                        "%s, %s of it beside buffers in their pages (10.1, Thunderclap, story 6)%s; after an unmap %s."
                                .formatted(read, bytes(run, NEIGHBOURS), changed, after(run));
                };
    }

    private static String after(RunResult run) {
        return value(run, OPEN) == 0 ? "it reaches nothing" : "it still reaches some";
    }

    private static boolean isWithinBound(RunResult run) {
        return value(run, OPEN) <= FLUSH_PICOS && value(run, OPEN_UNMAPS) <= FLUSH_UNMAPS;
    }

    private static Optional<String> refused(List<RunResult> runs) {
        return runs.stream()
                .filter(run -> run.name().equals(AttackDefence.STRICT.word()))
                .findFirst()
                .map(run -> ("Under strict, %,d reads were refused, and the IOMMU has counted %,d faults, writes among"
                                + " them; reads are answered Unsupported Request (10.8).")
                        .formatted(value(run, REFUSED), value(run, FAULTS)));
    }

    private static String bytes(RunResult run, String key) {
        return String.format(Locale.ROOT, "%,d bytes", value(run, key));
    }

    private static String rate(RunResult run) {
        return String.format(Locale.ROOT, "%.0f MB/s", value(run, RATE) / 1e6);
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
