package flyby.function;

import flyby.pcie.TagWidth;
import org.jspecify.annotations.Nullable;

/// The tags of a function's reads: section 2.2.6.2. Given out one behind the other, round and round, so that a tag
/// rests as long as it can before it is used again.
final class ReadTags {
    private final ReadRequest[] requests = new ReadRequest[1_024];
    private final int most;
    private int first;
    private int count;
    private int next;
    private int outCount;
    private long takenCount;
    private @Nullable ReadRequest oldest;
    private @Nullable ReadRequest youngest;

    /// @param most the most reads outstanding, whatever the width
    ReadTags(int most) {
        this.most = most;
        for (int tag = 0; tag < requests.length; tag++) {
            requests[tag] = new ReadRequest(tag);
        }
    }

    /// From now on tags are this wide; those that are out stay so.
    void width(TagWidth width) {
        first = width.firstTag();
        count = Math.min(width.tagCount(), most);
        next = 0;
    }

    /// The next tag, or null if all are out. It is out from now on.
    ///
    /// @param flight whose bytes are asked for; null for a translation request
    @Nullable
    ReadRequest take(@Nullable Flight flight, long nowPicos) {
        for (int i = 0; i < count && outCount < count; i++) {
            ReadRequest request = requests[first + next];
            next = next + 1 == count ? 0 : next + 1;
            if (!request.isOut) {
                request.isOut = true;
                request.flight = flight;
                request.sentPicos = nowPicos;
                request.number = ++takenCount;
                outCount++;
                append(request);
                return request;
            }
        }
        return null;
    }

    /// What is out with `tag`, or null.
    @Nullable
    ReadRequest out(int tag) {
        ReadRequest request = tag < requests.length ? requests[tag] : null;
        return request != null && request.isOut ? request : null;
    }

    /// The one that is awaited longest, or null if none is.
    @Nullable
    ReadRequest oldest() {
        return oldest;
    }

    /// Nobody waits for `request` any more; its tag stays out, as an answer could still come.
    void abandon(ReadRequest request) {
        if (request.isAwaited) {
            request.isAwaited = false;
            request.flight = null;
            remove(request);
        }
    }

    /// The answer to `request` has come, whole, or none can come any more: its tag is free.
    void free(ReadRequest request) {
        abandon(request);
        request.isOut = false;
        outCount--;
    }

    /// Frees the tags of all that nobody waits for.
    void freeAbandoned() {
        for (ReadRequest request : requests) {
            if (request.isOut && !request.isAwaited) {
                free(request);
            }
        }
    }

    /// How many there are.
    int count() {
        return count;
    }

    /// How many are in use.
    int outCount() {
        return outCount;
    }

    /// How many have been taken ever.
    long takenCount() {
        return takenCount;
    }

    /// Whether somebody waits for one of the first `number` that were taken.
    boolean isAwaitedUpTo(long number) {
        ReadRequest longest = oldest;
        return longest != null && longest.number <= number;
    }

    private void append(ReadRequest request) {
        request.isAwaited = true;
        ReadRequest last = youngest;
        request.before = last;
        if (last == null) {
            oldest = request;
        } else {
            last.after = request;
        }
        youngest = request;
    }

    private void remove(ReadRequest request) {
        ReadRequest before = request.before;
        ReadRequest after = request.after;
        if (before == null) {
            oldest = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            youngest = before;
        } else {
            after.before = before;
        }
        request.before = null;
        request.after = null;
    }
}
