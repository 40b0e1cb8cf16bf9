package flyby.memory;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.MemoryType;
import flyby.sim.Prng;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Random ranges against an array that says the type of each address.
final class MemoryTypesTest {
    private static final int ADDRESSES = 256;
    private static final List<MemoryType> TYPES = List.of(MemoryType.values());

    @Test
    void whateverWasSetLastHolds() {
        for (int seed = 0; seed < 200; seed++) {
            Prng prng = new Prng(seed);
            MemoryTypes types = new MemoryTypes();
            MemoryType[] expected = new MemoryType[ADDRESSES];
            Arrays.fill(expected, MemoryType.WRITE_BACK);
            for (int step = 0; step < 60; step++) {
                int start = (int) prng.below(ADDRESSES - 1);
                int count = 1 + (int) prng.below(Math.min(40, ADDRESSES - start));
                MemoryType type = TYPES.get((int) prng.below(TYPES.size()));
                types.set(start, count, type);
                Arrays.fill(expected, start, start + count, type);
                for (int look = 0; look < 8; look++) {
                    int address = (int) prng.below(ADDRESSES);
                    assertThat(types.of(address, false))
                            .as("seed %d, step %d, address %d", seed, step, address)
                            .isEqualTo(expected[address]);
                }
            }
            for (int address = 0; address < ADDRESSES; address++) {
                assertThat(types.of(address, false)).isEqualTo(expected[address]);
            }
        }
    }

    @Test
    void whatNobodyHasNamedDependsOnWhatItIs() {
        MemoryTypes types = new MemoryTypes();
        types.set(100, 10, MemoryType.WRITE_COMBINING);

        assertThat(types.of(99, true)).isEqualTo(MemoryType.UNCACHED);
        assertThat(types.of(99, false)).isEqualTo(MemoryType.WRITE_BACK);
        assertThat(types.of(105, true)).isEqualTo(MemoryType.WRITE_COMBINING);
        assertThat(types.of(110, false)).isEqualTo(MemoryType.WRITE_BACK);
    }
}
