package flyby.params;

import java.util.List;
import java.util.function.Predicate;

/// What must hold between several parameters.
///
/// @param text the rule in words: `cache.line must divide cache.size`
/// @param paths the parameters it is about, at least one
public record Rule(String text, Predicate<Settings> holds, List<String> paths) {
    public Rule {
        paths = List.copyOf(paths);
    }
}
