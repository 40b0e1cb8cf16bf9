package flyby.core;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// The buffers in which a core collects stores to write-combining memory. SDM volume 3, section 11.3.1.
///
/// A buffer goes out when all of its line is written, when another line needs it, and when the core orders its
/// stores. What goes out together is a run of bytes without gaps; nothing is made up between two runs. The oldest
/// line goes first: one order of those that the specification allows.
///
/// A buffer is occupied from the first store to its line until whoever takes the line has accepted it, and so buffers,
/// 64 bytes and that time say how fast a long copy is. Ordering waits until all have been accepted: from then on
/// others see the stores, which is what a store fence promises (SDM volume 2, SFENCE).
final class CombiningBuffers {
    static final int LINE_BYTES = 64;
    private static final long EMPTY = -1;
    private static final long FULL = -1L;

    /// Where runs of bytes go.
    interface Sink {
        /// Takes `byteCount` bytes (1 to 64) for `address`; lets the time pass that the core is busy with it.
        ///
        /// @return when they have been accepted
        long take(long address, byte[] from, int offset, int byteCount);
    }

    private final Sink sink;
    private final LongSupplier nowPicos;
    private final LongConsumer waitUntil;
    /// In order of their first store; those behind [#count] are empty or on their way.
    private final long[] lines;

    /// A bit for each byte that was stored.
    private final long[] masks;
    private final byte[][] bytes;
    private int count;

    /// When the lines that are on their way will have been accepted: a ring of [#leaving] times from [#first] on, none
    /// before the one that left before it.
    private final long[] accepted;

    private int first;
    private int leaving;

    /// @param waitUntil lets time pass
    CombiningBuffers(int bufferCount, Sink sink, LongSupplier nowPicos, LongConsumer waitUntil) {
        this.sink = sink;
        this.nowPicos = nowPicos;
        this.waitUntil = waitUntil;
        this.lines = new long[bufferCount];
        this.masks = new long[bufferCount];
        this.bytes = new byte[bufferCount][LINE_BYTES];
        this.accepted = new long[bufferCount];
        Arrays.fill(lines, EMPTY);
    }

    /// Stores `byteCount` bytes at `address`, which lie in one line. Waits for a buffer, if none is free.
    void store(long address, byte[] from, int offset, int byteCount) {
        long line = address / LINE_BYTES;
        int within = (int) (address % LINE_BYTES);
        int buffer = find(line);
        if (buffer == count) {
            awaitBuffer();
            buffer = count++;
            lines[buffer] = line;
            masks[buffer] = 0;
        }
        System.arraycopy(from, offset, bytes[buffer], within, byteCount);
        masks[buffer] |= (-1L >>> (64 - byteCount)) << within;
        if (masks[buffer] == FULL) {
            drain(buffer);
        }
    }

    /// Empties all buffers, and waits until the lines have been accepted.
    void drain() {
        while (count > 0) {
            drain(0);
        }
        while (leaving() > 0) {
            waitUntil.accept(accepted[(first + leaving - 1) % accepted.length]);
        }
    }

    private int find(long line) {
        int buffer = 0;
        while (buffer < count && lines[buffer] != line) {
            buffer++;
        }
        return buffer;
    }

    /// If lines are on their way, the first of them gives up its buffer; if none are, the oldest line has to go.
    private void awaitBuffer() {
        while (count + leaving() >= lines.length) {
            if (leaving == 0) {
                drain(0);
            } else {
                waitUntil.accept(accepted[first]);
            }
        }
    }

    /// How many lines are on their way now.
    private int leaving() {
        long now = nowPicos.getAsLong();
        while (leaving > 0 && accepted[first] <= now) {
            first = (first + 1) % accepted.length;
            leaving--;
        }
        return leaving;
    }

    /// Sends a line on its way. There is room among those that leave: they and those that collect are no more than
    /// there are buffers.
    private void drain(int buffer) {
        long address = lines[buffer] * LINE_BYTES;
        long rest = masks[buffer];
        byte[] going = bytes[buffer];
        count--;
        for (int i = buffer; i < count; i++) {
            lines[i] = lines[i + 1];
            masks[i] = masks[i + 1];
            bytes[i] = bytes[i + 1];
        }
        lines[count] = EMPTY;
        bytes[count] = going;
        long latest = leaving == 0 ? 0 : accepted[(first + leaving - 1) % accepted.length];
        while (rest != 0) {
            int from = Long.numberOfTrailingZeros(rest);
            int run = Long.numberOfTrailingZeros(~(rest >>> from));
            latest = Math.max(latest, sink.take(address + from, going, from, run));
            rest &= from + run == LINE_BYTES ? 0 : -1L << (from + run);
        }
        accepted[(first + leaving) % accepted.length] = latest;
        leaving++;
    }
}
