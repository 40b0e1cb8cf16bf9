package flyby.validate;

import flyby.base.LabException;
import flyby.params.Nearest;
import flyby.params.Quote;
import flyby.study.Progress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// All sections, and the choice of what to check.
///
/// @param sections in the order in which they are shown
public record Validation(List<Section> sections) {
    public Validation {
        sections = List.copyOf(sections);
    }

    /// What came of one section.
    public record Checked(Section section, List<Outcome> outcomes) {
        public Checked {
            outcomes = List.copyOf(outcomes);
        }

        /// Checks all rows of `section`, telling `progress` how many are done.
        public static Checked of(Section section, Progress progress) {
            List<Outcome> outcomes = new ArrayList<>();
            for (Row row : section.rows()) {
                outcomes.add(row.check());
                progress.at(outcomes.size(), section.rows().size());
            }
            return new Checked(section, outcomes);
        }
    }

    /// How many rows ended so, over all that was checked.
    public static long count(List<Checked> checked, Verdict verdict) {
        return checked.stream()
                .flatMap(each -> each.outcomes().stream())
                .filter(outcome -> outcome.verdict().equals(verdict))
                .count();
    }

    /// The sections named `names` (all if there are none), with only the rows that `ids` mean (all if there are
    /// none); sections left without rows are left out.
    ///
    /// @throws LabException if one of them does not exist
    public Validation choose(List<String> names, List<String> ids) {
        names.forEach(this::check);
        List<Section> named = sections.stream()
                .filter(section -> names.isEmpty() || names.contains(section.name()))
                .toList();
        if (ids.isEmpty()) {
            return new Validation(named);
        }
        List<Row> rows =
                named.stream().flatMap(section -> section.rows().stream()).toList();
        ids.forEach(id -> check(id, rows));
        List<Section> chosen = new ArrayList<>();
        for (Section section : named) {
            List<Row> meant = section.rows().stream()
                    .filter(row -> ids.stream().anyMatch(row::isMeantBy))
                    .toList();
            if (!meant.isEmpty()) {
                chosen.add(new Section(section.name(), section.title(), meant));
            }
        }
        return new Validation(chosen);
    }

    private void check(String name) {
        List<String> known = sections.stream().map(Section::name).toList();
        if (!known.contains(name)) {
            throw unknown("section", name, known, "one of " + String.join(", ", known));
        }
    }

    private static void check(String id, List<Row> rows) {
        if (rows.stream().noneMatch(row -> row.isMeantBy(id))) {
            Set<String> known = new TreeSet<>();
            rows.forEach(row -> known.addAll(List.of(row.number(), row.id())));
            String span = rows.getFirst().id() + " to " + rows.getLast().id();
            throw unknown("row", id, known, span + " (./flyby validate --list)");
        }
    }

    private static LabException unknown(String kind, String written, Collection<String> known, String accepted) {
        String hint = Nearest.word(written, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        return new LabException(LabException.Kind.BAD_INPUT, kind, Quote.of(written), accepted + hint);
    }
}
