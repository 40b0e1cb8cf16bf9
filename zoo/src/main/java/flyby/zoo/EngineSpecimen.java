package flyby.zoo;

import flyby.topology.Card;
import flyby.trial.Scene;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// A specimen that drives one engine.
public abstract class EngineSpecimen implements Specimen {
    private final Label label;
    private final EngineOptions options;

    /// One with an engine that is not difficult.
    protected EngineSpecimen(Label label) {
        this(label, EngineOptions.PLAIN);
    }

    protected EngineSpecimen(Label label, EngineOptions options) {
        this.label = label;
        this.options = options;
    }

    @Override
    public final Label label() {
        return label;
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(options, scene));
    }
}
