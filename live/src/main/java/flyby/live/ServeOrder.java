package flyby.live;

import flyby.base.LabException;
import flyby.fault.FaultPlan;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Quote;
import flyby.params.Settings;
import flyby.topology.DeviceKind;
import flyby.topology.FunctionCatalogue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which device to serve, and how.
///
/// @param kind as machine descriptions call it
/// @param settings of [FunctionCatalogue]
/// @param file the medium of a drive; null for one in memory
/// @param doorbells how a guest rings them
/// @param faults to be made
/// @param recording where everything that crosses the seam is written; null for nowhere
/// @param isChecked whether each access is held against what the guest's driver has mapped
public record ServeOrder(
        String kind,
        Settings settings,
        @Nullable Path file,
        Doorbells doorbells,
        FaultPlan faults,
        @Nullable Path recording,
        boolean isChecked) {
    /// How a guest rings doorbells.
    public enum Doorbells {
        /// By writes that the server is told of.
        TRAPPED,
        /// By stores to memory, which the server looks at. Of devices that have doorbells in a page of their own.
        MAPPED
    }

    /// A device of `kind` as `givens` say, with nothing around it.
    ///
    /// @throws LabException if there is no such kind, or its settings cannot be used
    public static ServeOrder of(String kind, List<Given> givens) {
        if (!DeviceKind.words().contains(kind)) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    "DEVICE",
                    Quote.of(kind),
                    "one of " + String.join(", ", DeviceKind.words()));
        }
        List<Given> all = new ArrayList<>(givens);
        all.add(new Given("device", kind, Origin.commandLine("DEVICE")));
        Settings settings = Settings.resolve(FunctionCatalogue.PARAMETERS, List.of(), List.of(), all);
        return new ServeOrder(kind, settings, null, Doorbells.TRAPPED, FaultPlan.none(), null, false);
    }

    /// The same with `newFile` for its medium.
    ///
    /// @throws LabException if it has none
    public ServeOrder withFile(Path newFile) {
        if (FunctionCatalogue.device(settings) != DeviceKind.NVME) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT, "--file", newFile.toString(), "a file for an nvme only");
        }
        return new ServeOrder(kind, settings, newFile, doorbells, faults, recording, isChecked);
    }

    /// The same with doorbells that are rung otherwise.
    public ServeOrder with(Doorbells other) {
        if (other == Doorbells.MAPPED && FunctionCatalogue.device(settings) != DeviceKind.NVME) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT, "--doorbells", "mapped", "trapped: " + kind + " has none");
        }
        return new ServeOrder(kind, settings, file, other, faults, recording, isChecked);
    }

    /// The same with faults.
    public ServeOrder with(FaultPlan plan) {
        return new ServeOrder(kind, settings, file, doorbells, plan, recording, isChecked);
    }

    /// The same, recorded.
    public ServeOrder recordedTo(Path newRecording) {
        return new ServeOrder(kind, settings, file, doorbells, faults, newRecording, isChecked);
    }

    /// The same, checked.
    public ServeOrder checked() {
        return new ServeOrder(kind, settings, file, doorbells, faults, recording, true);
    }
}
