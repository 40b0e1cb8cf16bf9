package flyby.bench;

/// Random delays in picoseconds, the same numbers as `systemc/common.h` draws (xorshift64: Marsaglia, JSS 8,
/// 2003).
public final class Delays {
    /// How delays are distributed; the codes are those of `systemc/common.h`.
    public enum Kind {
        /// 1 ps to 2^24 ps, all equally likely.
        UNIFORM(0),
        /// Nine in ten from 1 to 66.5 ns, the others from 1 to 135 us.
        BIMODAL(1),
        /// Multiples of 250 ps up to 128 ns, so that many events fall together.
        CLOCKED(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /// The number of `systemc/common.h`.
        public int code() {
            return code;
        }

        public static Kind ofCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no distribution " + code + ", only 0 to 2");
        }
    }

    private final Kind kind;
    private long state;

    public Delays(long seed, Kind kind) {
        this.state = seed;
        this.kind = kind;
    }

    public long next() {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        long x = state >>> 11;
        if (kind == Kind.UNIFORM) {
            return 1 + (x & 0xFF_FFFF);
        }
        if (kind == Kind.BIMODAL) {
            return (x & 0xFF) < 230 ? 1_000 + ((x >>> 8) & 0xFFFF) : 1_000_000 + ((x >>> 8) & 0x7FF_FFFF);
        }
        return 250 * (1 + ((x >>> 8) & 0x1FF));
    }
}
