package flyby.memory;

import flyby.base.Check;
import flyby.bus.MemoryType;
import java.util.Arrays;

/// Which addresses have which [MemoryType]: what range registers and page attributes say together.
///
/// What nobody has named is write-back if it is memory, and uncached if it is a device's register. Whatever was set
/// last for an address holds.
public final class MemoryTypes {
    // Ranges without overlap, in order: where each begins, where it ends, what it is.
    private long[] starts = new long[8];
    private long[] ends = new long[8];
    private MemoryType[] types = new MemoryType[8];
    private int count;

    // The range, or the gap between two, that was found last: most accesses lie where the one before lay.
    private long foundStart;
    private long foundEnd = Long.MAX_VALUE;
    private int found = -1;

    public MemoryTypes() {}

    /// Gives `byteCount` bytes from `address` on the type `type`.
    public void set(long address, long byteCount, MemoryType type) {
        Check.that(address >= 0 && byteCount > 0, "a range of %d bytes at 0x%x", byteCount, address);
        long end = address + byteCount;
        int first = firstEndingAfter(address);
        int last = first;
        while (last < count && starts[last] < end) {
            last++;
        }
        // Of the ranges from first up to, not including, last, only what sticks out on either side is left.
        boolean left = first < last && starts[first] < address;
        boolean right = first < last && ends[last - 1] > end;
        long leftStart = left ? starts[first] : 0;
        MemoryType leftType = left ? types[first] : type;
        long rightEnd = right ? ends[last - 1] : 0;
        MemoryType rightType = right ? types[last - 1] : type;
        int added = (left ? 1 : 0) + 1 + (right ? 1 : 0);
        replace(first, last - first, added);
        int at = first;
        if (left) {
            put(at++, leftStart, address, leftType);
        }
        put(at++, address, end, type);
        if (right) {
            put(at, end, rightEnd, rightType);
        }
        found = -1;
        foundStart = 0;
        foundEnd = 0;
    }

    /// The type of `address`.
    ///
    /// @param isRegister whether it is not memory
    public MemoryType of(long address, boolean isRegister) {
        if (address < foundStart || address >= foundEnd) {
            find(address);
        }
        if (found >= 0) {
            return types[found];
        }
        return isRegister ? MemoryType.UNCACHED : MemoryType.WRITE_BACK;
    }

    private void find(long address) {
        int at = firstEndingAfter(address);
        if (at < count && starts[at] <= address) {
            found = at;
            foundStart = starts[at];
            foundEnd = ends[at];
        } else {
            found = -1;
            foundStart = at == 0 ? 0 : ends[at - 1];
            foundEnd = at == count ? Long.MAX_VALUE : starts[at];
        }
    }

    private int firstEndingAfter(long address) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ends[middle] > address) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void put(int at, long start, long end, MemoryType type) {
        starts[at] = start;
        ends[at] = end;
        types[at] = type;
    }

    /// Makes room for `added` ranges in the place of `removed` ones from `at` on.
    private void replace(int at, int removed, int added) {
        int newCount = count - removed + added;
        if (newCount > starts.length) {
            int room = Math.max(newCount, 2 * starts.length);
            starts = Arrays.copyOf(starts, room);
            ends = Arrays.copyOf(ends, room);
            types = Arrays.copyOf(types, room);
        }
        int rest = count - at - removed;
        System.arraycopy(starts, at + removed, starts, at + added, rest);
        System.arraycopy(ends, at + removed, ends, at + added, rest);
        System.arraycopy(types, at + removed, types, at + added, rest);
        count = newCount;
    }
}
