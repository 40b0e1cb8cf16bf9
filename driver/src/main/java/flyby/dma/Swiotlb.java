package flyby.dma;

import flyby.base.Check;
import java.util.Arrays;

/// The pool of bounce buffers: memory that every device reaches, in slots of 2 KiB. Linux's `kernel/dma/swiotlb.c`,
/// with its search. The copying is the mapping's: see [#originalOf].
///
/// A segment of 128 slots is the most that one mapping can have. Each slot knows how many free ones follow it in its
/// segment, itself included, so that a search looks at one slot for each place.
public final class Swiotlb {
    /// IO_TLB_SIZE.
    public static final int SLOT_BYTES = 1 << 11;

    /// IO_TLB_SEGSIZE.
    public static final int SEGMENT_SLOTS = 128;

    /// The default pool: IO_TLB_DEFAULT_SIZE.
    public static final long DEFAULT_BYTES = 64 << 20;

    private static final int SLOT_SHIFT = 11;
    private static final int PAGE_BYTES = 4096;
    private static final long NOBODY = -1;

    private final long start;
    private final int slotCount;
    private final int areaCount;
    private final int areaSlots;
    // How many free slots follow in the segment, with this one.
    private final short[] list;
    private final long[] originals;
    private final int[] sizes;
    private final short[] padSlots;
    // Of each area, where the next search begins, and how many slots are in use.
    private final int[] nextIndex;
    private final int[] used;
    private int usedSlots;
    private int usedSlotsMax;

    /// @param start where the pool is, at a multiple of a page
    /// @param byteCount of the pool, a multiple of 256 KiB
    /// @param areas parts that are searched one after the other, beginning with the caller's: as many as CPUs in
    /// Linux. A power of two, each of a segment or more
    public Swiotlb(long start, long byteCount, int areas) {
        Check.that(
                start % PAGE_BYTES == 0 && byteCount > 0 && byteCount % (SEGMENT_SLOTS * SLOT_BYTES) == 0,
                "%d B for bounce buffers at 0x%x",
                byteCount,
                start);
        this.start = start;
        slotCount = Math.toIntExact(byteCount >>> SLOT_SHIFT);
        areaCount = areas;
        areaSlots = slotCount / areas;
        Check.that(
                Integer.bitCount(areas) == 1 && areaSlots % SEGMENT_SLOTS == 0 && areaSlots * areas == slotCount,
                "%d areas of %d slots",
                areas,
                slotCount);
        list = new short[slotCount];
        originals = new long[slotCount];
        sizes = new int[slotCount];
        padSlots = new short[slotCount];
        nextIndex = new int[areas];
        used = new int[areas];
        Arrays.fill(originals, NOBODY);
        for (int i = 0; i < slotCount; i++) {
            list[i] = (short) (SEGMENT_SLOTS - i % SEGMENT_SLOTS);
        }
    }

    /// Where the pool is.
    public long start() {
        return start;
    }

    /// Slots of the pool.
    public int slotCount() {
        return slotCount;
    }

    /// Slots in use.
    public int usedSlots() {
        return usedSlots;
    }

    /// The most slots that were in use at once.
    public int usedSlotsMax() {
        return usedSlotsMax;
    }

    /// Whether `physical` is in the pool. `swiotlb_find_pool`.
    public boolean contains(long physical) {
        return start <= physical && physical < start + ((long) slotCount << SLOT_SHIFT);
    }

    /// The longest mapping for a device that keeps the address bits of `minAlignMask`. `swiotlb_max_mapping_size`.
    public static long maxMappingBytes(int minAlignMask) {
        int lost = minAlignMask == 0 ? 0 : (minAlignMask + SLOT_BYTES - 1) / SLOT_BYTES * SLOT_BYTES;
        return (long) SLOT_BYTES * SEGMENT_SLOTS - lost;
    }

    /// What of an address stays within its slot, or within `alignMask`. `swiotlb_align_offset`.
    private static int alignOffset(int minAlignMask, int alignMask, long address) {
        return (int) (address & minAlignMask & (alignMask | (SLOT_BYTES - 1)));
    }

    /// Slots for `byteCount` bytes at `original`. `swiotlb_tbl_map_single`, without the copying.
    ///
    /// @param alignMask what the buffer is to be aligned to, minus one: a granule of the IOMMU, or 0
    /// @param minAlignMask address bits that the device wants to keep
    /// @param boundaryMask which no mapping may cross
    /// @param area where the search begins
    /// @return the physical address of the buffer, or -1 if there is no room
    public long allocate(long original, long byteCount, int alignMask, int minAlignMask, long boundaryMask, int area) {
        int offset = alignOffset(minAlignMask, alignMask, original);
        long size = byteCount + offset + alignMask & ~(long) alignMask;
        int index = findSlots(original, size, alignMask, minAlignMask, boundaryMask, area & (areaCount - 1));
        if (index < 0) {
            return -1;
        }
        int pad = offset >>> SLOT_SHIFT;
        offset &= SLOT_BYTES - 1;
        index += pad;
        padSlots[index] = (short) pad;
        for (int i = 0; i < slots(size) - pad; i++) {
            originals[index + i] = original + ((long) i << SLOT_SHIFT);
        }
        return address(index) + offset;
    }

