package flyby.experiment;

import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.study.Experiment;
import java.util.List;
import java.util.stream.Stream;

/// What an experiment on a mainboard says about itself. Those who extend it make the runs.
abstract class BoardExperiment implements Experiment {
    /// The run of those that have one only.
    static final String RUN = "dma";

    private final String kind;
    private final String title;
    private final Catalogue parameters;
    private final List<Profile> profiles;
    private final List<String> notModelled;

    /// @param notModelled what it leaves out beside what every board does
    BoardExperiment(String kind, String title, Catalogue parameters, List<Profile> profiles, String... notModelled) {
        this.kind = kind;
        this.title = title;
        this.parameters = parameters;
        this.profiles = profiles;
        this.notModelled = Stream.concat(BoardRun.NOT_MODELLED.stream(), Stream.of(notModelled))
                .toList();
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
        return profiles;
    }

    /// The parameter `runs` chooses, where there is one.
    @Override
    public final List<String> runNames(Settings settings) {
        return parameters.find("runs").isPresent() ? settings.choices("runs") : List.of(RUN);
    }

    @Override
    public final List<String> notModelled() {
        return notModelled;
    }
}
