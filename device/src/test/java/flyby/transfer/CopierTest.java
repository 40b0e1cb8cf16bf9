package flyby.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Transaction.Status;
import flyby.choice.Property;
import flyby.transfer.Copier.Outcome;
import flyby.workbench.MemoryHost;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Copies against an array of bytes.
final class CopierTest {
    private static final int BYTES = 1 << 15;

    private int ends;

    @Test
    void everyCopyDoesWhatAnArrayDoes() {
        Property.check(400, choices -> {
            SplittableRandom random = new SplittableRandom(choices.below(1000));
            long most = choices.pick(1L, 0L, 500L);
            MemoryHost host = new MemoryHost(BYTES, () -> most == 0 ? 0 : random.nextLong(most) + 1);
            random.nextBytes(host.memory());
            Copier.Shape shape = new Copier.Shape((int) choices.between(1, 9), choices.pick(64, 1, 7, 4096));
            ends = 0;
            Copier copier = new Copier(host, "copier", shape, () -> ends++);
            for (int i = 0; i < 4; i++) {
                byte[] expected = host.memory().clone();
                int count = (int) choices.below(shape.unitBytes() == 1 ? 600 : BYTES / 2);
                int source = (int) choices.below(BYTES - count + 1);
                int destination = (int) choices.below(BYTES - count + 1);
                boolean isApart = Math.abs(source - destination) >= count;
                if (!isApart && shape.window() > 1) {
                    source = 0;
                    destination = BYTES - count;
                }
                unitByUnit(expected, source, destination, count, shape.unitBytes());
                copier.begin(source, destination, count, 0);
                host.simulation().run();
                assertThat(copier.isUnderWay()).isFalse();
                assertThat(ends).isEqualTo(i + 1);
                assertThat(copier.writtenBytes()).isEqualTo(count);
                assertThat(copier.outcome()).isEqualTo(Outcome.DONE);
                assertThat(host.memory()).isEqualTo(expected);
            }
            assertThat(host.underWayMax()).isLessThanOrEqualTo(shape.window());
        });
    }

    private static void unitByUnit(byte[] memory, int source, int destination, int count, int unitBytes) {
        for (int at = 0; at < count; at += unitBytes) {
            System.arraycopy(memory, source + at, memory, destination + at, Math.min(unitBytes, count - at));
        }
    }

    @Test
    void keepsTheWindowFull() {
        MemoryHost host = new MemoryHost(BYTES, () -> 100);
        Copier copier = new Copier(host, "copier", new Copier.Shape(4, 64), () -> ends++);
        copier.begin(0, 0x4000, 64 * 8, 0);
        host.simulation().run();
        assertThat(host.underWayMax()).isEqualTo(4);
        assertThat(host.nowPicos()).as("two rounds of a read and a write").isEqualTo(400);
    }

    @Test
    void saysWhatFailed() {
        MemoryHost host = new MemoryHost(BYTES, () -> 100);
        Copier copier = new Copier(host, "copier", new Copier.Shape(2, 64), () -> ends++);
        copier.begin(BYTES - 128, 0, 256, 0);
        host.simulation().run();
        assertThat(copier.outcome()).isEqualTo(Outcome.READ_FAILED);
        assertThat(copier.failure()).isEqualTo(Status.ADDRESS_ERROR);
        assertThat(copier.writtenBytes()).isEqualTo(128);
        copier.begin(0, BYTES - 64, 256, 0);
        host.simulation().run();
        assertThat(copier.outcome()).isEqualTo(Outcome.WRITE_FAILED);
        copier.begin(MemoryHost.POISONED, 0, 1, 0);
        host.simulation().run();
        assertThat(copier.failure()).isEqualTo(Status.POISONED);
        assertThat(ends).isEqualTo(3);
    }

    @Test
    void oneCallDoesABoundedAmountOfWork() {
        MemoryHost host = new MemoryHost(BYTES, () -> 0);
        Copier copier = new Copier(host, "copier", new Copier.Shape(4, 1), () -> ends++);
        copier.begin(0, 0x4000, 10_000, 0);
        assertThat(host.accesses()).isEqualTo(2 * 256);
        host.simulation().run();
        assertThat(copier.writtenBytes()).isEqualTo(10_000);
        assertThat(ends).isEqualTo(1);
    }

    @Test
    void stopsAndForgets() {
        Property.check(200, choices -> {
            SplittableRandom random = new SplittableRandom(choices.below(1000));
            MemoryHost host = new MemoryHost(BYTES, () -> 1 + random.nextLong(300));
            ends = 0;
            Copier copier = new Copier(host, "copier", new Copier.Shape(3, 64), () -> ends++);
            copier.begin(0, 0x4000, 0x2000, 0);
            host.simulation().runUntil(choices.below(10_000));
            boolean isStop = choices.chance(1, 2);
            if (isStop) {
                copier.stop();
            } else {
                copier.reset();
                assertThat(copier.isUnderWay()).isFalse();
            }
            int endsBefore = ends;
            random.nextBytes(host.memory());
            if (isStop) {
                host.simulation().run();
                assertThat(ends).isEqualTo(1);
                assertThat(copier.writtenBytes() % 64).isZero();
            }
            copier.begin(0x1000, 0x6000, 500, 0);
            host.simulation().run();
            assertThat(ends).isEqualTo(isStop ? 2 : endsBefore + 1);
            for (int i = 0; i < 500; i++) {
                assertThat(host.memory()[0x6000 + i]).isEqualTo(host.memory()[0x1000 + i]);
            }
        });
    }
}
