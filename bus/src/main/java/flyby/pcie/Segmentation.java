package flyby.pcie;

import flyby.base.Check;

/// How a transfer becomes packets, each as large as the limits allow.
///
/// The rules are functions of what is left, so that to walk over the pieces takes two numbers and no object:
///
/// ```java
/// while (left > 0) {
///     int piece = limits.writeBytes(address, left);
///     address += piece;
///     left -= piece;
/// }
/// ```
/// Limits hold for the doublewords of a packet, section 2.2.2: a first byte inside a doubleword costs the rest of
/// it.
///
/// @param maxPayloadBytes Max_Payload_Size: a power of two from 128 to 4,096, section 7.5.3.4
/// @param maxReadRequestBytes Max_Read_Request_Size, likewise
/// @param completionBoundaryBytes Read Completion Boundary: 64 or 128, section 2.3.1.1
public record Segmentation(int maxPayloadBytes, int maxReadRequestBytes, int completionBoundaryBytes) {
    /// No request crosses a multiple of this: section 2.2.7.
    public static final int PAGE_BYTES = 4_096;

    private static final int SIZE_MIN = 128;

    public Segmentation {
        Check.that(isSize(maxPayloadBytes), "a Max_Payload_Size of %d", maxPayloadBytes);
        Check.that(isSize(maxReadRequestBytes), "a Max_Read_Request_Size of %d", maxReadRequestBytes);
        Check.that(
                completionBoundaryBytes == 64 || completionBoundaryBytes == 128,
                "a Read Completion Boundary of %d",
                completionBoundaryBytes);
    }

    /// How long the first piece is of `left` bytes (1 or more) from `address` on.
    @FunctionalInterface
    public interface Rule {
        int bytes(long address, long left);
    }

    /// The first memory write of `left` bytes to `address`: at most Max_Payload_Size, up to the 4 KiB boundary.
    public int writeBytes(long address, long left) {
        return requestBytes(address, left, maxPayloadBytes);
    }

    /// The first memory read of `left` bytes from `address`: at most Max_Read_Request_Size, up to the 4 KiB
    /// boundary.
    public int readBytes(long address, long left) {
        return requestBytes(address, left, maxReadRequestBytes);
    }

    /// The first completion for one request of which `left` bytes from `address` on are still to come: at most
    /// Max_Payload_Size, and all but the last end at a Read Completion Boundary.
    public int completionBytes(long address, long left) {
        int most = withinDoublewords(address, maxPayloadBytes);
        if (left <= most) {
            return (int) left;
        }
        return most - (int) ((address + most) & (completionBoundaryBytes - 1));
    }

    /// How many pieces `rule` makes of `byteCount` bytes from `address` on.
    public static long count(Rule rule, long address, long byteCount) {
        long pieces = 0;
        long done = 0;
        while (done < byteCount) {
            done += rule.bytes(address + done, byteCount - done);
            pieces++;
        }
        return pieces;
    }

    private static int requestBytes(long address, long left, int limitBytes) {
        int untilPage = PAGE_BYTES - (int) (address & (PAGE_BYTES - 1));
        return (int) Math.min(left, Math.min(withinDoublewords(address, limitBytes), untilPage));
    }

    private static int withinDoublewords(long address, int limitBytes) {
        return limitBytes - (int) (address & (PacketSizes.DOUBLEWORD_BYTES - 1));
    }

    private static boolean isSize(int bytes) {
        return bytes >= SIZE_MIN && bytes <= PAGE_BYTES && Integer.bitCount(bytes) == 1;
    }
}
