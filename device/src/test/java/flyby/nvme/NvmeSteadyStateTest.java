package flyby.nvme;

import static flyby.nvme.layout.NvmeRegisters.headDoorbell;
import static flyby.nvme.layout.NvmeRegisters.tailDoorbell;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.nvme.NvmeBench.Pair;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.QueueEntries;
import flyby.nvme.layout.SglDescriptor;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// A command allocates nothing, counted by the JVM for this thread.
final class NvmeSteadyStateTest {
    private static final int ENTRIES = 64;
    private static final int ROUNDS = 20_000;
    /// Far less than one byte a command, and enough for what the JVM does beside us.
    private static final long NOISE_BYTES = 65_536;

    private static final long DATA = 0x10_0000;
    private static final long LIST = 0x8000;

    @Test
    void commandsAllocateNothing() {
        NvmeBench bench = NvmeBench.instant();
        bench.enable();
        Pair pair = bench.create(1, 0x1_0000, ENTRIES);
        for (int i = 0; i < 3; i++) {
            LittleEndian.put(DATA + 0x1_0000 + 8_192L * i, bench.memory, (int) LIST + 8 * i, 8);
        }
        for (int i = 0; i < ENTRIES; i++) {
            int opcode = i % 2 == 0 ? NvmeOpcodes.WRITE : NvmeOpcodes.READ;
            int blocks = i % 4 < 2 ? 8 : 32;
            byte[] command = bench.command(opcode, 1, DATA, blocks == 8 ? 0 : LIST, 8 * i, 0, blocks - 1);
            if (i % 8 == 0) {
                LittleEndian.put(QueueEntries.PSDT.with(LittleEndian.get(command, 0, 4), 1), command, 0, 4);
                LittleEndian.put(SglDescriptor.LENGTH.to(8 * 512), command, QueueEntries.DPTR2, 8);
            }
            pair.put(command);
        }
        rounds(bench, ROUNDS);
        long before = allocatedBytes();
        rounds(bench, ROUNDS);
        assertThat(allocatedBytes() - before).isLessThan(NOISE_BYTES);
        assertThat(bench.word(0x1_0000 + ENTRIES * 64 + 8, 8) >>> 49)
                .as("status")
                .isZero();
    }

    /// The entries stay where they are: half of the ring is handed over, and then the other half.
    private static void rounds(NvmeBench bench, int count) {
        for (int i = 0; i < count; i++) {
            int tail = (i + 1) % 2 * (ENTRIES / 2);
            bench.controller.writeRegister(0, tailDoorbell(1), 4, tail);
            bench.controller.writeRegister(0, headDoorbell(1), 4, tail);
        }
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
