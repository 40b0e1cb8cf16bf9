package flyby.pcie;

import flyby.base.Check;
import org.jspecify.annotations.Nullable;

/// Who asks for which bytes of memory: the header of a memory request, section 2.2.7.
///
/// @param requesterId bus, device and function: 16 bits
/// @param tag 0 to 1,023
/// @param address of the first doubleword
/// @param doublewords 1 to 1,024
/// @param firstEnables which bytes of the first doubleword are meant: bit 0 is the lowest address
/// @param lastEnables likewise of the last, 0 if there is but one
public record MemoryTarget(int requesterId, int tag, long address, int doublewords, int firstEnables, int lastEnables) {
    private static final int ALL = 0b1111;

    public MemoryTarget {
        HeaderFields.checkId(requesterId);
        HeaderFields.checkTag(tag);
        Check.that((address & 3) == 0, "a doubleword at %x", address);
        Check.that(doublewords >= 1 && doublewords <= 1_024, "%d doublewords", doublewords);
        Check.that(firstEnables >= 0 && firstEnables <= ALL, "byte enables %x", firstEnables);
        Check.that(lastEnables >= 0 && lastEnables <= ALL, "byte enables %x", lastEnables);
        TlpFault fault = faultIn(address, doublewords, firstEnables, lastEnables);
        if (fault != null) {
            throw Check.bug("%d doublewords at %x: %s", doublewords, address, fault);
        }
    }

    /// The target that is exactly `byteCount` bytes (1 or more) from `address` on: a piece of [Segmentation].
    public static MemoryTarget of(int requesterId, int tag, long address, int byteCount) {
        int doublewords = PacketSizes.doublewords(address, byteCount);
        int first = (ALL << (address & 3)) & ALL;
        int last = ALL >> (-(address + byteCount) & 3);
        long aligned = address & -PacketSizes.DOUBLEWORD_BYTES;
        return doublewords == 1
                ? new MemoryTarget(requesterId, tag, aligned, 1, first & last, 0)
                : new MemoryTarget(requesterId, tag, aligned, doublewords, first, last);
    }

    /// Which rule of the specification such a request would break, if any.
    static @Nullable TlpFault faultIn(long address, int doublewords, int firstEnables, int lastEnables) {
        int offset = (int) (address & (Segmentation.PAGE_BYTES - 1));
        if (offset + doublewords * PacketSizes.DOUBLEWORD_BYTES > Segmentation.PAGE_BYTES) {
            return TlpFault.PAGE;
        }
        return areAllowed(address, doublewords, firstEnables, lastEnables) ? null : TlpFault.BYTE_ENABLES;
    }

    /// Section 2.2.5: one doubleword has no last one; of more, neither may be empty, and holes are for one
    /// doubleword or an aligned quadword.
    private static boolean areAllowed(long address, int doublewords, int first, int last) {
        if (doublewords == 1) {
            return last == 0;
        }
        if (first == 0 || last == 0) {
            return false;
        }
        boolean isQuadword = doublewords == 2 && (address & 7) == 0;
        return isQuadword || (reachesTop(first) && reachesBottom(last));
    }

    private static boolean reachesTop(int enables) {
        return enables == (ALL & -Integer.lowestOneBit(enables));
    }

    private static boolean reachesBottom(int enables) {
        return (enables & (enables + 1)) == 0;
    }
}
