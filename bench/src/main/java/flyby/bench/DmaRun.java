package flyby.bench;

import flyby.bus.Device;
import flyby.copy.CopyEngine;
import flyby.copy.layout.CopyEngineRegisters;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.split.SplitBus;
import flyby.trace.Trace;
import java.util.Locale;

/// The workload of `bench/systemc/dma.cpp`: 4 copy engines copy 1 MiB blocks as 64 B units, memory to memory, over
/// one split-transaction bus.
///
/// Built as any machine is: a bus with four ports, an engine on each, programmed through its registers. Prints one
/// RESULT line with the fields of its peer; `simEnd_ps`, `sum` and `thash` must be equal to the peer's.
///
/// Usage: `DmaRun [mode=run-ahead|plain] [blocks per engine=8] [window=8] [rounds=10]`. Each round is a machine of
/// its own. All but the last warm the compiler up; the line is the last one's.
public final class DmaRun {
    private static final int ENGINES = 4;
    private static final int UNIT_BYTES = 64;
    private static final long BLOCK_BYTES = 1L << 20;
    private static final int RING_BLOCKS = 8;
    private static final long REGION_BYTES = RING_BLOCKS * BLOCK_BYTES;
    private static final long MEMORY_BYTES = ENGINES * 2L * REGION_BYTES;
    private static final long GAP_PICOS = 100_000;

    private static final long HASH_START = 1_469_598_103_934_665_603L;
    private static final long FNV_PRIME = 0x100_0000_01b3L;

    private final SplitBus.Mode mode;
    private final int blocks;
    private final int window;

    private DmaRun(SplitBus.Mode mode, int blocks, int window) {
        this.mode = mode;
        this.blocks = blocks;
        this.window = window;
    }

    public static void main(String[] arguments) {
        SplitBus.Mode mode = SplitBus.Mode.RUN_AHEAD;
        if (arguments.length > 0) {
            mode = switch (arguments[0]) {
                case "run-ahead" -> SplitBus.Mode.RUN_AHEAD;
                case "plain" -> SplitBus.Mode.PLAIN;
                default -> throw new IllegalArgumentException(arguments[0] + ": expected run-ahead or plain");
            };
        }
        int blocks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
        int window = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8;
        int rounds = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 10;
        String line = "";
        for (int round = 0; round < rounds; round++) {
            line = new DmaRun(mode, blocks, window).round();
        }
        System.out.println(line);
    }

    private String round() {
        Simulation simulation = new Simulation(0, Trace.off());
        PhysicalMemory memory = new PhysicalMemory();
        fill(memory);
        SplitBus bus = new SplitBus(simulation, "bus", SplitBus.Timing.PEER, memory, MEMORY_BYTES, mode);
        for (int i = 0; i < ENGINES; i++) {
            CopyEngine engine = new CopyEngine(
                    bus.attach("engine" + i, (vector, asserted) -> {}),
                    "engine" + i,
                    new CopyEngine.Profile(window, UNIT_BYTES, GAP_PICOS));
            start(engine, i * 2L * REGION_BYTES);
        }
        long beginNanos = Result.cpuNanos();
        simulation.run();
        long nanos = Result.cpuNanos() - beginNanos;
        SplitBus.Statistics statistics = bus.statistics();
        long count = statistics.transactionCount();
        return String.format(
                Locale.ROOT,
                "RESULT flyby-dma mode=%s blocks=%d win=%d txns=%d sec=%.4f Mtxn/s=%.4f ns/txn=%.2f"
                        + " copiedMB/s=%.2f simEnd_ps=%d sum=%016x thash=%016x",
                mode == SplitBus.Mode.PLAIN ? "plain" : "run-ahead",
                blocks,
                window,
                count,
                nanos * 1e-9,
                count * 1e3 / nanos,
                (double) nanos / count,
                count / 2 * UNIT_BYTES * 1e3 / nanos,
                simulation.nowPicos(),
                checksum(memory),
                statistics.orderHash());
    }

    private void start(Device engine, long src) {
        engine.writeRegister(0, CopyEngineRegisters.SRC, 8, src);
        engine.writeRegister(0, CopyEngineRegisters.DST, 8, src + REGION_BYTES);
        engine.writeRegister(0, CopyEngineRegisters.LENGTH, 8, BLOCK_BYTES);
        engine.writeRegister(0, CopyEngineRegisters.BLOCKS, 4, blocks);
        engine.writeRegister(0, CopyEngineRegisters.RING, 4, RING_BLOCKS);
        engine.writeRegister(
                0,
                CopyEngineRegisters.CONTROL,
                4,
                CopyEngineRegisters.CONTROL_START.to(1) | CopyEngineRegisters.CONTROL_INTERRUPT.to(1));
    }

    /// The sources, as the peer's `initMem` fills them: xorshift64 from seed 12345. The destinations are zero.
    private static void fill(PhysicalMemory memory) {
        long state = 12_345;
        for (int engine = 0; engine < ENGINES; engine++) {
            long region = engine * 2L * REGION_BYTES;
            for (long at = 0; at < REGION_BYTES; at += 8) {
                state ^= state << 13;
                state ^= state >>> 7;
                state ^= state << 17;
                memory.write64(region + at, state);
                memory.write64(region + REGION_BYTES + at, 0);
            }
        }
    }

    /// The peer's `checksum`: FNV-1a over 64-bit words, with the peer's own start value.
    private static long checksum(PhysicalMemory memory) {
        long hash = HASH_START;
        for (long at = 0; at < MEMORY_BYTES; at += 8) {
            hash = (hash ^ memory.read64(at)) * FNV_PRIME;
        }
        return hash;
    }
}
