package flyby.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Recorded choices, and what shrinking makes of them.
final class PropertyTest {
    /// A list of 0 to 50 numbers below 1,000, each preceded by the choice to go on.
    private static List<Long> numbers(Choices choices) {
        List<Long> numbers = new ArrayList<>();
        while (numbers.size() < 50 && choices.chance(15, 16)) {
            numbers.add(choices.below(1_000));
        }
        return numbers;
    }

    @Test
    void aListWithALargeSumShrinksToOneNumber() {
        Consumer<Choices> body = choices -> {
            List<Long> numbers = numbers(choices);
            if (numbers.stream().anyMatch(n -> n >= 437)) {
                throw new AssertionError(numbers.toString());
            }
        };
        assertThatThrownBy(() -> Property.check(100, body))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("[437]")
                .hasMessageContaining("to 2: 1/16 437/1000")
                .hasMessageContaining("-Dflyby.seed=0x")
                .hasMessageContaining("Property.repeat(body, 1L, 437L)")
                .hasCauseInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Property.repeat(body, 1, 437)).hasMessage("[437]");
        assertThatCode(() -> Property.repeat(body, 1, 436)).doesNotThrowAnyException();
    }

    @Test
    void twoThatBelongTogetherRemain() {
        Consumer<Choices> body = choices -> {
            List<Long> numbers = numbers(choices);
            long large = numbers.stream().filter(n -> n > 100).count();
            if (large >= 2) {
                throw new IllegalStateException(numbers.toString());
            }
        };
        assertThatThrownBy(() -> Property.check(100, body)).hasMessageContaining("[101, 101]");
    }

    @Test
    void whatHoldsIsNotComplainedAbout() {
        assertThatCode(() -> Property.check(200, choices -> {
                    assertThat(choices.below(10)).isBetween(0L, 9L);
                    assertThat(choices.between(-5, 5)).isBetween(-5L, 5L);
                    assertThat(choices.pick("a", "b")).isIn("a", "b");
                    assertThat(choices.pick(List.of(1, 2, 3))).isIn(1, 2, 3);
                }))
                .doesNotThrowAnyException();
    }

    @Test
    void equalSeedsMakeEqualChoicesAndRepeatingThemToo() {
        Choices first = Choices.seeded(42);
        List<Long> numbers = numbers(first);
        assertThat(numbers(Choices.seeded(42))).isEqualTo(numbers);
        assertThat(numbers(Choices.of(first.values()))).isEqualTo(numbers);
        assertThat(first.bounds()).hasSize(first.count());
    }

    @Test
    void zeroIsTheSimplestChoice() {
        Choices zeros = Choices.of();
        assertThat(zeros.chance(15, 16)).isFalse();
        assertThat(zeros.between(7, 9)).isEqualTo(7);
        assertThat(zeros.pick("first", "second")).isEqualTo("first");
        assertThat(zeros).hasToString("0/16 0/3 0/2");
    }

    @Test
    void chanceIsTrueAsOftenAsItSays() {
        Choices choices = Choices.seeded(1);
        int count = 0;
        for (int i = 0; i < 8_000; i++) {
            count += choices.chance(1, 8) ? 1 : 0;
        }
        assertThat(count).isBetween(900, 1_100);
    }
}
