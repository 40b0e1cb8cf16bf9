package flyby.memory;

import flyby.base.Check;
import flyby.sim.Prng;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The bytes behind the buses: a sparse memory of up to 2^64 bytes, little-endian.
///
/// Memory that was never written reads as zero, unless it was made to hold something else, and takes no room. It knows
/// no time: a byte written here is visible
/// to the next read, so whoever writes does so at the simulated instant at which the byte becomes visible.
/// Addresses are unsigned; an access must not run over the end of the address space.
public final class PhysicalMemory {
    /// The granule in which room is taken.
    public static final int PAGE_BYTES = 1 << 16;

    private static final int PAGE_SHIFT = 16;
    private static final int PAGE_MASK = PAGE_BYTES - 1;
    private static final byte[] ZEROS = new byte[PAGE_BYTES];

    private static final VarHandle SHORTS = view(short[].class);
    private static final VarHandle INTS = view(int[].class);
    private static final VarHandle LONGS = view(long[].class);

    /// Pages below 4 GiB, where nearly all accesses go, are found by their number: no search, no branch to guess.
    private static final int LOW_PAGES_MAX = 1 << 16;

    /// What a page that nobody has written reads as. Never written.
    private final byte[] blank;

    private int pageCount;
    // Up to the highest low page that has been written; blank where nobody has.
    private byte[][] lowPages = new byte[0][];

    // The others. Open addressing: page numbers beside their pages. A page number has 48 bits, so -1 is never one.
    private long[] keys = emptyKeys(64);
    private byte[][] pages = new byte[64][];
    private int highPageCount;
    // The one of them found last. Most accesses go where the one before went.
    private long lastKey = -1;
    private byte[] lastPage = ZEROS;

    /// Full of zeros.
    public PhysicalMemory() {
        this(ZEROS);
    }

    private PhysicalMemory(byte[] blank) {
        this.blank = blank;
    }

    /// Full of what memory holds that was switched on: it looks random, but is the same each time.
    public static PhysicalMemory random() {
        byte[] page = new byte[PAGE_BYTES];
        Prng random = new Prng(0);
        for (int i = 0; i < PAGE_BYTES; i++) {
            page[i] = (byte) random.nextLong();
        }
        return new PhysicalMemory(page);
    }

    private static VarHandle view(Class<?> arrayClass) {
        return MethodHandles.byteArrayViewVarHandle(arrayClass, ByteOrder.LITTLE_ENDIAN)
                .withInvokeExactBehavior();
    }

    /// How much room is taken, in bytes: a multiple of [#PAGE_BYTES].
    public long residentBytes() {
        return (long) pageCount * PAGE_BYTES;
    }

    /// Copies `byteCount` bytes (0 or more) at `address` into `into`, from index `offset` on.
    public void read(long address, byte[] into, int offset, int byteCount) {
        int inFirst = (int) address & PAGE_MASK;
        if (byteCount <= PAGE_BYTES - inFirst) {
            // Nearly all accesses: within one page.
            System.arraycopy(find(address >>> PAGE_SHIFT), inFirst, into, offset, byteCount);
        } else {
            readPages(address, into, offset, byteCount);
        }
    }

    private void readPages(long address, byte[] into, int offset, int byteCount) {
        checkRange(address, byteCount);
        long at = address;
        int to = offset;
        int left = byteCount;
        while (left > 0) {
            int inPage = (int) at & PAGE_MASK;
            int count = Math.min(left, PAGE_BYTES - inPage);
            System.arraycopy(find(at >>> PAGE_SHIFT), inPage, into, to, count);
            at += count;
            to += count;
            left -= count;
        }
    }

    /// Copies `byteCount` bytes (0 or more) of `from`, from index `offset` on, to `address`.
    public void write(long address, byte[] from, int offset, int byteCount) {
        int inFirst = (int) address & PAGE_MASK;
        if (byteCount > 0 && byteCount <= PAGE_BYTES - inFirst) {
            System.arraycopy(from, offset, findOrMake(address >>> PAGE_SHIFT), inFirst, byteCount);
        } else {
            writePages(address, from, offset, byteCount);
        }
    }

    private void writePages(long address, byte[] from, int offset, int byteCount) {
        checkRange(address, byteCount);
        long at = address;
        int source = offset;
        int left = byteCount;
        while (left > 0) {
            int inPage = (int) at & PAGE_MASK;
            int count = Math.min(left, PAGE_BYTES - inPage);
            System.arraycopy(from, source, findOrMake(at >>> PAGE_SHIFT), inPage, count);
            at += count;
            source += count;
            left -= count;
        }
    }

    /// The byte at `address`, 0 to 255.
    public int read8(long address) {
        return find(address >>> PAGE_SHIFT)[(int) address & PAGE_MASK] & 0xff;
    }

    /// The 2 bytes at `address`, which may lie anywhere, 0 to 65,535.
    public int read16(long address) {
        int inPage = (int) address & PAGE_MASK;
        if (inPage > PAGE_BYTES - 2) {
            checkRange(address, 2);
            return read8(address) | read8(address + 1) << 8;
        }
        return (short) SHORTS.get(find(address >>> PAGE_SHIFT), inPage) & 0xffff;
    }

