package flyby.nvme;

import java.util.Arrays;

/// Where a command's data are in the host's memory: pieces one behind the other, joined where they touch.
final class DataPlaces {
    private long[] addresses = new long[4];
    private int[] byteCounts = new int[4];
    private boolean[] buckets = new boolean[4];
    private int count;
    private int byteCount;

    void clear() {
        count = 0;
        byteCount = 0;
    }

    /// How many pieces.
    int count() {
        return count;
    }

    /// Bytes of all pieces.
    int byteCount() {
        return byteCount;
    }

    long address(int piece) {
        return addresses[piece];
    }

    int byteCount(int piece) {
        return byteCounts[piece];
    }

    /// Whether its bytes are to go nowhere.
    boolean isBucket(int piece) {
        return buckets[piece];
    }

    void add(long address, int bytes, boolean isBucket) {
        if (bytes == 0) {
            return;
        }
        byteCount += bytes;
        int last = count - 1;
        if (count > 0
                && address != 0
                && buckets[last] == isBucket
                && (isBucket || addresses[last] + byteCounts[last] == address)
                && byteCounts[last] + bytes <= HostMemory.BULK_BYTES) {
            byteCounts[last] += bytes;
            return;
        }
        int left = bytes;
        long at = address;
        while (left > 0) {
            if (count == addresses.length) {
                addresses = Arrays.copyOf(addresses, 2 * count);
                byteCounts = Arrays.copyOf(byteCounts, 2 * count);
                buckets = Arrays.copyOf(buckets, 2 * count);
            }
            int part = Math.min(left, HostMemory.BULK_BYTES);
            addresses[count] = at;
            byteCounts[count] = part;
            buckets[count] = isBucket;
            count++;
            at += part;
            left -= part;
        }
    }
}
