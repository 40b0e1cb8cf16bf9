package flyby.zoo;

import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject.Hazard;
import java.util.List;
import java.util.Set;

/// A driver that looks as if it were wrong and is right: nothing may be said of it.
public interface Lookalike {
    /// Of the list: 1 to 16.
    int number();

    /// Why it is right, in one line.
    String title();

    /// The cards that it needs, one or two.
    List<Card> cards(Scene scene);

    /// The driver, from probe to remove.
    void run(Bench bench);

    /// What it copes with beyond what any driver has to.
    default Set<Hazard> hazards() {
        return Set.of();
    }
}
