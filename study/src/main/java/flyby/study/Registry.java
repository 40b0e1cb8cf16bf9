package flyby.study;

import flyby.base.Check;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The experiments that scenario files may name.
public final class Registry {
    private final SortedMap<String, Experiment> experiments = new TreeMap<>();

    public Registry(List<Experiment> experiments) {
        for (Experiment experiment : experiments) {
            Experiment other = this.experiments.put(experiment.kind(), experiment);
            Check.that(other == null, "two experiments of kind %s", experiment.kind());
        }
    }

    public Optional<Experiment> find(String kind) {
        return Optional.ofNullable(experiments.get(kind));
    }

    /// All kinds, sorted.
    public List<String> kinds() {
        return List.copyOf(experiments.keySet());
    }
}
