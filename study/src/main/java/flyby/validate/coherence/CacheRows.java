package flyby.validate.coherence;

import static flyby.validate.coherence.CoherenceReferences.LINUX;
import static flyby.validate.coherence.CoherenceReferences.OPTIMIZATION;
import static flyby.validate.coherence.CoherenceReferences.UDMABUF;
import static flyby.validate.coherence.CoherenceReferences.YANG;

import flyby.bus.Cpu;
import flyby.bus.MemoryType;
import flyby.kernel.KernelMemory;
import flyby.machine.KernelSetup;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.ArrayList;
import java.util.List;

/// What caches and their maintenance cost, and what they destroy: rows 9.1 to 9.4, and 9.6.
final class CacheRows {
    private static final long BUFFER = 16 << 20;
    private static final int FILL_BYTES = 1 << 20;
    private static final int LINE = 64;
    private static final String ARM = "board-arm";
    private static final String SERVER = "server-gen3-bdw";
    private static final String FILLED =
            "The CPU stores 1 MiB in words of 8 bytes, the second of two times; the board is an"
                    + " example with an Arm Cortex-A53's caches, and no Zynq.";

    private final List<Row> rows = new ArrayList<>();

    private CacheRows() {}

    static List<Row> rows() {
        CacheRows all = new CacheRows();
        all.fills();
        all.flush();
        all.alignment();
        return all.rows;
    }

    private void fills() {
        rows.add(Row.of("9.1a", "a fill of uncached memory against one of cached memory")
                .under("1 MiB, 0.912 s against 0.067 s for 99 of them")
                .figure(
                        "13.6",
                        "times",
                        Tolerance.percent("15"),
                        () -> fillPicos(MemoryType.UNCACHED) / fillPicos(MemoryType.WRITE_BACK))
                .from(Grade.B, UDMABUF.derived("Readme, performance"), FILLED));
        rows.add(Row.of("9.1b", "a fill of write-combining memory against one of cached memory")
                .under("1 MiB, 0.063 s against 0.067 s for 99 of them")
                .figure(
                        "0.94",
                        "times",
                        Tolerance.percent("15"),
                        () -> fillPicos(MemoryType.WRITE_COMBINING) / fillPicos(MemoryType.WRITE_BACK))
                .from(Grade.B, UDMABUF.derived("Readme, performance"), FILLED));
    }

    private static double fillPicos(MemoryType type) {
        double[] picos = new double[1];
        CpuBench.run(ARM, (cpu, _) -> {
            if (type != MemoryType.WRITE_BACK) {
                cpu.setMemoryType(BUFFER, FILL_BYTES, type);
            }
            byte[] zeros = new byte[FILL_BYTES];
            for (int i = 0; i < 2; i++) {
                long begin = cpu.nowPicos();
                cpu.storeBytes(BUFFER, zeros, 0, FILL_BYTES);
                cpu.writeBarrier();
                picos[0] = cpu.nowPicos() - begin;
            }
        });
        return picos[0];
    }

    private void flush() {
        rows.add(Row.of("9.3", "a line is stored, written back and fenced")
                .under("clwb on a Cascade Lake; simulated: a Xeon E5 v4, the line in its first-level cache")
                .figure("57", "ns", Tolerance.percent("20"), () -> {
                    double[] nanos = new double[1];
                    CpuBench.run(SERVER, (cpu, _) -> {
                        cpu.store64(BUFFER, 1);
                        long begin = cpu.nowPicos();
                        cpu.store64(BUFFER, 2);
                        cpu.cleanCache(BUFFER, LINE);
                        cpu.barrier();
                        nanos[0] = (cpu.nowPicos() - begin) / 1e3;
                    });
                    return nanos[0];
                })
                .from(
                        Grade.C,
                        YANG.at("figure 2"),
                        "A store, cleanCache and a barrier. Maintenance costs what cache.maintenance says, and what is"
                                + " written back is memory's business."));
        rows.add(Row.of("9.4", "clflush")
                .rule("one line, out of all caches of the domain, written back if dirty", CacheRows::lines)
                .from(
                        Grade.A,
                        OPTIMIZATION.at("page 6-17"),
                        "cleanAndInvalidateCache on a server whose cores share memory; where the line is shows in"
                                + " the time"
                                + " of a load, and what memory holds is looked up."));
    }

    private static void lines(Facts facts) {
        CpuBench.run(SERVER, (cpu, machine) -> {
            cpu.store64(BUFFER, 0x1122);
            cpu.store64(BUFFER + LINE, 0x3344);
            facts.equal("memory before", 0L, machine.memory().read32(BUFFER));
            cpu.cleanAndInvalidateCache(BUFFER, 1);
            facts.equal("memory after", 0x1122L, machine.memory().read32(BUFFER));
            facts.equal("the neighbour's line in memory", 0L, machine.memory().read32(BUFFER + LINE));
            long hit = load(cpu, BUFFER + LINE);
            long miss = load(cpu, BUFFER);
            long again = load(cpu, BUFFER);
            facts.holds("the neighbour is in the cache: %d ps".formatted(hit), hit < 10_000);
            facts.holds("the line is in no cache: %d ps".formatted(miss), miss > 66_000);
            facts.holds("then it is again: %d ps".formatted(again), again < 10_000);
            facts.equal("its bytes", 0x1122L, cpu.load64(BUFFER));
            cpu.cleanAndInvalidateCache(BUFFER, 1);
            cpu.cleanAndInvalidateCache(BUFFER, 1);
            facts.equal("twice does no harm", 0x1122L, cpu.load64(BUFFER));
        });
    }

    private static long load(Cpu cpu, long address) {
        long begin = cpu.nowPicos();
        cpu.load64(address);
        return cpu.nowPicos() - begin;
    }

    private void alignment() {
        rows.add(Row.of("9.6", "buffers that do not share a line")
                .under("arm64: ARCH_DMA_MINALIGN is 128 B")
                .rule("kmalloc aligns to 128 B; closer neighbours lose bytes", CacheRows::neighbours)
                .from(
                        Grade.A,
                        LINUX.at("arch/arm64/include/asm/cache.h"),
                        "Buffers of the board's kernel; and two variables in one line, one of which is invalidated"
                                + " while"
                                + " the other is dirty."));
    }

    private static void neighbours(Facts facts) {
        CpuBench.run(ARM, (cpu, machine) -> {
            KernelMemory memory = new KernelSetup(machine, cpu).kernel().memory();
            long before = memory.kmalloc(24, "a small buffer");
            for (int byteCount : new int[] {1, 24, 100, 128, 200, 500, 5_000}) {
                long address = memory.kmalloc(byteCount, "a buffer");
                facts.equal(byteCount + " B at a multiple of 128", 0L, address % 128);
                facts.holds(byteCount + " B apart from the one before", Math.abs(address - before) >= 128);
                before = address;
            }
            for (int apart : new int[] {8, 32, 64, 128}) {
                long neighbour = BUFFER + apart;
                cpu.store64(neighbour, 1);
                cpu.cleanCache(BUFFER, 256);
                cpu.store64(neighbour, 2);
                cpu.invalidateCache(BUFFER, 8);
                long kept = cpu.load64(neighbour);
                facts.equal("a dirty neighbour " + apart + " B further", apart < LINE ? 1L : 2L, kept);
            }
        });
    }
}
