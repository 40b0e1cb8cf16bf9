package flyby.dma;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.dmar.DmaSpace;
import flyby.dmar.IommuDomain;
import flyby.dmar.RemappingUnit;
import flyby.kernel.Kernel;
import flyby.kernel.KernelLog;
import flyby.kernel.KernelMemory;
import org.junit.jupiter.api.Test;

/// A driver unmaps, and after each of its stores in turn a handler unmaps something else of the same unit.
final class InterruptedUnmapTest {
    private static final long TABLES = 1L << 31;
    private static final int PAGE = KernelMemory.PAGE_BYTES;

    /// Runs a handler after the `left`-th store from now on, once interrupts are on.
    private static final class InterruptedCpu extends RemappingCpu {
        private Runnable handler = () -> {};
        private int left;
        private boolean isPending;

        InterruptedCpu() {
            super(false);
        }

        @Override
        public void store64(long address, long value) {
            super.store64(address, value);
            left--;
            isPending |= left == 0;
            take();
        }

        @Override
        public void restoreInterrupts(boolean enabled) {
            super.restoreInterrupts(enabled);
            take();
        }

        private void take() {
            if (isPending && !inAtomicContext()) {
                isPending = false;
                handler.run();
            }
        }
    }

    /// @return whether the handler came
    private static boolean interruptedAt(int moment) {
        InterruptedCpu cpu = new InterruptedCpu();
        KernelMemory memory = new KernelMemory(1 << 20, Rig.MEMORY_END, 8);
        KernelLog log = new KernelLog();
        RemappingUnit unit = new RemappingUnit(cpu, RemappingCpu.REGISTERS, TABLES, 1 << 24, 4, 0);
        IommuDomain domain = unit.domain(1);
        unit.attach(RemappingCpu.FUNCTION, domain, false);
        Dma dma = new Dma(
                new Kernel(cpu, memory, log), "dev", DmaSpace.strict(domain), new Dma.Platform(true, FlatCpu.LINE));
        long mine = dma.mapSingle(1 << 24, 3 * PAGE, Direction.BIDIRECTIONAL);
        long handlers = dma.mapSingle(1 << 25, PAGE, Direction.BIDIRECTIONAL);
        assertThat(cpu.reaches(mine + PAGE, true)).isPositive();
        assertThat(cpu.reaches(handlers, true)).isPositive();

        boolean[] isHandled = new boolean[1];
        cpu.handler = () -> {
            dma.unmapSingle(handlers, PAGE, Direction.BIDIRECTIONAL);
            assertThat(cpu.reaches(handlers, true)).isNegative();
            isHandled[0] = true;
        };
        cpu.left = moment;
        dma.unmapSingle(mine, 3 * PAGE, Direction.BIDIRECTIONAL);
        assertThat(cpu.reaches(mine + PAGE, true)).as("moment %d", moment).isNegative();
        assertThat(log.warnings()).isEmpty();
        return isHandled[0];
    }

    @Test
    void nothingThatWasUnmappedIsReached() {
        int moment = 1;
        while (interruptedAt(moment)) {
            moment++;
        }
        // Three pages, a status and two descriptors of two words each.
        assertThat(moment - 1).isEqualTo(3 + 1 + 2 * 2);
    }
}
