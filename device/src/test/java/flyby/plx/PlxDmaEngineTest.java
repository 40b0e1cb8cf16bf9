package flyby.plx;

import static flyby.plx.PlxBench.DATA;
import static flyby.plx.PlxBench.INTERRUPT;
import static flyby.plx.PlxBench.READ_FAILED;
import static flyby.plx.PlxBench.RESET_VALUE;
import static flyby.plx.PlxBench.RING;
import static flyby.plx.PlxBench.START_VALUE;
import static flyby.plx.PlxBench.SUCCESS;
import static flyby.plx.PlxBench.VALID;
import static flyby.plx.PlxBench.WRITE_FAILED;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.workbench.MemoryHost;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// The engine as Linux's driver uses it, and what it does where the driver does not go.
final class PlxDmaEngineTest {
    private static final long LATENCY = 100_000;

    private final PlxBench bench = new PlxBench(8, PlxBench.profile(4, 64), () -> LATENCY);

    private byte[] data(int address, int byteCount) {
        return Arrays.copyOfRange(bench.host.memory(), address, address + byteCount);
    }

    @Test
    void copiesAndWritesBack() {
        new SplittableRandom(1).nextBytes(bench.host.memory());
        int index = bench.submit(DATA + 3, DATA + 0x1001, 1000, true);
        byte[] source = data(DATA + 3, 1000);
        bench.issue();
        assertThat(bench.read32(0x238))
                .as("in progress, off-chip, write-back, start")
                .isEqualTo(0x4000_004c);
        bench.run();
        assertThat(data(DATA + 0x1001, 1000)).isEqualTo(source);
        assertThat(bench.flags(index)).isEqualTo(SUCCESS | 1000);
        assertThat(bench.read32(0x224)).isEqualTo(RING);
        assertThat(bench.read32(0x228)).isEqualTo(1000);
        assertThat(bench.read32(0x21c)).isEqualTo(RING + 16);
        assertThat(bench.read32(0x238)).as("the next one is not valid").isEqualTo(0x144);
        assertThat(bench.host.isAsserted(0)).isTrue();
        assertThat(bench.handle()).isEqualTo(6);
        assertThat(bench.host.isAsserted(0)).isFalse();
        // A fetch of four descriptors; 16 units in rounds of four, a read and a write each; the write-back; and then
        // the next three are at hand, and not valid.
        assertThat(bench.host.nowPicos()).isEqualTo(20_000 + LATENCY * (1 + 4 * 2 + 1));
        assertThat(bench.host.underWayMax()).isEqualTo(4);
    }

    @Test
    void withoutTheFlagThereIsNoInterrupt() {
        bench.submit(DATA, DATA + 0x1000, 10, false);
        bench.issue();
        bench.run();
        assertThat(bench.host.edges(0)).isZero();
        assertThat(bench.handle()).as("the next one is not valid").isEqualTo(2);
    }

    @Test
    void theLargestAndTheSmallest() {
        PlxBench quick = new PlxBench(8, PlxBench.profile(8, 4096), () -> 0);
        int none = quick.submit(DATA, DATA + 0x1000, 0, true);
        int most = quick.submit(DATA, DATA + 0x1000, 0x7ff_ffff, true);
        quick.issue();
        quick.run();
        assertThat(quick.flags(none)).isEqualTo(SUCCESS);
        // Its destination runs over the end of memory.
        assertThat(quick.flags(most) & 0xf000_0000L).isEqualTo(WRITE_FAILED);
        assertThat(quick.flags(most) & 0x7ff_ffff).isEqualTo(PlxBench.BYTES - DATA - 0x1000);
    }

    @Test
    void addressesHaveFortyEightBits() {
        int index = bench.submit(0xffff_0000_0000L, DATA, 8, true);
        bench.issue();
        bench.run();
        assertThat(bench.flags(index)).isEqualTo(READ_FAILED);
        index = bench.submit(DATA, 0xffff_0000_0000L, 8, true);
        bench.issue();
        bench.run();
        assertThat(bench.flags(index)).isEqualTo(WRITE_FAILED);
    }

