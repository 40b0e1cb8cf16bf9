package flyby.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.sim.Prng;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// A medium in memory, against an array; at its begin, and where its rows meet.
final class SparseStoreTest {
    private static final int BYTES = 1 << 20;

    @Test
    void keepsWhatAnArrayKeeps() {
        for (long base : new long[] {0, (1L << 28) - BYTES / 2, (1L << 44) - BYTES}) {
            SparseStore store = new SparseStore(1L << 44);
            byte[] oracle = new byte[BYTES];
            byte[] bytes = new byte[200_000];
            Prng random = new Prng(base);
            for (int i = 0; i < 2_000; i++) {
                int count = 1 + (int) random.below(bytes.length);
                int offset = (int) random.below(BYTES - count + 1L);
                switch ((int) random.below(4)) {
                    case 0 -> {
                        store.zero(base + offset, count);
                        Arrays.fill(oracle, offset, offset + count, (byte) 0);
                    }
                    case 1 -> {
                        store.read(base + offset, bytes, 0, count);
                        assertThat(Arrays.equals(oracle, offset, offset + count, bytes, 0, count))
                                .isTrue();
                    }
                    default -> {
                        Arrays.fill(bytes, (byte) random.nextLong());
                        store.write(base + offset, bytes, 0, count);
                        System.arraycopy(bytes, 0, oracle, offset, count);
                    }
                }
            }
            store.zero(0, 1L << 44);
            store.read(base, bytes, 0, bytes.length);
            assertThat(bytes).containsOnly(0);
        }
    }
}
