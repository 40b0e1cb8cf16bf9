package flyby.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Register writes of the CPU, from the instruction to the device.
final class RegisterWrites {
    private static final int KEPT = 256;
    private static final long OFFSET_MASK = 0xfff;

    /// One of them.
    static final class Write {
        final long number;
        final long address;
        final long value;
        final int byteCount;
        final CallSite site;
        final long timePicos;
        /// When it reached its device; -1 if it has not yet.
        long arrivalPicos = -1;

        Write(long number, long address, long value, int byteCount, CallSite site, long timePicos) {
            this.number = number;
            this.address = address;
            this.value = value;
            this.byteCount = byteCount;
            this.site = site;
            this.timePicos = timePicos;
        }
    }

    /// What a device is just being told.
    private @Nullable Write arriving;

    private final Deque<Write> writes = new ArrayDeque<>();
    /// By device: the number of the last that it has heard of.
    private final Map<String, Long> heard = new TreeMap<>();

    void issued(Write write) {
        if (writes.size() == KEPT) {
            writes.removeFirst();
        }
        writes.addLast(write);
    }

    /// `device` has got a write of `value`.
    void arrived(String device, long offset, int byteCount, long value, long nowPicos) {
        long mask = byteCount == Long.BYTES ? -1L : (1L << (8 * byteCount)) - 1;
        for (Write write : writes) {
            boolean isIt = write.arrivalPicos < 0
                    && (write.address & OFFSET_MASK) == (offset & OFFSET_MASK)
                    && write.byteCount == byteCount
                    && (write.value & mask) == (value & mask);
            if (isIt) {
                write.arrivalPicos = nowPicos;
                heard.merge(device, write.number, Math::max);
                arriving = write;
                return;
            }
        }
    }

    /// All that was written has arrived.
    void flushed(long nowPicos) {
        for (Write write : writes.reversed()) {
            if (write.arrivalPicos >= 0) {
                continue;
            }
            write.arrivalPicos = nowPicos;
        }
    }

    /// What a device is just being told; null if nothing.
    @Nullable
    Write arriving() {
        return arriving;
    }

    /// It has been told.
    void over() {
        arriving = null;
    }

    /// The number of the last register write that `device` has heard of; 0 if of none.
    long heardBy(String device) {
        return heard.getOrDefault(device, 0L);
    }

    /// What was written before record `number` and has not arrived yet, the newest of them.
    @Nullable
    Write lateBefore(long number) {
        for (Write write : writes.reversed()) {
            if (write.number < number && write.arrivalPicos < 0) {
                return write;
            }
        }
        return null;
    }
}
