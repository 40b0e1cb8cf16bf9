package flyby.copy;

import static flyby.copy.layout.CopyEngineRegisters.BLOCKS;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL_START;
import static flyby.copy.layout.CopyEngineRegisters.DST;
import static flyby.copy.layout.CopyEngineRegisters.LENGTH;
import static flyby.copy.layout.CopyEngineRegisters.RING;
import static flyby.copy.layout.CopyEngineRegisters.SRC;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.split.SplitBus;
import flyby.split.SplitBus.Mode;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Four engines on one bus against the same machine in SystemC, `bench/systemc/dma.cpp`.
///
/// The judge is what that program printed (Debian's libsystemc-dev 2.3.4, both `at_peq` and `at_direct`, which
/// agree): the end of the simulation, a checksum of all memory, and a hash over time and port of every completion
/// in order.
final class PeerContractTest {
    private static final int ENGINES = 4;
    private static final long BLOCK_BYTES = 1 << 20;
    private static final int RING_BLOCKS = 8;
    private static final long REGION_BYTES = RING_BLOCKS * BLOCK_BYTES;
    private static final long MEMORY_BYTES = ENGINES * 2L * REGION_BYTES;

    /// Printed by `make -C bench/systemc dma` and then `dma at_peq 1 8`, `dma at_peq 2 3`, `dma at_peq 1 1`.
    @ParameterizedTest
    @CsvSource({
        "PLAIN, 1, 8, 397444500, ed6dd5c00700331e, 34bfa9e96904c000",
        "RUN_AHEAD, 1, 8, 397444500, ed6dd5c00700331e, 34bfa9e96904c000",
        "RUN_AHEAD, 2, 3, 1234612500, e4e13b5e23095862, 73453387a4ebfb68",
        "RUN_AHEAD, 1, 1, 1671280500, ed6dd5c00700331e, 37af8916b1c10000",
    })
    void doesWhatTheSystemCProgramDoes(
            Mode mode, int blocks, int window, long endPicos, String memorySum, String orderHash) {
        Simulation simulation = new Simulation(0, Trace.off());
        PhysicalMemory memory = new PhysicalMemory();
        fill(memory);
        SplitBus bus = machine(simulation, memory, mode, blocks, window);
        simulation.run();
        assertThat(simulation.nowPicos()).isEqualTo(endPicos);
        assertThat(String.format("%016x", sum(memory))).isEqualTo(memorySum);
        assertThat(String.format("%016x", bus.statistics().orderHash())).isEqualTo(orderHash);
        assertThat(bus.statistics().transactionCount()).isEqualTo(ENGINES * (long) blocks * BLOCK_BYTES / 64 * 2);
    }

    @ParameterizedTest
    @EnumSource
    void allocatesNothingOnTheWay(Mode mode) {
        Simulation simulation = new Simulation(0, Trace.off());
        PhysicalMemory memory = new PhysicalMemory();
        SplitBus bus = machine(simulation, memory, mode, 8, 8);
        // Three blocks of each engine, to warm up and to make the pages that are written.
        simulation.runUntil(3_179_482_500L / 2);
        for (int page = 0; page < MEMORY_BYTES; page += PhysicalMemory.PAGE_BYTES) {
            memory.write8(page, 0);
        }
        long warm = bus.statistics().transactionCount();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        simulation.run();
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(bus.statistics().transactionCount() - warm).isGreaterThan(500_000);
        assertThat(bytes).isLessThan(50_000);
    }

    private static SplitBus machine(Simulation simulation, PhysicalMemory memory, Mode mode, int blocks, int window) {
        SplitBus bus = new SplitBus(simulation, "bus", SplitBus.Timing.PEER, memory, MEMORY_BYTES, mode);
        for (int i = 0; i < ENGINES; i++) {
            String name = "engine" + i;
            CopyEngine engine = new CopyEngine(
                    bus.attach(name, (vector, asserted) -> {}), name, new CopyEngine.Profile(window, 64, 100_000));
            long src = i * 2L * REGION_BYTES;
            engine.writeRegister(0, SRC, 8, src);
            engine.writeRegister(0, DST, 8, src + REGION_BYTES);
            engine.writeRegister(0, LENGTH, 8, BLOCK_BYTES);
            engine.writeRegister(0, BLOCKS, 4, blocks);
            engine.writeRegister(0, RING, 4, RING_BLOCKS);
            engine.writeRegister(0, CONTROL, 4, CONTROL_START.to(1));
        }
        return bus;
    }

    /// `initMem` of the program: xorshift64 from 12345 over the sources, one after the other.
    private static void fill(PhysicalMemory memory) {
        long state = 12_345;
        for (int engine = 0; engine < ENGINES; engine++) {
            for (long at = 0; at < REGION_BYTES; at += 8) {
                state ^= state << 13;
                state ^= state >>> 7;
                state ^= state << 17;
                memory.write64(engine * 2L * REGION_BYTES + at, state);
            }
        }
    }

    /// `checksum` of the program: FNV-1a over 64-bit words, from its own start value.
    private static long sum(PhysicalMemory memory) {
        long hash = 1_469_598_103_934_665_603L;
        for (long at = 0; at < MEMORY_BYTES; at += 8) {
            hash = (hash ^ memory.read64(at)) * 1_099_511_628_211L;
        }
        return hash;
    }
}
