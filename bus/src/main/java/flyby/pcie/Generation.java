package flyby.pcie;

/// How fast a lane signals, and what the coding takes of it: section 4.2, and section 4.2.3 of revision 6.0 for
/// GEN6.
public enum Generation {
    /// 2.5 GT/s, 8b/10b.
    GEN1(2_500, 8, 10),
    /// 5 GT/s, 8b/10b.
    GEN2(5_000, 8, 10),
    /// 8 GT/s, 128b/130b.
    GEN3(8_000, 128, 130),
    /// 16 GT/s, 128b/130b.
    GEN4(16_000, 128, 130),
    /// 32 GT/s, 128b/130b.
    GEN5(32_000, 128, 130),
    /// 64 GT/s, PAM4 with two bits a symbol: a transfer counts as one bit. What FLITs take is in [PacketSizes].
    GEN6(64_000, 1, 1);

    private final int megatransfersPerSecond;
    private final int dataBits;
    private final int lineBits;

    Generation(int megatransfersPerSecond, int dataBits, int lineBits) {
        this.megatransfersPerSecond = megatransfersPerSecond;
        this.dataBits = dataBits;
        this.lineBits = lineBits;
    }

    /// Bits on a lane, in millions a second.
    public int megatransfersPerSecond() {
        return megatransfersPerSecond;
    }

    /// Of each [#lineBits] on a lane, those that carry data.
    public int dataBits() {
        return dataBits;
    }

    /// The length of the code's block on a lane.
    public int lineBits() {
        return lineBits;
    }

    /// Whether packets travel in FLITs instead of being framed one by one.
    public boolean isFlitMode() {
        return this == GEN6;
    }
}
