package flyby.cli;

import flyby.study.Registry;
import java.util.List;

/// Every kind of experiment that scenario files may name: the one place to add another.
final class Experiments {
    private Experiments() {}

    static Registry all() {
        return new Registry(List.of());
    }
}
