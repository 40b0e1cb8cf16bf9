package flyby.pcie;

import flyby.base.Check;

/// The eight bytes in which Address Translation Services speak of pages, highest byte first: an entry of a
/// translation completion (section 10.2.3), and the body of an invalidate request (section 10.3.1).
///
/// Both say how large the range is in the same way (section 10.2.3.2): bit 11 set means more than one page of 4
/// KiB, and then the lowest bit from 12 on that is 0 is the highest bit inside the range.
public final class PageRange {
    /// How many bytes they are.
    public static final int BYTES = 8;

    private static final int PAGE_SHIFT = 12;
    private static final long SIZE = 1L << 11;
    private static final long WRITE = 1L << 1;
    private static final long READ = 1;

    private PageRange() {}

    /// The range of 2 to the power of `shift` bytes around `address`, to be read or written as said.
    ///
    /// @param shift 12 or more
    public static long of(long address, int shift, boolean readable, boolean writable) {
        if (shift < PAGE_SHIFT || shift >= Long.SIZE) {
            throw Check.bug("a range of 2 to the power of %d bytes", shift);
        }
        long range = address & -(1L << shift);
        if (shift > PAGE_SHIFT) {
            range |= SIZE | ((1L << (shift - 1)) - (1L << PAGE_SHIFT));
        }
        return range | (readable ? READ : 0) | (writable ? WRITE : 0);
    }

    /// Its first byte.
    public static long address(long range) {
        return range & -(1L << shift(range));
    }

    /// The logarithm of its size in bytes.
    public static int shift(long range) {
        if ((range & SIZE) == 0) {
            return PAGE_SHIFT;
        }
        return PAGE_SHIFT + 1 + Long.numberOfTrailingZeros(~(range >>> PAGE_SHIFT));
    }

    /// Whether a translation allows reads; with neither right there is no translation.
    public static boolean isReadable(long range) {
        return (range & READ) != 0;
    }

    /// Whether a translation allows writes.
    public static boolean isWritable(long range) {
        return (range & WRITE) != 0;
    }

    /// Puts it into the payload of a packet, from index `offset` on.
    public static void put(long range, byte[] into, int offset) {
        HeaderFields.put32(range >>> 32, into, offset);
        HeaderFields.put32(range, into, offset + 4);
    }

    /// Gets it from the payload of a packet.
    public static long get(byte[] from, int offset) {
        return (HeaderFields.get32(from, offset) << 32) | HeaderFields.get32(from, offset + 4);
    }
}
