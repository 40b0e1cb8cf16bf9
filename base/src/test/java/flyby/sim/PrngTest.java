package flyby.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PrngTest {
    /// The first values of SplitMix64 with seed 1234567, from the reference implementation's published test vector
    /// (Vigna, splitmix64.c; listed at rosettacode.org, "Pseudo-random numbers/Splitmix64").
    @Test
    void agreesWithTheReference() {
        Prng prng = new Prng(1_234_567);
        assertThat(Long.toUnsignedString(prng.nextLong())).isEqualTo("6457827717110365317");
        assertThat(Long.toUnsignedString(prng.nextLong())).isEqualTo("3203168211198807973");
        assertThat(Long.toUnsignedString(prng.nextLong())).isEqualTo("9817491932198370423");
    }

    @Test
    void aChildDependsOnSeedAndNameAlone() {
        Prng root = new Prng(7);
        long before = root.child("link0.loss").nextLong();
        root.nextLong();
        root.child("link1.loss").nextLong();
        assertThat(root.child("link0.loss").nextLong()).isEqualTo(before);
        assertThat(root.child("link0.los").nextLong()).isNotEqualTo(before);
        assertThat(new Prng(8).child("link0.loss").nextLong()).isNotEqualTo(before);
    }

    @Test
    void belowIsInRangeAndHitsEverything() {
        Prng prng = new Prng(1);
        int[] counts = new int[6];
        for (int i = 0; i < 6_000; i++) {
            counts[(int) prng.below(6)]++;
        }
        for (int count : counts) {
            assertThat(count).isBetween(850, 1_150);
        }
        assertThat(prng.below(1)).isZero();
        assertThat(prng.below(Long.MAX_VALUE)).isNotNegative();
        assertThat(prng.chance(0, 5)).isFalse();
        assertThat(prng.chance(5, 5)).isTrue();
    }
}
