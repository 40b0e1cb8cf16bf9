package flyby.study;

import flyby.params.Given;
import flyby.params.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// An experiment with its parameters and its input: what `./flyby run` runs.
///
/// @param name as the user calls it: `demo`, or the name of a file without its ending
/// @param title one line
/// @param about a paragraph: what is seen, and what to look at
/// @param inputName what it moves, in words for a listing; empty if it moves nothing of its own
/// @param input opens that
/// @param seed of all randomness, unless the user gives another
/// @param given the parameters that it sets
/// @param expectations what will come out, at least one
public record Scenario(
        String name,
        String title,
        String about,
        Experiment experiment,
        String inputName,
        Supplier<Input> input,
        long seed,
        List<Given> given,
        List<Expectation> expectations) {
    public Scenario {
        given = List.copyOf(given);
        expectations = List.copyOf(expectations);
    }

    /// The value of each parameter, with `overrides` from the command line.
    ///
    /// @throws flyby.base.LabException if one cannot be used
    public Settings settings(List<Given> overrides) {
        return Settings.resolve(experiment.parameters(), experiment.profiles(), given, new ArrayList<>(overrides));
    }
}
