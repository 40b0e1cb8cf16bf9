package flyby.validate.pcie;

/// Frames on 40 Gb/s Ethernet with a VLAN tag, one behind the other: IEEE 802.3.
final class Ethernet {
    static final int FCS_BYTES = 4;

    private static final double BITS_PER_NANO = 40;
    private static final int PREAMBLE_BYTES = 8;
    private static final int GAP_BYTES = 12;
    private static final int FRAME_BYTES_MIN = 64;

    private Ethernet() {}

    /// Nanoseconds from the beginning of a frame of `frameBytes`, FCS included, to that of the next.
    static double frameNanos(int frameBytes) {
        return 8 * (PREAMBLE_BYTES + Math.max(FRAME_BYTES_MIN, frameBytes) + GAP_BYTES) / BITS_PER_NANO;
    }

    /// Gb/s of frames of `frameBytes`: all of their bytes, by that time.
    static double gigabits(int frameBytes) {
        return 8 * frameBytes / frameNanos(frameBytes);
    }
}