    private int findSlots(long original, long size, int alignMask, int minAlignMask, long boundaryMask, int firstArea) {
        for (int i = 0; i < areaCount; i++) {
            int area = firstArea + i & (areaCount - 1);
            int index = searchArea(original, size, alignMask, minAlignMask, boundaryMask, area);
            if (index >= 0) {
                return index;
            }
        }
        return -1;
    }

    /// `swiotlb_search_pool_area`.
    private int searchArea(
            long original, long size, int givenAlignMask, int minAlignMask, long boundaryMask, int area) {
        long slots = slots(size);
        if (slots > areaSlots - used[area]) {
            return -1;
        }
        int alignMask = givenAlignMask;
        if (alignMask == 0 && minAlignMask == 0 && size >= PAGE_BYTES) {
            // Such mappings were page-aligned before anybody could ask for it.
            alignMask = PAGE_BYTES - 1;
        }
        alignMask |= SLOT_BYTES - 1;
        int keptMask = minAlignMask & ~alignMask;
        int stride = (Math.max(alignMask, keptMask) >>> SLOT_SHIFT) + 1;
        int base = area * areaSlots;
        int index = nextIndex[area];
        int checked = 0;
        while (checked < areaSlots) {
            int slot = base + index;
            long at = address(slot);
            if ((at & alignMask) != 0 || (at & keptMask) != (original & keptMask)) {
                index = wrapped(index + 1);
                checked++;
            } else if (!crosses(at, slots, boundaryMask) && list[slot] >= slots) {
                take(slot, (int) slots, size, alignOffset(minAlignMask, 0, original));
                nextIndex[area] = wrapped(index + (int) slots);
                used[area] += (int) slots;
                return slot;
            } else {
                index = wrapped(index + stride);
                checked += stride;
            }
        }
        return -1;
    }

    private static boolean crosses(long at, long slots, long boundaryMask) {
        long last = at + (slots << SLOT_SHIFT) - 1;
        return boundaryMask != -1L && (at & ~boundaryMask) != (last & ~boundaryMask);
    }

    private int wrapped(int index) {
        return index >= areaSlots ? 0 : index;
    }

    private void take(int slot, int slots, long size, int offset) {
        for (int i = 0; i < slots; i++) {
            list[slot + i] = 0;
            sizes[slot + i] = (int) (size - (offset + ((long) i << SLOT_SHIFT)));
        }
        short count = 0;
        for (int i = slot - 1; i >= 0 && i % SEGMENT_SLOTS != SEGMENT_SLOTS - 1 && list[i] != 0; i--) {
            count++;
            list[i] = count;
        }
        usedSlots += slots;
        usedSlotsMax = Math.max(usedSlotsMax, usedSlots);
    }

    /// Gives the slots back that begin with the buffer at `buffer`. `swiotlb_release_slots`.
    ///
    /// @return false if nobody has them
    public boolean release(long buffer, int minAlignMask) {
        int index = slotOf(buffer - alignOffset(minAlignMask, 0, buffer));
        if (originals[index] == NOBODY) {
            return false;
        }
        index -= padSlots[index];
        int offset = alignOffset(minAlignMask, 0, buffer);
        int slots = (int) slots((long) sizes[index] + offset);
        int end = index + slots;
        int count = end % SEGMENT_SLOTS == 0 ? 0 : list[end];
        for (int i = end - 1; i >= index; i--) {
            count++;
            list[i] = (short) count;
            originals[i] = NOBODY;
            sizes[i] = 0;
            padSlots[i] = 0;
        }
        for (int i = index - 1; i >= 0 && i % SEGMENT_SLOTS != SEGMENT_SLOTS - 1 && list[i] != 0; i--) {
            count++;
            list[i] = (short) count;
        }
        used[index / areaSlots] -= slots;
        usedSlots -= slots;
        return true;
    }

    /// Which byte the one at `buffer` stands for; -1 if for none. `swiotlb_bounce`.
    public long originalOf(long buffer, int minAlignMask) {
        int index = slotOf(buffer);
        long original = originals[index];
        return original == NOBODY ? -1 : original + offsetInSlot(buffer, original, minAlignMask);
    }

    /// How many bytes from `buffer` on belong to its mapping.
    public long bytesFrom(long buffer, int minAlignMask) {
        int index = slotOf(buffer);
        return (long) sizes[index] - offsetInSlot(buffer, originals[index], minAlignMask);
    }

    /// May be negative, in the second and later slots of a mapping that does not begin with its first.
    private static int offsetInSlot(long buffer, long original, int minAlignMask) {
        return (int) (buffer & (SLOT_BYTES - 1)) - alignOffset(minAlignMask, 0, original);
    }

    private int slotOf(long physical) {
        return (int) ((physical - start) >>> SLOT_SHIFT);
    }

    private long address(int slot) {
        return start + ((long) slot << SLOT_SHIFT);
    }

    private static long slots(long size) {
        return (size + SLOT_BYTES - 1) >>> SLOT_SHIFT;
    }
}
