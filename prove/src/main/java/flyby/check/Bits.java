package flyby.check;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Flags of many bytes at once.
final class Bits {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final long EACH = 0x0101_0101_0101_0101L;

    private Bits() {}

    /// All bits that any of `count` bytes has.
    static byte any(byte[] flags, int from, int count) {
        long bits = 0;
        int at = from;
        int end = from + count;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            bits |= (long) LONGS.get(flags, at);
        }
        for (; at < end; at++) {
            bits |= flags[at] & 0xff;
        }
        bits |= bits >>> 32;
        bits |= bits >>> 16;
        return (byte) (bits | bits >>> 8);
    }

    /// Whether all of `count` bytes have one of the bits of `wanted`.
    static boolean haveAll(byte[] flags, int from, int count, byte wanted) {
        for (int at = from; at < from + count; at++) {
            if ((flags[at] & wanted) == 0) {
                return false;
            }
        }
        return true;
    }

    /// Clears and then sets bits of `count` bytes.
    static void change(byte[] flags, int from, int count, int cleared, int set) {
        long keep = ~(EACH * (cleared & 0xff));
        long add = EACH * (set & 0xff);
        int at = from;
        int end = from + count;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            LONGS.set(flags, at, ((long) LONGS.get(flags, at) & keep) | add);
        }
        for (; at < end; at++) {
            flags[at] = (byte) ((flags[at] & keep) | add);
        }
    }

    /// Whether `count` bytes are the same.
    static boolean areSame(byte[] one, int from, byte[] other, int otherFrom, int count) {
        return Arrays.equals(one, from, from + count, other, otherFrom, otherFrom + count);
    }
}
