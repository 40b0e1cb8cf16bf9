package flyby.topology;

import java.util.List;

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
}
