package flyby.sim;

/// Seeded pseudo-random numbers (SplitMix64: Steele, Lea, Flood, OOPSLA 2014), the same on every machine.
///
/// Every component draws from its own [#child]. Adding a component therefore leaves the numbers that all the others
/// see unchanged, so an old seed still reproduces an old failure.
public final class Prng {
    private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

    private final long seed;
    private long state;

    public Prng(long seed) {
        this.seed = seed;
        this.state = seed;
    }

    /// The generator of the component called `name`: a function of this one's seed and the name alone.
    public Prng child(String name) {
        long childSeed = mix(seed + GOLDEN_GAMMA);
        for (int i = 0; i < name.length(); i++) {
            childSeed = mix(childSeed ^ name.charAt(i));
        }
        return new Prng(childSeed);
    }

    /// 64 random bits.
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /// A number from 0 up to, not including, `bound` (1 or more), all equally likely.
    public long below(long bound) {
        assert bound > 0 : bound;
        long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound;
        long bits = nextLong() >>> 1;
        while (bits >= limit) {
            bits = nextLong() >>> 1;
        }
        return bits % bound;
    }

    /// True in `numerator` of `denominator` draws. Ratios, never floating point.
    public boolean chance(long numerator, long denominator) {
        return below(denominator) < numerator;
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return b ^ (b >>> 31);
    }
}
