package flyby.plx;

import static flyby.plx.PlxBench.DATA;
import static flyby.plx.PlxBench.READ_FAILED;
import static flyby.plx.PlxBench.SUCCESS;
import static flyby.plx.PlxBench.VALID;
import static flyby.plx.PlxBench.WRITE_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.transfer.Copier;
import flyby.workbench.MemoryHost;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random rings against an array of bytes, and random software against the engine.
final class PlxRingTest {
    private static PlxBench bench(Choices choices, int entries) {
        SplittableRandom random = new SplittableRandom(choices.below(1000));
        long most = choices.pick(1L, 0L, 500L);
        Copier.Shape shape = new Copier.Shape((int) choices.between(1, 8), choices.pick(64, 7, 512));
        PlxProfile profile = new PlxProfile(shape, (int) choices.between(1, 4), choices.pick(0L, 300L));
        PlxBench bench = new PlxBench(entries, profile, () -> most == 0 ? 0 : random.nextLong(most) + 1);
        random.nextBytes(bench.host.memory());
        Arrays.fill(bench.host.memory(), 0, DATA, (byte) 0);
        return bench;
    }

    /// Copies over several laps, some of them of nothing or to nowhere; the array does them one after the other.
    @Test
    void everyRingDoesWhatAnArrayDoes() {
        Property.check(400, choices -> {
            int entries = (int) choices.between(1, 9);
            PlxBench bench = bench(choices, entries);
            byte[] expected = bench.host.memory().clone();
            long[] wanted = new long[3 * entries + 5];
            int tail = 0;
            for (int i = 0; i < wanted.length; i++) {
                while (bench.head - tail == entries) {
                    bench.host.simulation().run();
                    tail = reap(bench, tail, wanted);
                }
                wanted[i] = submit(choices, bench, expected);
                if (choices.chance(2, 3)) {
                    bench.issue();
                }
                if (choices.chance(1, 3)) {
                    bench.host.simulation().runUntil(bench.host.nowPicos() + choices.below(2_000));
                }
                if (bench.head - tail == entries) {
                    bench.issue();
                }
            }
            bench.issue();
            bench.run();
            assertThat(reap(bench, tail, wanted)).isEqualTo(wanted.length);
            assertThat(Arrays.mismatch(bench.host.memory(), DATA, PlxBench.BYTES, expected, DATA, PlxBench.BYTES))
                    .isEqualTo(-1);
            assertThat(bench.isRunning()).isFalse();
            assertThat(bench.host.isAsserted(0)).isTrue();
        });
    }

    /// Looks at what is done from `tail` on; returns the first that is not.
    private static int reap(PlxBench bench, int tail, long[] wanted) {
        int at = tail;
        while (at < bench.head && (bench.flags(at) & VALID) == 0) {
            assertThat(bench.flags(at)).isEqualTo(wanted[at]);
            at++;
        }
        return at;
    }

    /// Submits a random copy, does it in the array too; returns what is to be written back.
    private static long submit(Choices choices, PlxBench bench, byte[] expected) {
        int count = (int) choices.below(choices.pick(2_000, 1, 70));
        int half = (PlxBench.BYTES - DATA) / 2;
        int source = DATA + (int) choices.below(half - count);
        int destination = DATA + half + (int) choices.below(half - count);
        if (choices.chance(1, 2)) {
            int swap = source;
            source = destination;
            destination = swap;
        }
        boolean interrupts = choices.chance(1, 2);
        int kind = (int) choices.below(8);
        if (count > 0 && kind == 6) {
            bench.submit(MemoryHost.NOWHERE, destination, count, interrupts);
            return READ_FAILED;
        } else if (count > 0 && kind == 7) {
            bench.submit(source, MemoryHost.POISONED, count, interrupts);
            return WRITE_FAILED;
        }
        bench.submit(source, destination, count, interrupts);
        System.arraycopy(expected, source, expected, destination, count);
        return SUCCESS | count;
    }

    @Test
    void aRingThatIsValidForEverEndsNothing() {
        // Without write-back all stay valid: each lap is done again.
        PlxBench bench = new PlxBench(2, PlxBench.profile(4, 64), () -> 0);
        bench.submit(DATA, DATA + 0x1000, 64, true);
        bench.submit(DATA, DATA + 0x1000, 64, true);
        bench.engine.writeRegister(0, 0x238, 2, PlxBench.START_VALUE & ~4);
        bench.host.simulation().runUntil(30_000);
        assertThat(bench.host.accesses()).isBetween(100, 10_000);
        assertThat(bench.isRunning()).isTrue();
        bench.write32(0x238, PlxBench.RESET_VALUE | 1);
        bench.run();
        assertThat(bench.isRunning()).isFalse();
    }

    @Test
    void anySoftwareIsSurvived() {
        Property.check(300, choices -> {
            PlxBench bench = bench(choices, (int) choices.between(1, 9));
            for (int i = 0; i < 80; i++) {
                batter(choices, bench);
            }
            bench.engine.reset();
            bench.host.simulation().run();
            Arrays.fill(bench.host.memory(), 0, DATA, (byte) 0);
            bench.allocate();
            int index = bench.submit(DATA, DATA + 0x1000, 100, true);
            bench.issue();
            bench.run();
            assertThat(bench.flags(index)).isEqualTo(SUCCESS | 100);
            assertThat(bench.host.underWay()).isZero();
        });
    }

    private static void batter(Choices choices, PlxBench bench) {
        long offset = choices.pick(0x214L, 0x218L, 0x21cL, 0x220L, 0x238L, 0x23cL, 0x23eL, choices.below(0x300));
        int byteCount = choices.pick(4, 2, 1, 8);
        long value = choices.pick(
                0L,
                (long) PlxBench.START_VALUE,
                (long) PlxBench.RING,
                1L,
                2L,
                4L,
                8L,
                PlxBench.START_VALUE & ~4L,
                -1L,
                choices.below(Long.MAX_VALUE));
        bench.engine.writeRegister((int) choices.below(12) / 11, offset, byteCount, value);
        bench.engine.readRegister(0, choices.below(0x300), byteCount);
        int at = PlxBench.RING + (int) choices.below(0x100);
        bench.put(at, choices.pick(0x8000_0010L, 0xc800_0010L, 0x87ff_ffffL, choices.below(Long.MAX_VALUE)), 4);
        bench.host.simulation().runUntil(bench.host.nowPicos() + choices.below(500));
    }
}
