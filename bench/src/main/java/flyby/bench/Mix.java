package flyby.bench;

/// The peer's `mix`: the numbers that both draw.
final class Mix {
    static final long FNV_PRIME = 0x100_0000_01b3L;

    private Mix() {}

    static long of(long value) {
        long mixed = value + 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }
}
