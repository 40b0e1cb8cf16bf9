package flyby.topology;

import flyby.params.Settings;
import java.util.List;
import java.util.stream.Stream;

/// A part of a machine: its values, and what is inside or plugged into it.
///
/// @param name unique among its kind in the same place
/// @param path how files call it: `root-ports.slot0.functions.copy0`; empty for the machine itself
/// @param place where it stands in the file, for messages; of a shipped part, the profile
/// @param parts in the order in which they were named; of a port, its functions or one switch
public record Part(PartKind kind, String name, String path, String place, Settings settings, List<Part> parts) {
    public Part {
        parts = List.copyOf(parts);
    }

    /// Those inside of one kind.
    public List<Part> parts(PartKind wanted) {
        return parts.stream().filter(part -> part.kind == wanted).toList();
    }

    /// This one and all inside of it, each before what is inside of it.
    public Stream<Part> all() {
        return Stream.concat(Stream.of(this), parts.stream().flatMap(Part::all));
    }
}
