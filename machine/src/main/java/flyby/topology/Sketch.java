package flyby.topology;

import java.util.List;

/// What a picture of a machine shows, however it is drawn: boxes that hold CPUs and memory, and below them, on a
/// common trunk, what is plugged in.
///
/// @param name the machine's
/// @param title one line
/// @param boxes what is above the trunk: sockets
/// @param trunk what joins them: the root complex, or a bus
/// @param below what hangs from the trunk
public record Sketch(String name, String title, List<Box> boxes, Box trunk, List<Node> below) {
    public Sketch {
        boxes = List.copyOf(boxes);
        below = List.copyOf(below);
    }

    /// Something with a name, and what is to be known of it, a line each.
    public record Box(String name, List<String> facts) {
        public Box {
            facts = List.copyOf(facts);
        }
    }

    /// Something that is plugged in.
    ///
    /// @param link how it is joined to what is above it; empty if there is nothing to be said of that
    /// @param box what it is
    /// @param below what is plugged into it
    public record Node(String link, Box box, List<Node> below) {
        public Node {
            below = List.copyOf(below);
        }
    }
}
