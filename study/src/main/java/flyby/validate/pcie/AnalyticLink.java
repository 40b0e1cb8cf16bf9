package flyby.validate.pcie;

import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.PacketSizes;
import flyby.pcie.Segmentation;

/// The published analytic model of one link: what packets weigh, and fixed shares of the link for Acks, UpdateFCs
/// and SKP ordered sets. Transfers are read from and written to above 4 GiB and begin on a 4 KiB boundary; no ECRC.
///
/// It follows the published model where a link does otherwise: intervals that the specification counts in symbols
/// of each lane are taken as bytes of the link, SKP ordered sets are those of 8b/10b at every rate, and data is
/// counted in bytes where packets carry whole doublewords.
record AnalyticLink(Generation generation, LinkWidth width, Segmentation limits) {
    /// Above 4 GiB, so that requests have the long header.
    private static final long ADDRESS = 1L << 32;

    /// Enough bytes for the rounding to picoseconds not to show.
    private static final long MANY_BYTES = 1_000_000_000;

    private static final double BITS_PER_PICO_TO_GIGABITS = 1_000;

    static AnalyticLink of(Generation generation, LinkWidth width, int maxPayloadBytes, int maxReadRequestBytes) {
        return new AnalyticLink(generation, width, new Segmentation(maxPayloadBytes, maxReadRequestBytes, 64));
    }

    /// As people say it: `Gen3 x8`.
    static String name(Generation generation, LinkWidth width) {
        return "Gen" + generation.name().charAt(3) + " x" + width.lanes();
    }

    String name() {
        return name(generation, width);
    }

    /// What the coding leaves, in Gb/s.
    double rawGigabits() {
        return rawGigabits(generation, width);
    }

    static double rawGigabits(Generation generation, LinkWidth width) {
        return 8.0 * MANY_BYTES * BITS_PER_PICO_TO_GIGABITS / new LinkRate(generation, width).picosFor(MANY_BYTES);
    }

    /// What Acks, UpdateFCs and SKP ordered sets leave to TLPs, in Gb/s.
    double tlpGigabits() {
        double interval = UpdateInterval.symbols(generation, width, limits.maxPayloadBytes());
        double acksAndUpdates = 2 * PacketSizes.DLLP_BYTES / interval;
        double skips = (double) PacketSizes.SKP_BYTES / PacketSizes.SKP_INTERVAL_BYTES;
        return rawGigabits() * (1 - acksAndUpdates - skips);
    }

    /// Data written by a device that does nothing else, in transfers of `byteCount` bytes, in Gb/s.
    double writeGigabits(int byteCount) {
        return tlpGigabits() * byteCount / writeBytes(byteCount);
    }

    /// Data read by a device that does nothing else.
    double readGigabits(int byteCount) {
        return gigabits(byteCount, requestBytes(byteCount));
    }

    /// Data each way of a device that reads as much as it writes: requests go along with its writes.
    double readWriteGigabits(int byteCount) {
        return gigabits(byteCount, writeBytes(byteCount) + requestBytes(byteCount));
    }

    /// Data carried by writes or completions that fill the link, each with all the payload that is allowed, if
    /// there were nothing but TLPs.
    ///
    /// @param packetBytes what such a packet weighs
    double tlpBoundGigabits(long packetBytes) {
        return rawGigabits() * limits.maxPayloadBytes() / packetBytes;
    }

    /// With `sentBytes` a transfer towards the host and completions from it, the fuller way is the limit.
    private double gigabits(int byteCount, long sentBytes) {
        return tlpGigabits() * byteCount / Math.max(sentBytes, completionBytes(byteCount));
    }

    /// What a write of `byteCount` bytes weighs, all its packets together.
    long writeBytes(int byteCount) {
        return Segmentation.count(limits::writeBytes, ADDRESS, byteCount) * requestOverheadBytes() + byteCount;
    }

    /// What the requests of a read weigh, without the answers.
    long requestBytes(int byteCount) {
        return Segmentation.count(limits::readBytes, ADDRESS, byteCount) * requestOverheadBytes();
    }

    /// What the answers to a read weigh.
    long completionBytes(int byteCount) {
        long completions = 0;
        int done = 0;
        while (done < byteCount) {
            int request = limits.readBytes(ADDRESS + done, byteCount - done);
            completions += Segmentation.count(limits::completionBytes, ADDRESS + done, request);
            done += request;
        }
        return completions * PacketSizes.tlpBytes(generation, PacketSizes.HEADER_3DW_BYTES, 0, false) + byteCount;
    }

    private int requestOverheadBytes() {
        return PacketSizes.tlpBytes(generation, PacketSizes.requestHeaderBytes(ADDRESS), 0, false);
    }
}
