package flyby.link;

import java.util.Arrays;

/// The bytes that a [Train] carries, the oldest first: each piece lies in one array and goes to addresses that
/// follow each other.
final class Pieces {
    private static final byte[] NO_BYTES = new byte[0];

    private byte[][] datas = filled(4);
    private int[] offsets = new int[4];
    private int[] byteCounts = new int[4];
    private long[] addresses = new long[4];
    private int count;
    private byte[] kept = NO_BYTES;
    private byte[] spare = NO_BYTES;

    private static byte[][] filled(int length) {
        byte[][] arrays = new byte[length][];
        Arrays.fill(arrays, NO_BYTES);
        return arrays;
    }

    /// A new piece, of no bytes yet.
    void add(byte[] data, int offset, long address) {
        if (count == datas.length) {
            byte[][] more = filled(2 * count);
            System.arraycopy(datas, 0, more, 0, count);
            datas = more;
            offsets = Arrays.copyOf(offsets, 2 * count);
            byteCounts = Arrays.copyOf(byteCounts, 2 * count);
            addresses = Arrays.copyOf(addresses, 2 * count);
        }
        datas[count] = data;
        offsets[count] = offset;
        byteCounts[count] = 0;
        addresses[count] = address;
        count++;
    }

    /// The newest piece has `more` bytes more.
    void extend(int more) {
        byteCounts[count - 1] += more;
    }

    /// Hands over the oldest `byteCount` bytes of all.
    void handOver(TrainReceiver receiver, int byteCount) {
        int left = byteCount;
        int over = 0;
        while (left > 0) {
            int part = Math.min(left, byteCounts[over]);
            if (part > 0) {
                receiver.arrived(datas[over], offsets[over], part, addresses[over]);
                offsets[over] += part;
                byteCounts[over] -= part;
                addresses[over] += part;
                left -= part;
            }
            if (byteCounts[over] == 0 && over < count - 1) {
                over++;
            }
        }
        remove(over);
    }

    private void remove(int over) {
        if (over > 0) {
            count -= over;
            System.arraycopy(datas, over, datas, 0, count);
            System.arraycopy(offsets, over, offsets, 0, count);
            System.arraycopy(byteCounts, over, byteCounts, 0, count);
            System.arraycopy(addresses, over, addresses, 0, count);
        }
    }

    /// Copies all bytes, so that their owners may do with theirs what they like. The newest piece ends.
    void keep() {
        int byteCount = 0;
        for (int i = 0; i < count; i++) {
            byteCount += byteCounts[i];
        }
        if (byteCount == 0) {
            count = 0;
            return;
        }
        // What was kept before is copied too, into the other of the two buffers.
        byte[] to = spare.length < byteCount ? new byte[2 * byteCount] : spare;
        spare = kept;
        kept = to;
        int offset = 0;
        for (int i = 0; i < count; i++) {
            System.arraycopy(datas[i], offsets[i], to, offset, byteCounts[i]);
            datas[i] = to;
            offsets[i] = offset;
            offset += byteCounts[i];
        }
    }

    /// All but the oldest `byteCount` bytes are lost.
    void lose(int byteCount) {
        int left = byteCount;
        for (int i = 0; i < count; i++) {
            byteCounts[i] = Math.min(byteCounts[i], left);
            left -= byteCounts[i];
        }
    }
}
