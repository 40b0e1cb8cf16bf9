package flyby.cache;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.memory.PhysicalMemory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What a cache holds, and what memory holds meanwhile.
final class CacheTest {
    private final PhysicalMemory memory = new PhysicalMemory();
    private final Cache cache = new Cache(256, 2, 16, new Cache.Backing() {
        @Override
        public void fill(long address, byte[] lines, int offset, int byteCount) {
            memory.read(address, lines, offset, byteCount);
        }

        @Override
        public void writeBack(long address, byte[] lines, int offset, int byteCount) {
            memory.write(address, lines, offset, byteCount);
        }
    });

    @Test
    void whatOthersWriteIsNotSeenUntilTheLineIsInvalidated() {
        assertThat(load(0x20)).isZero();
        memory.write8(0x20, 7);

        assertThat(load(0x20)).isZero();
        cache.invalidate(0x20, 1);
        assertThat(load(0x20)).isEqualTo(7);
    }

    @Test
    void whatTheCpuWritesIsNotInMemoryUntilTheLineIsCleaned() {
        store(0x20, 7);

        assertThat(memory.read8(0x20)).isZero();
        assertThat(cache.clean(0x2f, 1)).isEqualTo(1);
        assertThat(memory.read8(0x20)).isEqualTo(7);
        assertThat(cache.holds(0x20)).isTrue();
        assertThat(cache.holdsDirty(0x20)).isFalse();
    }

    /// Rounding to lines, as hardware does it: the neighbour at 0x2f shares a line with the range that begins at
    /// 0x30-1.
    @Test
    void invalidatingTakesTheDirtyNeighbourWithIt() {
        store(0x2e, 7);
        assertThat(cache.invalidate(0x2f, 2)).isEqualTo(2);

        assertThat(load(0x2e)).isZero();
    }

    @Test
    void cleaningAndInvalidatingKeepsTheNeighbour() {
        store(0x2e, 7);
        memory.write8(0x30, 9);
        cache.cleanAndInvalidate(0x2f, 2);

        assertThat(load(0x2e)).isEqualTo(7);
        assertThat(load(0x30)).isEqualTo(9);
    }

    @Test
    void theLeastRecentlyUsedLineOfASetGoes() {
        // Eight sets of 16 bytes: 0x00, 0x80 and 0x100 meet in set 0.
        store(0x00, 1);
        store(0x80, 2);
        load(0x00);
        load(0x100);

        assertThat(cache.holds(0x00)).isTrue();
        assertThat(cache.holds(0x80)).isFalse();
        assertThat(memory.read8(0x80)).isEqualTo(2);
        assertThat(cache.writeBacks()).isEqualTo(1);
    }

    @Test
    void anEmptyRangeTouchesNothing() {
        store(0x20, 7);
        assertThat(cache.invalidate(0x20, 0)).isZero();
        assertThat(cache.holdsDirty(0x20)).isTrue();
    }

    /// Against the plainest model of one CPU's view: an array that every store changes at once. Nobody else writes.
    @Test
    void aSingleCpuNeverNotices() {
        for (int seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int[] model = new int[1024];
            for (int address = 0; address < model.length; address++) {
                model[address] = load(address);
            }
            for (int i = 0; i < 2_000; i++) {
                int address = random.nextInt(model.length);
                switch (random.nextInt(6)) {
                    case 0, 1 -> {
                        model[address] = random.nextInt(256);
                        store(address, model[address]);
                    }
                    case 2 -> cache.clean(address, random.nextInt(64));
                    case 3 -> cache.cleanAndInvalidate(address, random.nextInt(64));
                    default ->
                        assertThat(load(address)).as("seed %d step %d", seed, i).isEqualTo(model[address]);
                }
            }
        }
    }

    private int load(long address) {
        byte[] one = new byte[1];
        cache.load(address, one, 0, 1);
        return one[0] & 0xff;
    }

    private void store(long address, int value) {
        cache.store(address, new byte[] {(byte) value}, 0, 1);
    }
}
