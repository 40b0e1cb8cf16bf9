package flyby.coherence;

/// States of a line in a cache: MESI. Numbers and not an enum, because arrays of bytes hold them.
///
/// In a core's cache they compare with the socket's other caches and memory; in a last-level cache with the other
/// sockets and memory.
final class LineState {
    static final byte INVALID = 0;
    /// Others may have it too, and all have the same.
    static final byte SHARED = 1;
    /// Nobody else has it.
    static final byte EXCLUSIVE = 2;
    /// Nobody else has it, and memory is out of date.
    static final byte MODIFIED = 3;

    private LineState() {}
}
