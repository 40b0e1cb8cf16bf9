package flyby.choice;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Something that must hold whatever is chosen: checked over many seeds, and shrunk to a small case when it fails.
///
/// ```java
/// Property.check(1_000, choices -> {
///     int length = (int) choices.below(100);
///     assertThat(decode(encode(bytes(choices, length)))).isEqualTo(...);
/// });
/// ```
/// A body fails by throwing anything. It must depend on its choices alone, or repeating it shows something else.
public final class Property {
    /// The system property with the one seed to run, as a failure's message gives it: `-Dflyby.seed=0x2a`.
    public static final String SEED_PROPERTY = "flyby.seed";

    private static final int SHRINK_TRIES_MAX = 5_000;

    private Property() {}

    /// Runs `body` for the seeds from 0 up to, not including, `seedCount`, or for that of [#SEED_PROPERTY] alone.
    ///
    /// @throws AssertionError if a run throws: the message has the seed and the smallest failing choices that were
    /// found, the cause is what that smallest run threw
    public static void check(int seedCount, Consumer<Choices> body) {
        String wanted = System.getProperty(SEED_PROPERTY);
        if (wanted != null) {
            checkSeed(Long.decode(wanted), body);
            return;
        }
        for (long seed = 0; seed < seedCount; seed++) {
            checkSeed(seed, body);
        }
    }

    /// Runs `body` once, with the choices that a failure's message gives.
    public static void repeat(Consumer<Choices> body, long... values) {
        body.accept(Choices.of(values));
    }

    private static void checkSeed(long seed, Consumer<Choices> body) {
        Choices choices = Choices.seeded(seed);
        Throwable first = thrownBy(body, choices);
        if (first == null) {
            return;
        }
        long[] smallest = new Shrinker(
                        choices.values(),
                        values -> sameKind(first, thrownBy(body, Choices.of(values))),
                        SHRINK_TRIES_MAX)
                .shrink();
        Choices shrunken = Choices.of(smallest);
        Throwable cause = thrownBy(body, shrunken);
        String list = Arrays.stream(smallest).mapToObj(value -> value + "L").collect(Collectors.joining(", "));
        throw new AssertionError(
                String.format(
                        Locale.ROOT,
                        """
                        seed 0x%x fails: %s
                        shrunk from %d choices to %d: %s
                        repeat the seed with -D%s=0x%x, or the shrunken case with Property.repeat(body%s)""",
                        seed,
                        cause == null ? first : cause,
                        choices.count(),
                        smallest.length,
                        shrunken,
                        SEED_PROPERTY,
                        seed,
                        list.isEmpty() ? "" : ", " + list),
                cause == null ? first : cause);
    }

    /// Whether a shrunken run fails like the first one: otherwise shrinking may slip to a bug of the test itself.
    private static boolean sameKind(Throwable first, @Nullable Throwable other) {
        return other != null && other.getClass() == first.getClass();
    }

    @SuppressWarnings("CatchingUnchecked")
    private static @Nullable Throwable thrownBy(Consumer<Choices> body, Choices choices) {
        try {
            body.accept(choices);
            return null;
        } catch (StackOverflowError | Exception | AssertionError thrown) {
            return thrown;
        }
    }
}
