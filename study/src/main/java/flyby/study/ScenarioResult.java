package flyby.study;

import flyby.topology.Sketch;
import java.util.List;
import java.util.Optional;

/// What came out of one scenario.
///
/// @param version of Flyby
/// @param scenario its name
/// @param title its one line
/// @param about a paragraph: what is seen, and what to look at
/// @param input the name of the input file as the user gave it, or as the scenario ships it
/// @param seed of all randomness
/// @param parameters every parameter with its value, as text with its unit, and where the value is from
/// @param runs in the order in which they ran
/// @param conclusions what is seen when the runs are set side by side, sentences
/// @param machine a picture of the machine with PCI Express that they ran on, if it was one
public record ScenarioResult(
        String version,
        String scenario,
        String title,
        String about,
        String input,
        long seed,
        List<ParameterValue> parameters,
        List<RunResult> runs,
        List<String> conclusions,
        Optional<Sketch> machine) {
    public ScenarioResult {
        parameters = List.copyOf(parameters);
        runs = List.copyOf(runs);
        conclusions = List.copyOf(conclusions);
    }

    /// A result from which nothing is concluded.
    public ScenarioResult(
            String version,
            String scenario,
            String title,
            String about,
            String input,
            long seed,
            List<ParameterValue> parameters,
            List<RunResult> runs,
            Optional<Sketch> machine) {
        this(version, scenario, title, about, input, seed, parameters, runs, List.of(), machine);
    }

    /// A result of a machine that has no picture.
    public ScenarioResult(
            String version,
            String scenario,
            String title,
            String about,
            String input,
            long seed,
            List<ParameterValue> parameters,
            List<RunResult> runs) {
        this(version, scenario, title, about, input, seed, parameters, runs, Optional.empty());
    }

    /// One parameter as it was used.
    ///
    /// @param path `machine.cpu.clock`
    /// @param value `8 MHz`
    /// @param origin who set it: `default`, `profile board-8086`, `demo.yaml:12`, `--set`
    /// @param source why anybody should believe it: data sheet page, measurement, assumption
    /// @param help what it means
    public record ParameterValue(String path, String value, String origin, String source, String help) {}

    /// Whether every run was as expected.
    public boolean ok() {
        return runs.stream().allMatch(RunResult::ok);
    }

    /// A hash over the traces of all runs, 16 hexadecimal digits.
    public String traceHash() {
        long hash = 0;
        for (RunResult run : runs) {
            hash = (Long.rotateLeft(hash, 17) ^ Long.parseUnsignedLong(run.traceHash(), 16)) * 0x9E37_79B9_7F4A_7C15L;
        }
        return String.format("%016x", hash);
    }
}
