package flyby.experiment;

import flyby.params.Catalogue;
import flyby.study.Experiment;
import java.util.List;

/// What each experiment says about itself.
abstract class NamedExperiment implements Experiment {
    private final String kind;
    private final String title;
    private final Catalogue parameters;
    private final List<String> notModelled;

    NamedExperiment(String kind, String title, Catalogue parameters, List<String> notModelled) {
        this.kind = kind;
        this.title = title;
        this.parameters = parameters;
        this.notModelled = notModelled;
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
    public final List<String> notModelled() {
        return notModelled;
    }
}
