package flyby.function;

/// Invalidate requests that have been carried out and not been answered, as reads that were sent before them are
/// still on their way with what was invalidated: section 10.3.2. In the order in which they came.
final class Invalidations {
    private final int[] requesterIds = new int[Translations.QUEUE_DEPTH];
    private final int[] tags = new int[Translations.QUEUE_DEPTH];
    private final long[] readsBefore = new long[Translations.QUEUE_DEPTH];
    private int first;
    private int count;

    /// Adds one. The other end keeps to the depth of the queue that the function states.
    ///
    /// @param takenCount how many reads had been sent
    /// @return whether there was room
    boolean add(int requesterId, int tag, long takenCount) {
        if (count == tags.length) {
            return false;
        }
        int at = (first + count) % tags.length;
        requesterIds[at] = requesterId;
        tags[at] = tag;
        readsBefore[at] = takenCount;
        count++;
        return true;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// Of the one that came first, how many reads had been sent before it.
    long readsBefore() {
        return readsBefore[first];
    }

    /// Of the one that came first, who asked.
    int requesterId() {
        return requesterIds[first];
    }

    /// Of the one that came first, its ITag.
    int tag() {
        return tags[first];
    }

    void removeFirst() {
        first = (first + 1) % tags.length;
        count--;
    }

    void clear() {
        count = 0;
    }
}
