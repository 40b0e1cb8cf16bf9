package flyby.function;

import org.jspecify.annotations.Nullable;

/// A read of memory that has been sent and not been answered: one for each tag.
final class ReadRequest {
    final int tag;
    /// Whose bytes they are; null once nobody waits for them any more.
    @Nullable
    Flight flight;

    /// Where the next bytes go in the transaction.
    int offset;
    /// Bytes still to come.
    int left;

    long sentPicos;
    /// Whether the tag is in use.
    boolean isOut;

    /// Neighbours in the list of those that wait, oldest first.
    @Nullable
    ReadRequest before;

    @Nullable
    ReadRequest after;

    ReadRequest(int tag) {
        this.tag = tag;
    }
}
