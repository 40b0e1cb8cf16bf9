package flyby.study;

import flyby.params.Catalogue;
import flyby.params.Profile;
import flyby.params.Settings;
import java.util.List;
import java.util.Optional;

/// A kind of scenario: what is built and done, while a scenario says with which parameters and input.
///
/// Holds no state between runs: several may go on at once.
public interface Experiment {
    /// Its name in scenario files, after `kind:`.
    String kind();

    /// One line.
    String title();

    /// What may be set under `parameters:` and with `--set`.
    Catalogue parameters();

    /// What [Catalogue#PROFILE] chooses from; empty if the catalogue has no such parameter.
    List<Profile> profiles();

    /// The machine with PCI Express that it runs on unless the file says otherwise under `machine:`, one of
    /// [flyby.machine.ModernMachines]; empty if it builds a machine of its own from its parameters.
    default Optional<String> machine() {
        return Optional.empty();
    }

    /// The runs to make, in their order; each name is unique.
    List<String> runNames(Settings settings);

    /// What a reader could expect and the models leave out, one sentence each, for the report.
    default List<String> notModelled() {
        return List.of();
    }

    /// What is seen when `runs` are set side by side, and which published figure that is held to: sentences for the
    /// report, made from the results, so that they are true of them.
    default List<String> conclusions(List<RunResult> runs) {
        return List.of();
    }

    /// Makes one of them.
    ///
    /// @throws flyby.base.LabException if the input cannot be read, or settings turn out to be impossible
    RunResult run(String runName, RunContext context);
}
