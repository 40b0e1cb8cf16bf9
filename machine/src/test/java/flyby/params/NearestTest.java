package flyby.params;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What somebody probably meant.
final class NearestTest {
    private static final List<String> PATHS =
            List.of("machine.clock", "cpu.bus-cycle-clocks", "device.word-period", "memory.size", "cure");

    @Test
    void oneSlipIsForgiven() {
        SplittableRandom random = new SplittableRandom(3);
        for (String path : PATHS) {
            for (int i = 0; i < path.length(); i++) {
                String without = path.substring(0, i) + path.substring(i + 1);
                assertThat(Nearest.path(without, PATHS)).as(without).contains(path);
                char letter = (char) ('a' + random.nextInt(26));
                String with = path.substring(0, i) + letter + path.substring(i);
                assertThat(Nearest.path(with, PATHS)).as(with).contains(path);
            }
        }
    }

    @Test
    void theLastWordAloneIsEnough() {
        assertThat(Nearest.path("word-period", PATHS)).contains("device.word-period");
        assertThat(Nearest.path("dev.word-perod", PATHS)).contains("device.word-period");
    }

    @Test
    void whatIsFarGetsNothing() {
        assertThat(Nearest.path("colour", PATHS)).isEmpty();
        assertThat(Nearest.path("x".repeat(100_000), PATHS)).isEmpty();
        assertThat(Nearest.word("", List.of())).isEmpty();
    }

    @Test
    void distanceCountsASwapAsOne() {
        assertThat(Nearest.distance("clock", "clokc")).isEqualTo(1);
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("Clock", "clock")).isZero();
    }
}
