package flyby.attacker;

import flyby.base.Check;
import flyby.bus.AddressType;
import java.util.List;

/// What an attacker's card is made to do beside its work.
///
/// @param readBytes what it asks for at once: a power of two from 64 to 4,096
/// @param window accesses under way at once, 1 or more
/// @param pacePicos from one read of the scan to the next, at least: what carries the loot away may be slower than
///     the link
/// @param scans what it reads from the first page to the last, in this order; empty if it does not scan
/// @param claim what the requests of the scan say of their addresses
/// @param revisitPicos how often it tries a line of each page that it has been given; 0: never
/// @param plants whether it writes into pages that it has been given, beside the buffers there, and behind
///     `signature`
/// @param signature the 8 bytes that it looks for in what it reads; 0: none
/// @param holds how many packets to send it never gives back
public record Plan(
        int readBytes,
        int window,
        long pacePicos,
        List<Range> scans,
        AddressType claim,
        long revisitPicos,
        boolean plants,
        long signature,
        int holds) {
    /// No plan: an honest card.
    public static final Plan HONEST = new Plan(512, 1, 0, List.of(), AddressType.UNTRANSLATED, 0, false, 0, 0);

    /// Whole pages of 4 KiB.
    ///
    /// @param start of the first
    /// @param byteCount of all
    public record Range(long start, long byteCount) {
        public Range {
            Check.that(
                    start % Malice.PAGE_BYTES == 0 && byteCount > 0 && byteCount % Malice.PAGE_BYTES == 0,
                    "0x%x and %d bytes are not whole pages",
                    start,
                    byteCount);
        }
    }

    public Plan {
        scans = List.copyOf(scans);
        Check.that(
                Integer.bitCount(readBytes) == 1 && readBytes >= 64 && readBytes <= Malice.PAGE_BYTES,
                "reads of %d bytes",
                readBytes);
        Check.that(window > 0 && pacePicos >= 0 && revisitPicos >= 0 && holds >= 0, "an impossible plan");
    }

    /// Whether it does anything but its work.
    boolean isHonest() {
        return scans.isEmpty() && revisitPicos == 0 && !plants;
    }
}
