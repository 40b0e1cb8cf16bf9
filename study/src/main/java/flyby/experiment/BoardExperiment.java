package flyby.experiment;

import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import java.util.List;
import java.util.stream.Stream;

/// What an experiment on a mainboard says about itself. Those who extend it make the runs.
abstract class BoardExperiment extends NamedExperiment {
    /// The run of those that have one only.
    static final String RUN = "dma";

    private final List<Profile> profiles;

    /// @param notModelled what it leaves out beside what every board does
    BoardExperiment(String kind, String title, Catalogue parameters, List<Profile> profiles, String... notModelled) {
        super(
                kind,
                title,
                parameters,
                Stream.concat(BoardRun.NOT_MODELLED.stream(), Stream.of(notModelled))
                        .toList());
        this.profiles = profiles;
    }

    @Override
    public final List<Profile> profiles() {
        return profiles;
    }

    /// The parameter `runs` chooses, where there is one.
    @Override
    public final List<String> runNames(Settings settings) {
        return parameters().find("runs").isPresent() ? settings.choices("runs") : List.of(RUN);
    }
}
