package flyby.cli;

import flyby.base.LabException;
import flyby.fault.FaultPlan;
import flyby.live.ServeOrder;
import flyby.params.Given;
import flyby.params.Quote;
import flyby.study.ScenarioLibrary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options that say which device is served, and how.
final class ServeOptions {
    @Parameters(
            index = "0",
            paramLabel = "DEVICE",
            description = "nvme, edu, plx-dma, ioat, sg-dma, or another kind of device that machines have.")
    private String kind = "";

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "Set a parameter of the device. May be repeated; ./flyby show names them.")
    private List<String> set = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "The medium of an nvme; in memory without it.")
    private @Nullable String file;

    @Option(
            names = "--doorbells",
            paramLabel = "HOW",
            defaultValue = "trapped",
            description = "trapped: the server is told of each; mapped: the guest stores to memory that the server"
                    + " looks at. Default: ${DEFAULT-VALUE}")
    private String doorbells = "";

    @Option(
            names = "--fault",
            paramLabel = "RULE",
            description = "Make faults, as docs/faults.md says. May be repeated.")
    private List<String> faults = new ArrayList<>();

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description = "Write down everything that crosses the seam; ./flyby replay FILE does it again.")
    private @Nullable String record;

    @Option(
            names = "--check",
            description = "Hold each access of the device against what the guest's driver has mapped.")
    private boolean check;

    String kind() {
        return kind;
    }

    /// @throws LabException if something of it cannot be used
    ServeOrder order() {
        ServeOrder order = ServeOrder.of(kind, Given.fromCommandLine(set));
        String medium = file;
        if (medium != null) {
            order = order.withFile(ScenarioLibrary.path(medium));
        }
        FaultPlan plan = FaultPlan.none();
        for (String rule : faults) {
            plan = plan.and(FaultPlan.parse("--fault", rule));
        }
        order = order.with(plan).with(doorbells());
        String recording = record;
        if (recording != null) {
            order = order.recordedTo(ScenarioLibrary.path(recording));
        }
        return check ? order.checked() : order;
    }

    private ServeOrder.Doorbells doorbells() {
        return switch (doorbells) {
            case "trapped" -> ServeOrder.Doorbells.TRAPPED;
            case "mapped" -> ServeOrder.Doorbells.MAPPED;
            default ->
                throw new LabException(
                        LabException.Kind.BAD_INPUT, "--doorbells", Quote.of(doorbells), "trapped or mapped");
        };
    }
}
