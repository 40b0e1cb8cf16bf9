package flyby.dmar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// An interrupt handler of the same CPU that uses the same tables, after each load and store in turn.
final class InterruptedTablesTest {
    private static final long PAGE = 4_096;

    /// Memory of which the `left`-th access from now on is followed by a handler, once it may come.
    private static final class Words implements TableAccess {
        private final Map<Long, Long> words = new HashMap<>();
        private Runnable handler = () -> {};
        private int left;
        private boolean isLocked;
        private boolean isPending;

        @Override
        public long load64(long address) {
            long value = words.getOrDefault(address, 0L);
            accessed();
            return value;
        }

        @Override
        public void store64(long address, long value) {
            words.put(address, value);
            accessed();
        }

        private void accessed() {
            left--;
            isPending |= left == 0;
            take();
        }

        private void take() {
            if (isPending && !isLocked) {
                isPending = false;
                handler.run();
            }
        }

        @Override
        public boolean lock() {
            boolean before = isLocked;
            isLocked = true;
            return before;
        }

        @Override
        public void unlock(boolean before) {
            isLocked = before;
            take();
        }
    }

    /// Two neighbours whose tables are all missing: who comes in between must not lose the other's.
    @Test
    void bothFindTheirPages() {
        int moments = 0;
        boolean wasInterrupted = true;
        for (int moment = 1; wasInterrupted; moment++) {
            Words words = new Words();
            PageTables tables = new PageTables(words, new TableFrames(words, 1 << 20, 1 << 20), 4, 1);
            boolean[] isHandled = new boolean[1];
            words.handler = () -> {
                tables.map(3 * PAGE, 7 * PAGE, PAGE, true, true);
                isHandled[0] = true;
            };
            words.left = moment;
            tables.map(2 * PAGE, 5 * PAGE, PAGE, true, true);
            wasInterrupted = isHandled[0];
            words.left = 0;
            assertThat(tables.physical(2 * PAGE)).as("moment %d", moment).isEqualTo(5 * PAGE);
            if (wasInterrupted) {
                assertThat(tables.physical(3 * PAGE)).as("moment %d", moment).isEqualTo(7 * PAGE);
                moments++;
            }
        }
        assertThat(moments).isGreaterThan(1_000);
    }

    /// What a call says that it has taken away is its own, and it frees no table but its own.
    @Test
    void eachCountsItsOwnPages() {
        for (int moment = 1; moment < 20; moment++) {
            Words words = new Words();
            PageTables tables = new PageTables(words, new TableFrames(words, 1 << 20, 1 << 20), 4, 1);
            tables.map(0, 1 << 24, 4 * PAGE, true, true);
            tables.map(1 << 21, 1 << 25, 1 << 21, true, true);
            long[] handlers = new long[2];
            words.handler = () -> {
                int waiting = tables.waiting();
                handlers[0] = tables.take(1L << 21, 1L << 21);
                tables.freeSince(waiting);
                handlers[1] = (long) tables.waiting() - waiting;
            };
            words.left = moment;
            assertThat(tables.take(0, 4 * PAGE)).isEqualTo(4 * PAGE);
            words.left = 0;
            assertThat(handlers[0] == 0 || handlers[0] == 1 << 21).isTrue();
            assertThat(handlers[1]).isZero();
        }
    }
}
