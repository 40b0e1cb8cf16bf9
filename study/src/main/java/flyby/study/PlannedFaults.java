package flyby.study;

import flyby.base.LabException;
import flyby.fault.FaultPlan;
import java.util.ArrayList;
import java.util.List;

/// Which faults are to be made at which device of a machine.
///
/// @param device by its name in the machine
public record PlannedFaults(String device, FaultPlan plan) {
    /// Reads the `device:rule` arguments of `--fault`.
    ///
    /// @throws LabException if an argument has no `:` or nothing before it, or its rule cannot be read
    public static List<PlannedFaults> fromCommandLine(List<String> arguments) {
        List<PlannedFaults> planned = new ArrayList<>();
        for (String argument : arguments) {
            int colon = argument.indexOf(':');
            if (colon <= 0) {
                throw new LabException(
                        LabException.Kind.BAD_INPUT,
                        "--fault",
                        "\"" + argument + "\"",
                        "device:rule, as in \"sg0:drop interrupt every 10th\"");
            }
            String device = argument.substring(0, colon).strip();
            planned.add(new PlannedFaults(device, FaultPlan.parse("--fault " + device, argument.substring(colon + 1))));
        }
        return planned;
    }
}
