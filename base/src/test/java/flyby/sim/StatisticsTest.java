package flyby.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.choice.Property;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class StatisticsTest {
    @Test
    void aTallyOfThreeLatencies() {
        Tally tally = new Tally();
        tally.add(100);
        tally.add(-3);
        tally.add(200);
        assertThat(tally).hasToString("3 values from -3 to 200, mean 99");
        assertThat(tally.sum()).isEqualTo(297);
        assertThatThrownBy(() -> new Tally().mean()).isInstanceOf(AssertionError.class);
        assertThat(new Tally()).hasToString("none");
    }

    @Test
    void smallValuesAreCountedExactly() {
        Histogram histogram = new Histogram();
        for (int i = 1; i <= 50; i++) {
            histogram.add(i);
        }
        assertThat(histogram.percentile(0)).isEqualTo(1);
        assertThat(histogram.percentile(50)).isEqualTo(25);
        assertThat(histogram.percentile(100)).isEqualTo(50);
        assertThat(histogram.tally().mean()).isEqualTo(25);
    }

    @Test
    void percentilesAreAtMostOneBucketAboveTheTruth() {
        Property.check(300, choices -> {
            Histogram histogram = new Histogram();
            long[] values = new long[1 + (int) choices.below(40)];
            for (int i = 0; i < values.length; i++) {
                values[i] = choices.below(1L << choices.below(56));
                histogram.add(values[i]);
            }
            Arrays.sort(values);
            int percent = (int) choices.below(101);
            int index = Math.max(1, Math.ceilDiv(values.length * percent, 100)) - 1;
            assertThat(histogram.percentile(percent)).isBetween(values[index], values[index] + values[index] / 32);
        });
    }

    @Test
    void bucketsAreNarrowAndDoNotOverlap() {
        Histogram histogram = new Histogram();
        for (int bit = 0; bit < 60; bit++) {
            for (long near = -1; near <= 1; near++) {
                histogram.add((1L << bit) + near);
            }
        }
        long[] last = {-1};
        histogram.forEachBucket((low, high, count) -> {
            assertThat(low).isGreaterThan(last[0]).isLessThanOrEqualTo(high);
            assertThat(high - low).isLessThanOrEqualTo(low / 32);
            assertThat(count).isPositive();
            last[0] = high;
        });
        assertThat(last[0]).isGreaterThan(1L << 59);
    }
}
