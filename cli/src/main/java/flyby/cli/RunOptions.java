package flyby.cli;

import flyby.base.LabException;
import flyby.params.Given;
import flyby.study.Input;
import flyby.study.PlannedFaults;
import flyby.study.ScenarioLibrary;
import flyby.study.ScenarioRunner;
import flyby.study.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The options that run and demo share.
final class RunOptions {
    @Option(
            names = "--input",
            paramLabel = "FILE",
            description =
                    "Move this file instead of the scenario's own. ./flyby list NAME says if its size is limited.")
    private @Nullable String input;

    @Option(names = "--seed", paramLabel = "N", description = "The seed of all randomness, decimal or 0x...")
    private @Nullable String seed;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Change one parameter, as in --set machine.clock=10MHz. May be repeated; of two for one path"
                    + " the last counts. ./flyby list NAME shows all.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--fault",
            paramLabel = "DEVICE:RULE",
            description = "Make faults at a device of a machine with PCI Express, as in --fault"
                    + " 'sg0:drop interrupt every 10th'. May be repeated. docs/faults.md has the rules.")
    private List<String> fault = new ArrayList<>();

    @Option(
            names = "--record",
            paramLabel = "DEVICE=FILE",
            description = "Record everything between a device of a machine with PCI Express and its function, for"
                    + " ./flyby replay. Of several runs, each has a file of its own: FILE with -RUN before its"
                    + " ending.")
    private List<String> record = new ArrayList<>();

    @Option(
            names = "--check",
            description =
                    "Have the checker look on: whatever driver, device and CPU do against the rules of the DMA API"
                            + " is told, and the exit status is 1 then. docs/checking.md tells more.")
    private boolean check;

    @Option(
            names = "--json",
            description = "Print one JSON document instead of the table, and nothing else, on standard output.")
    private boolean json;

    @Option(
            names = "--explain",
            description = "Say after each run what its 8237As were about at the end, and why they did not do what"
                    + " somebody may have expected.")
    private boolean explain;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write files there; made if missing. Each file is written whole or not at all.")
    private @Nullable String out;

    @Option(
            names = "--trace",
            split = ",",
            paramLabel = "KIND",
            description = {
                "Which files to write, with commas between:",
                "report    SCENARIO.html, opens in any browser, offline",
                "json      SCENARIO.json, the document of --json",
                "perfetto  SCENARIO.pftrace, opens in ui.perfetto.dev",
                "vcd       SCENARIO-RUN.vcd, opens in GTKWave",
                "all       all of these",
                "Default with --out: report,json. Without --out they go to flyby-out."
            })
    private List<String> trace = new ArrayList<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /// What the user typed, as far as it can be typed again.
    String commandLine() {
        StringBuilder text = new StringBuilder("./flyby");
        CommandLine.ParseResult parsed = command.root().commandLine().getParseResult();
        for (String word : parsed == null ? List.<String>of() : parsed.originalArgs()) {
            boolean plain = word.matches("[A-Za-z0-9_./:=,@%+-]+");
            text.append(' ').append(plain ? word : "'" + word.replace("'", "'\\''") + "'");
        }
        return text.toString();
    }

    boolean json() {
        return json;
    }

    boolean check() {
        return check;
    }

    boolean explain() {
        return explain;
    }

    Optional<String> out() {
        return Optional.ofNullable(out);
    }

    List<String> trace() {
        return List.copyOf(trace);
    }

    /// What is to be recorded.
    ///
    /// @throws LabException if one of them cannot be used
    RecordingFiles recordings() {
        return new RecordingFiles(record);
    }

    /// What the options change.
    ///
    /// @throws LabException if one of them cannot be used
    ScenarioRunner.Overrides overrides() {
        String seedText = seed;
        OptionalLong chosen =
                seedText == null ? OptionalLong.empty() : OptionalLong.of(Seeds.parse(seedText, "--seed"));
        return new ScenarioRunner.Overrides(
                Given.fromCommandLine(set),
                chosen,
                Optional.ofNullable(input).map(RunOptions::open),
                PlannedFaults.fromCommandLine(fault),
                check);
    }

    private static Input open(String name) {
        if (name.equals("-")) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    "--input",
                    "-",
                    "a file: standard input can be read only once, and each run reads from the start");
        }
        return Input.file(ScenarioLibrary.path(name), name);
    }
}
