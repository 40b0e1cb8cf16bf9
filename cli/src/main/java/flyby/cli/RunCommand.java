package flyby.cli;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        header = {"Run a scenario and show what came out.", ""},
        description = {
            "",
            "SCENARIO is a shipped one (./flyby list) or a file of yours, such as my.yaml. The exit status is 0 if"
                    + " all came out as the scenario expects, and 1 if not: a driver bug shown is a 1.",
            "",
            "Examples:",
            "  ./flyby run demo --input my.iso --out results --trace report,perfetto",
            "  ./flyby run lost-write --set cure=true",
            "  ./flyby run my.yaml --seed 7 --json | jq .traceHash",
            ""
        },
        footer = {"", "Equal scenario, input, seed and version give equal output, byte for byte."})
final class RunCommand implements Callable<Integer> {
    private final Application application;

    @Parameters(index = "0", paramLabel = "SCENARIO", description = "A shipped scenario or a scenario file.")
    private String scenario = "";

    @Mixin
    private RunOptions options = new RunOptions();

    RunCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() {
        Set<OutputKind> kinds = OutputKind.parse(options.trace());
        boolean wanted = options.out().isPresent() || !kinds.isEmpty();
        if (wanted && kinds.isEmpty()) {
            kinds = EnumSet.of(OutputKind.REPORT, OutputKind.JSON);
        }
        return new ScenarioJob(application, options)
                .run(scenario, wanted ? options.out().orElse("flyby-out") : "", kinds);
    }
}
