package flyby.experiment;

import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.study.Experiment;
import java.util.List;
import java.util.Optional;

/// What an experiment on a described machine says about itself. Those who extend it make the runs.
abstract class MachineExperiment implements Experiment {
    private final String kind;
    private final String title;
    private final Catalogue parameters;
    private final String machine;
    private final List<String> notModelled;

    /// @param machine that it runs on unless the file says otherwise
    MachineExperiment(String kind, String title, Catalogue parameters, String machine, String... notModelled) {
        this.kind = kind;
        this.title = title;
        this.parameters = parameters;
        this.machine = machine;
        this.notModelled = List.of(notModelled);
    }

    @Override
    public final String kind() {
        return kind;
    }

    @Override
    public final String title() {
        return title;
    }

    @Override
    public final Catalogue parameters() {
        return parameters;
    }

    @Override
    public final List<Profile> profiles() {
        return List.of();
    }

    @Override
    public final Optional<String> machine() {
        return Optional.of(machine);
    }

    @Override
    public List<String> runNames(Settings settings) {
        return settings.choices("runs");
    }

    @Override
    public final List<String> notModelled() {
        return notModelled;
    }
}