    @Test
    void goesOnBehindADescriptorThatFails() {
        Arrays.fill(bench.host.memory(), DATA, DATA + 64, (byte) 5);
        bench.engine.writeRegister(0, 0x23c, 2, 1);
        int bad = bench.submit(MemoryHost.NOWHERE, DATA, 64, false);
        int good = bench.submit(DATA, DATA + 0x800, 64, true);
        bench.issue();
        bench.run();
        assertThat(bench.flags(bad)).isEqualTo(READ_FAILED);
        assertThat(bench.flags(good)).isEqualTo(SUCCESS | 64);
        assertThat(data(DATA + 0x800, 64)).containsOnly(5);
        assertThat(bench.handle()).isEqualTo(7);
    }

    @Test
    void aDescriptorOfTheOtherFormatFails() {
        int index = bench.submit(DATA, DATA + 0x800, 64 | 1 << 27, true);
        bench.issue();
        bench.run();
        assertThat(bench.flags(index)).isEqualTo(READ_FAILED);
        assertThat(bench.host.accesses()).as("fetch and write-back").isEqualTo(2);
    }

    @Test
    void stopsWhereItCannotReadTheRing() {
        bench.write32(0x218, 0x100);
        bench.engine.writeRegister(0, 0x23c, 2, 1);
        bench.issue();
        bench.run();
        assertThat(bench.isRunning()).isFalse();
        assertThat(bench.handle()).isEqualTo(1);
        assertThat(bench.host.edges(0)).isEqualTo(1);
    }

    @Test
    void whatBecameValidAfterTheFetchIsSeen() {
        bench.submit(DATA, DATA + 0x1000, 64, true);
        bench.issue();
        // The first four have been fetched: one valid.
        bench.host.simulation().runUntil(20_000 + LATENCY + 1);
        int late = bench.submit(DATA, DATA + 0x1100, 64, true);
        bench.issue();
        bench.run();
        assertThat(bench.flags(late)).isEqualTo(SUCCESS | 64);
    }

    @Test
    void gracefulPauseFinishesTheOneAtHand() {
        int first = bench.submit(DATA, DATA + 0x1000, 1000, true);
        int second = bench.submit(DATA, DATA + 0x2000, 1000, true);
        bench.issue();
        bench.host.simulation().runUntil(20_000 + 2 * LATENCY);
        bench.write32(0x238, RESET_VALUE | 1);
        assertThat(bench.read32(0x238) & 0x200).as("not yet").isZero();
        bench.run();
        assertThat(bench.read32(0x238)).as("paused").isEqualTo(0x201);
        assertThat(bench.flags(first)).isEqualTo(SUCCESS | 1000);
        assertThat(bench.flags(second)).isEqualTo(VALID | INTERRUPT | 1000);
        bench.write32(0x238, RESET_VALUE | 1);
        assertThat(bench.read32(0x238)).isEqualTo(1);
        bench.issue();
        bench.run();
        assertThat(bench.flags(second)).isEqualTo(SUCCESS | 1000);
    }

    @Test
    void anIdleEngineIsPausedAtOnce() {
        bench.engine.writeRegister(0, 0x23c, 2, 0x10);
        bench.write32(0x238, RESET_VALUE | 1);
        assertThat(bench.read32(0x238)).isEqualTo(0x201);
        assertThat(bench.host.isAsserted(0)).isTrue();
    }

    @Test
    void whilePausedItDoesNotStart() {
        int index = bench.submit(DATA, DATA + 0x1000, 64, true);
        bench.engine.writeRegister(0, 0x238, 2, START_VALUE | 1);
        bench.run();
        assertThat(bench.flags(index) & VALID).isNotZero();
    }

    @Test
    void abortGivesUpTheOneAtHand() {
        int index = bench.submit(DATA, DATA + 0x1000, 4000, true);
        bench.issue();
        bench.host.simulation().runUntil(20_000 + 4 * LATENCY + 1);
        bench.engine.writeRegister(0, 0x23c, 2, 8);
        bench.engine.writeRegister(0, 0x238, 2, 2);
        bench.run();
        assertThat(bench.read32(0x238)).isEqualTo(0x402);
        assertThat(bench.flags(index)).isEqualTo(VALID | INTERRUPT | 4000);
        assertThat(bench.read32(0x21c)).isEqualTo(RING);
        assertThat(bench.handle()).isEqualTo(8);
        assertThat(bench.host.accesses())
                .as("fetch, and two rounds of four units")
                .isEqualTo(17);
    }

