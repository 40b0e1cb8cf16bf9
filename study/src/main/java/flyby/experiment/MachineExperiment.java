package flyby.experiment;

import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import java.util.List;
import java.util.Optional;

/// What an experiment on a described machine says about itself. Those who extend it make the runs.
abstract class MachineExperiment extends NamedExperiment {
    private final String machine;

    /// @param machine that it runs on unless the file says otherwise
    MachineExperiment(String kind, String title, Catalogue parameters, String machine, String... notModelled) {
        super(kind, title, parameters, List.of(notModelled));
        this.machine = machine;
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
}
