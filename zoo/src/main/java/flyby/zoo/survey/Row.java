package flyby.zoo.survey;

import flyby.apidebug.ApiCheck;
import flyby.apidebug.Complaint;
import flyby.check.Finding;
import flyby.zoo.Specimen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What became of one specimen.
///
/// @param machines in their order: in how many of its runs each has shown the bug
/// @param sighting the report that is shown: of the first machine that shows it; empty if it was missed
/// @param twinRuns runs of the driver without the bug
/// @param alarms findings in those
/// @param asShipped what `CONFIG_DMA_API_DEBUG` says as distributions build it
/// @param withOverlaps what it says where it looks for cache lines that mappings share
/// @param always what the kernel says without any debugging
public record Row(
        Specimen.Label label,
        List<Share> machines,
        Optional<Sighting> sighting,
        int twinRuns,
        List<Alarm> alarms,
        Listener asShipped,
        Listener withOverlaps,
        Listener always) {
    public Row {
        machines = List.copyOf(machines);
        alarms = List.copyOf(alarms);
    }

    /// In `caught` of `runs` runs on `machine`.
    public record Share(String machine, int caught, int runs) {}

    /// A report that is of the bug, as it has a rule or a line of its specimen.
    public record Sighting(String machine, long seed, Finding finding, boolean hasRule, boolean hasLine) {
        /// Whether both are right.
        public boolean isExact() {
            return hasRule && hasLine;
        }

        private int merit() {
            return (hasLine ? 2 : 0) + (hasRule ? 1 : 0);
        }
    }

    /// Something that is said of a driver that is right.
    public record Alarm(String subject, String machine, long seed, Finding finding) {}

    /// What somebody else who listens says.
    ///
    /// @param caught in how many of the `runs` with the bug
    /// @param checks that it names, without repetition
    /// @param onTwin in how many runs without the bug
    public record Listener(int caught, int runs, List<String> checks, int onTwin) {
        public Listener {
            checks = List.copyOf(checks);
        }
    }

    public boolean isCaught() {
        return sighting.isPresent();
    }

    /// Whether the listener that looks at the most agrees with what its source says.
    public boolean agrees() {
        return switch (DebugVerdict.of(label.id())) {
            case YES -> asShipped.caught() > 0;
            case CONDITIONAL -> true;
            case NO -> withOverlaps.caught() == 0;
        };
    }

    /// Sums up.
    ///
    /// @param file of the specimen's source, and its lines that a good report names
    static Row of(Specimen.Label label, String file, List<Integer> lines, List<Tried> buggy, List<Tried> twin) {
        Map<String, int[]> counts = new LinkedHashMap<>();
        List<Sighting> sightings = new ArrayList<>();
        for (Tried each : buggy) {
            Optional<Sighting> sighting = best(label, file, lines, each);
            int[] count = counts.computeIfAbsent(each.machine(), _ -> new int[2]);
            count[0] += sighting.isPresent() ? 1 : 0;
            count[1]++;
            sighting.ifPresent(sightings::add);
        }
        List<Share> shares = new ArrayList<>();
        counts.forEach((machine, count) -> shares.add(new Share(machine, count[0], count[1])));
        List<Alarm> alarms = new ArrayList<>();
        twin.forEach(each -> each.findings()
                .forEach(finding -> alarms.add(new Alarm(
                        each.verdict().subject(), each.machine(), each.verdict().seed(), finding))));
        return new Row(
                label,
                shares,
                sightings.stream().reduce((a, b) -> b.merit() > a.merit() ? b : a),
                twin.size(),
                alarms,
                listener(buggy, twin, each -> checks(each.asShipped())),
                listener(buggy, twin, each -> checks(each.withOverlaps())),
                listener(buggy, twin, Tried::warnings));
    }

    private static Optional<Sighting> best(Specimen.Label label, String file, List<Integer> lines, Tried tried) {
        return tried.findings().stream()
                .map(finding -> new Sighting(
                        tried.machine(),
                        tried.verdict().seed(),
                        finding,
                        label.rules().contains(finding.rule()),
                        lines.stream().anyMatch(line -> finding.names(file, line))))
                .filter(sighting -> sighting.merit() > 0)
                .reduce((a, b) -> b.merit() > a.merit() ? b : a);
    }

    private static List<String> checks(List<Complaint> complaints) {
        return complaints.stream()
                .map(Complaint::check)
                .filter(ApiCheck::isError)
                .map(ApiCheck::name)
                .toList();
    }

    private static Listener listener(List<Tried> buggy, List<Tried> twin, Function<Tried, List<String>> words) {
        List<String> checks = buggy.stream()
                .flatMap(each -> words.apply(each).stream())
                .distinct()
                .toList();
        return new Listener(count(buggy, words), buggy.size(), checks, count(twin, words));
    }

    private static int count(List<Tried> runs, Function<Tried, List<String>> words) {
        return (int) runs.stream().filter(each -> !words.apply(each).isEmpty()).count();
    }
}
