package flyby.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Waits until one of a few descriptors can be read, or until a time.
public final class Poll {
    /// Wait for ever.
    public static final long FOREVER = Long.MAX_VALUE;

    private static final short READABLE = 1;
    private static final int ENTRY_BYTES = 8;
    private static final long SECOND = 1_000_000_000L;

    private final int count;
    private final MemorySegment state;
    private final MemorySegment entries;
    private final MemorySegment time;

    public Poll(Descriptor... descriptors) {
        count = descriptors.length;
        Arena arena = Arena.ofAuto();
        state = arena.allocate(Calls.state());
        entries = arena.allocate((long) ENTRY_BYTES * count, 8);
        time = arena.allocate(16, 8);
        for (int i = 0; i < count; i++) {
            entries.set(JAVA_INT, (long) ENTRY_BYTES * i, descriptors[i].number());
            entries.set(JAVA_SHORT, (long) ENTRY_BYTES * i + 4, READABLE);
        }
    }

    /// Lets waits of the calling thread end when they are to, and not up to 50 us later, as Linux has it to save
    /// power.
    public static void precisely() {
        int setTimerSlack = 29;
        try (Arena arena = Arena.ofConfined()) {
            int _ = (int) Calls.CONTROL.invokeExact(arena.allocate(Calls.state()), setTimerSlack, 1L, 0L, 0L, 0L);
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
    }

    /// Waits at most `nanos`. A descriptor that has failed or been closed at its other end can be read, too.
    public void await(long nanos) throws PosixException {
        MemorySegment limit = MemorySegment.NULL;
        if (nanos != FOREVER) {
            time.set(JAVA_LONG, 0, nanos / SECOND);
            time.set(JAVA_LONG, 8, nanos % SECOND);
            limit = time;
        }
        int ready;
        try {
            ready = (int) Calls.POLL.invokeExact(state, entries, (long) count, limit, MemorySegment.NULL);
        } catch (Throwable thrown) {
            throw Calls.fault(thrown);
        }
        if (ready < 0) {
            for (int i = 0; i < count; i++) {
                entries.set(JAVA_SHORT, (long) ENTRY_BYTES * i + 6, (short) 0);
            }
            if (Calls.errno(state) != Errors.INTERRUPTED) {
                throw new PosixException("poll", Calls.errno(state));
            }
        }
    }

    /// Whether descriptor `index` can be read, as the last wait found.
    public boolean isReadable(int index) {
        return entries.get(JAVA_SHORT, (long) ENTRY_BYTES * index + 6) != 0;
    }
}
