package flyby.study;

import flyby.machine.MachineLibrary;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.topology.MachineDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
/// @param machine what it says of the machine that it runs on; paths begin inside the machine
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
        List<Given> machine,
        List<Expectation> expectations) {
    public Scenario {
        given = List.copyOf(given);
        machine = List.copyOf(machine);
        expectations = List.copyOf(expectations);
    }

    /// The value of each parameter, with `overrides` from the command line.
    ///
    /// @throws flyby.base.LabException if one cannot be used
    public Settings settings(List<Given> overrides) {
        return Settings.resolve(
                experiment.parameters(),
                experiment.profiles(),
                given,
                overrides.stream().filter(each -> !isOfMachine(each)).toList());
    }

    /// The machine with PCI Express that it runs on, with `overrides` from the command line; empty if the
    /// experiment builds a machine of its own.
    ///
    /// @throws flyby.base.LabException if there can be no such machine
    public Optional<MachineDescription> machine(List<Given> overrides) {
        List<Given> all = new ArrayList<>(machine);
        for (Given each : overrides) {
            if (isOfMachine(each)) {
                all.add(new Given(each.path().substring(MachineLibrary.PREFIX.length()), each.text(), each.origin()));
            }
        }
        return experiment.machine().map(standard -> MachineLibrary.modern(standard, all));
    }

    private boolean isOfMachine(Given given) {
        return experiment.machine().isPresent() && given.path().startsWith(MachineLibrary.PREFIX);
    }
}
