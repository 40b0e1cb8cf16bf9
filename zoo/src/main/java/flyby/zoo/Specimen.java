package flyby.zoo;

import flyby.check.Rule;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject.Hazard;
import java.util.List;
import java.util.Set;

/// A pattern of real bugs, as the smallest driver that has it, and that driver without it.
///
/// The line that is wrong has `// BUG` at its end, and so have others that a good report may name instead. A specimen
/// is made anew for each run.
public interface Specimen {
    /// What it is.
    ///
    /// @param id of the catalogue: `A1`
    /// @param title one line
    /// @param real where it was seen: projects, commits, issues
    /// @param rules of which one is broken
    /// @param machines that are meant to show it, by the names of hostile machines
    record Label(String id, String title, String real, List<Rule> rules, List<String> machines) {
        public Label {
            rules = List.copyOf(rules);
            machines = List.copyOf(machines);
        }
    }

    Label label();

    /// The cards that it needs, one or two.
    List<Card> cards(Scene scene);

    /// The driver with the bug, from probe to remove.
    void buggy(Bench bench);

    /// The same without it.
    void fixed(Bench bench);

    /// What the fixed driver copes with beyond what any driver has to.
    default Set<Hazard> hazards() {
        return Set.of();
    }
}