    /// The 4 bytes at `address`, which may lie anywhere, 0 to 2^32 - 1.
    public long read32(long address) {
        int inPage = (int) address & PAGE_MASK;
        if (inPage > PAGE_BYTES - 4) {
            checkRange(address, 4);
            return read16(address) | (long) read16(address + 2) << 16;
        }
        return (int) INTS.get(find(address >>> PAGE_SHIFT), inPage) & 0xffff_ffffL;
    }

    /// The 8 bytes at `address`, which may lie anywhere.
    public long read64(long address) {
        int inPage = (int) address & PAGE_MASK;
        if (inPage > PAGE_BYTES - 8) {
            checkRange(address, 8);
            return read32(address) | read32(address + 4) << 32;
        }
        return (long) LONGS.get(find(address >>> PAGE_SHIFT), inPage);
    }

    /// Writes the low byte of `value`.
    public void write8(long address, int value) {
        findOrMake(address >>> PAGE_SHIFT)[(int) address & PAGE_MASK] = (byte) value;
    }

    /// Writes the low 2 bytes of `value`, anywhere.
    public void write16(long address, int value) {
        int inPage = (int) address & PAGE_MASK;
        if (inPage > PAGE_BYTES - 2) {
            checkRange(address, 2);
            write8(address, value);
            write8(address + 1, value >>> 8);
        } else {
            SHORTS.set(findOrMake(address >>> PAGE_SHIFT), inPage, (short) value);
        }
    }

    /// Writes the low 4 bytes of `value`, anywhere.
    public void write32(long address, long value) {
        int inPage = (int) address & PAGE_MASK;
        if (inPage > PAGE_BYTES - 4) {
            checkRange(address, 4);
            write16(address, (int) value);
            write16(address + 2, (int) (value >>> 16));
        } else {
            INTS.set(findOrMake(address >>> PAGE_SHIFT), inPage, (int) value);
        }
    }

    /// Writes the 8 bytes of `value`, anywhere.
    public void write64(long address, long value) {
        int inPage = (int) address & PAGE_MASK;
        if (inPage > PAGE_BYTES - 8) {
            checkRange(address, 8);
            write32(address, value);
            write32(address + 4, value >>> 32);
        } else {
            LONGS.set(findOrMake(address >>> PAGE_SHIFT), inPage, value);
        }
    }

    private static void checkRange(long address, int byteCount) {
        Check.that(
                byteCount >= 0 && (byteCount == 0 || Long.compareUnsigned(address, address + (byteCount - 1)) <= 0),
                "%d bytes at 0x%x run over the end of the address space",
                byteCount,
                address);
    }

    /// The page to read from: [#blank] where nobody has written.
    private byte[] find(long key) {
        return key < lowPages.length ? lowPages[(int) key] : findHigh(key);
    }

    private byte[] findHigh(long key) {
        return key == lastKey || lookUp(key) ? lastPage : blank;
    }

    @SuppressWarnings("ReferenceEquality") // It is that one array, whatever its content.
    private byte[] findOrMake(long key) {
        byte[] page = find(key);
        return page == blank ? make(key) : page;
    }

    private byte[] make(long key) {
        byte[] page = blank.clone();
        pageCount++;
        if (key < LOW_PAGES_MAX) {
            if (key >= lowPages.length) {
                growLow((int) key);
            }
            lowPages[(int) key] = page;
        } else {
            if (highPageCount * 2 >= keys.length) {
                grow();
            }
            insert(key, page);
            highPageCount++;
        }
        return page;
    }

    private void growLow(int key) {
        int oldLength = lowPages.length;
        lowPages = Arrays.copyOf(lowPages, Math.min(LOW_PAGES_MAX, Math.max(key + 1, 2 * oldLength)));
        Arrays.fill(lowPages, oldLength, lowPages.length, blank);
    }

    private boolean lookUp(long key) {
        int mask = keys.length - 1;
        int slot = slotOf(key, mask);
        while (keys[slot] != key) {
            if (keys[slot] == -1) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        lastKey = key;
        lastPage = pages[slot];
        return true;
    }

    private void grow() {
        long[] oldKeys = keys;
        byte[][] oldPages = pages;
        keys = emptyKeys(oldKeys.length * 2);
        pages = new byte[oldKeys.length * 2][];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != -1) {
                insert(oldKeys[i], oldPages[i]);
            }
        }
    }

    private void insert(long key, byte[] page) {
        int mask = keys.length - 1;
        int slot = slotOf(key, mask);
        while (keys[slot] != -1) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        pages[slot] = page;
    }

    private static int slotOf(long key, int mask) {
        long product = key * 0x9E37_79B9_7F4A_7C15L;
        return (int) (product >>> 40) & mask;
    }

    private static long[] emptyKeys(int count) {
        long[] empty = new long[count];
        Arrays.fill(empty, -1);
        return empty;
    }
}
