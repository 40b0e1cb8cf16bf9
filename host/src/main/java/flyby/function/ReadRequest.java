package flyby.function;

import org.jspecify.annotations.Nullable;

/// A read of memory, or a translation request, that has been sent and not been answered: one for each tag.
final class ReadRequest {
    final int tag;
    /// Whether the tag is in use.
    boolean isOut;
    /// Whether somebody waits for the answer. If nobody does and it is out, an answer can still come.
    boolean isAwaited;
    /// Whose bytes they are; null of a translation request.
    @Nullable
    Flight flight;

    /// Where the next bytes go in the transaction.
    int offset;
    /// Bytes still to come.
    int left;

    long sentPicos;
    /// Which one it is of all that were sent.
    long number;

    /// Neighbours in the list of those that are awaited, oldest first.
    @Nullable
    ReadRequest before;

    @Nullable
    ReadRequest after;

    ReadRequest(int tag) {
        this.tag = tag;
    }
}