    @Test
    void anInterruptBetweenReadAndClearIsNotLost() {
        bench.submit(DATA, DATA + 0x1000, 64, true);
        bench.submit(DATA, DATA + 0x1100, 64, true);
        bench.issue();
        bench.host.simulation().runUntil(20_000 + 4 * LATENCY);
        assertThat(bench.host.edges(0)).isEqualTo(1);
        long status = bench.engine.readRegister(0, 0x23e, 2);
        bench.run();
        bench.engine.writeRegister(0, 0x23e, 2, status);
        assertThat(bench.host.edges(0)).isEqualTo(2);
        assertThat(bench.handle() & 4).isNotZero();
        assertThat(bench.host.isAsserted(0)).isFalse();
    }

    @Test
    void onlyRingsInMemoryStart() {
        bench.engine.writeRegister(0, 0x238, 2, START_VALUE & ~0x60);
        assertThat(bench.read32(0x238) & 0x108).isEqualTo(0x100);
        bench.write32(0x220, 0);
        bench.issue();
        assertThat(bench.read32(0x238) & 0x108).isEqualTo(0x100);
    }

    @Test
    void theRingStandsStillWhileItRuns() {
        bench.submit(DATA, DATA + 0x1000, 64, true);
        bench.issue();
        bench.write32(0x214, 0);
        bench.write32(0x21c, 0);
        bench.write32(0x220, 0);
        assertThat(bench.read32(0x214)).isEqualTo(RING);
        bench.run();
        assertThat(bench.flags(0)).isEqualTo(SUCCESS | 64);
    }

    @Test
    void partsOfRegistersAreRegisters() {
        bench.engine.writeRegister(0, 0x216, 1, 0xab);
        assertThat(bench.read32(0x214)).isEqualTo(0xab_1000);
        assertThat(bench.engine.readRegister(0, 0x218, 8)).isEqualTo(0x1000_0000_0000L);
        bench.engine.writeRegister(0, 0x220, 8, 0x55_0000_0011L);
        assertThat(bench.read32(0x220)).isEqualTo(0x11);
        assertThat(bench.read32(0x224)).as("read-only").isZero();
        bench.engine.writeRegister(0, 0x23a, 2, 0xffff);
        assertThat(bench.read32(0x238)).isEqualTo(0xbfff_0000L);
        assertThat(bench.engine.readRegister(0, 0x100, 4)).isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(1, 0x214, 4)).isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(0, -4, 4)).isEqualTo(Device.ABSENT);
        assertThat(bench.engine.readRegister(0, 0x215, 4)).isEqualTo(Device.ABSENT);
    }

    @Test
    void resetForgetsWhatIsInFlight() {
        for (int i = 0; i < 14; i++) {
            PlxBench each = new PlxBench(8, PlxBench.profile(4, 64), () -> LATENCY);
            each.submit(DATA, DATA + 0x1000, 300, true);
            each.issue();
            each.host.simulation().runUntil(i * LATENCY / 2);
            each.engine.reset();
            assertThat(each.read32(0x238)).isZero();
            each.allocate();
            // Elsewhere in the ring, as a write-back of before may still land where it was.
            each.head = 4;
            each.write32(0x21c, RING + 64);
            Arrays.fill(each.host.memory(), DATA, DATA + 300, (byte) i);
            int index = each.submit(DATA, DATA + 0x3000, 300, true);
            each.issue();
            each.run();
            assertThat(each.flags(index)).isEqualTo(SUCCESS | 300);
            assertThat(each.host.edges(0)).isEqualTo(i > 12 ? 2 : 1);
            assertThat(each.host.memory()[DATA + 0x3000 + 299]).isEqualTo((byte) i);
        }
    }
}
