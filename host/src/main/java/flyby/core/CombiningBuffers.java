package flyby.core;

import java.util.Arrays;

/// The buffers in which a core collects stores to write-combining memory. SDM volume 3, section 11.3.1.
///
/// A buffer goes out when all of its line is written, when another line needs it, and when the core orders its
/// stores. What goes out together is a run of bytes without gaps; nothing is made up between two runs. The oldest
/// line goes first: one order of those that the specification allows.
final class CombiningBuffers {
    static final int LINE_BYTES = 64;
    private static final long EMPTY = -1;
    private static final long FULL = -1L;

    /// Where runs of bytes go.
    interface Sink {
        /// Takes `byteCount` bytes (1 to 64) for `address`; lets the time pass that this takes.
        void take(long address, byte[] from, int offset, int byteCount);
    }

    private final Sink sink;
    /// In order of their first store; those behind [#count] are empty.
    private final long[] lines;

    /// A bit for each byte that was stored.
    private final long[] masks;
    private final byte[][] bytes;
    private int count;

    CombiningBuffers(int bufferCount, Sink sink) {
        this.sink = sink;
        this.lines = new long[bufferCount];
        this.masks = new long[bufferCount];
        this.bytes = new byte[bufferCount][LINE_BYTES];
        Arrays.fill(lines, EMPTY);
    }

    /// Stores `byteCount` bytes at `address`, which lie in one line.
    void store(long address, byte[] from, int offset, int byteCount) {
        long line = address / LINE_BYTES;
        int within = (int) (address % LINE_BYTES);
        int buffer = find(line);
        if (buffer == count) {
            if (count == lines.length) {
                drain(0);
            }
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

    /// Empties all buffers.
    void drain() {
        while (count > 0) {
            drain(0);
        }
    }

    private int find(long line) {
        int buffer = 0;
        while (buffer < count && lines[buffer] != line) {
            buffer++;
        }
        return buffer;
    }

    /// The buffer is free before its bytes are on their way, because an interrupt handler may store while they are.
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
        while (rest != 0) {
            int from = Long.numberOfTrailingZeros(rest);
            int run = Long.numberOfTrailingZeros(~(rest >>> from));
            sink.take(address + from, going, from, run);
            rest &= from + run == LINE_BYTES ? 0 : -1L << (from + run);
        }
    }
}
