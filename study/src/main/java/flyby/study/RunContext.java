package flyby.study;

import flyby.params.Settings;
import flyby.topology.MachineDescription;
import flyby.topology.Seams;
import flyby.trace.TraceSink;
import java.util.List;
import java.util.Optional;

/// What an experiment gets for one run. The result is a pure function of settings, seed and input.
///
/// @param settings the value of every parameter of the experiment
/// @param machine the machine with PCI Express to run on; empty if the experiment builds one of its own
/// @param seed of all randomness
/// @param input the bytes to move
/// @param sinks who else listens to the trace, beside what the experiment needs itself
/// @param seams what is between the parts of a machine that the experiment builds itself
/// @param progress whom to tell how far the run has come
public record RunContext(
        Settings settings,
        Optional<MachineDescription> machine,
        long seed,
        Input input,
        List<TraceSink> sinks,
        Seams seams,
        Progress progress) {
    public RunContext {
        sinks = List.copyOf(sinks);
    }

    /// With nothing between the parts.
    public RunContext(
            Settings settings,
            Optional<MachineDescription> machine,
            long seed,
            Input input,
            List<TraceSink> sinks,
            Progress progress) {
        this(settings, machine, seed, input, sinks, Seams.DIRECT, progress);
    }
}
