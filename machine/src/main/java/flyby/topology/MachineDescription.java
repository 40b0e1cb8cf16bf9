package flyby.topology;

import flyby.params.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A machine that can be built: read, complete and checked.
///
/// @param name the profile that it is, or begins with
/// @param title one line
/// @param machine the host, with all that is plugged in
public record MachineDescription(String name, String title, Part machine) {
    /// All parts of one kind, in the order in which enumeration meets them: depth first.
    public List<Part> all(PartKind kind) {
        return machine.all().filter(part -> part.kind() == kind).toList();
    }

    /// Every value of every part, by its path in a scenario file: `machine.root-ports.slot0.link.width`.
    public Map<String, Settings.Resolved> parameters() {
        Map<String, Settings.Resolved> values = new LinkedHashMap<>();
        machine.all().forEach(part -> {
            String prefix = part.path().isEmpty() ? "machine." : "machine." + part.path() + ".";
            part.settings()
                    .all()
                    .forEach(each -> values.put(prefix + each.parameter().path(), each));
        });
        return values;
    }
}
