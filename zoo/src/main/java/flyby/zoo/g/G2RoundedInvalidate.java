package flyby.zoo.g;

import static flyby.dma.Attributes.SKIP_CPU_SYNC;
import static flyby.dma.Direction.FROM_DEVICE;
import static flyby.zoo.engine.EngineRegisters.GO_WRITE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.Arrays;
import java.util.List;

/// The driver keeps its caches by hand, and rounds a caller's buffer out to whole lines: what a neighbour has
/// stored in the first or the last of them is thrown away. Buffers of tests are aligned.
public final class G2RoundedInvalidate extends EngineSpecimen {
    private static final int BLOCK_BYTES = 512;
    private static final int LINE_BYTES = 64;
    /// Where a caller happens to have the buffer, and somebody else a flag.
    private static final int BUFFER_OFFSET = 100;
    private static final int FLAG_OFFSET = 96;
    private static final int READ_BYTES = 128;

    public G2RoundedInvalidate() {
        super(new Label(
                "G2",
                "A cache operation rounded out to lines discards what neighbours wrote",
                "STM32CubeF7 #95 (SD_read); zephyr #108716 (imx_usdhc); ARMmbed/mbed-os #10239",
                List.of(Rule.R19, Rule.R43, Rule.R65),
                List.of("non-coherent")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long block = engine.buffer(BLOCK_BYTES);
        long buffer = block + BUFFER_OFFSET;
        engine.fillMemory(sector());
        long first = buffer & -LINE_BYTES;
        long lines = (buffer + READ_BYTES + LINE_BYTES - 1 - first) & -LINE_BYTES;
        long address = dma.mapSingle(buffer, READ_BYTES, FROM_DEVICE, SKIP_CPU_SYNC);
        if (dma.mappingError(address) == 0) {
            cpu.cleanAndInvalidateCache(first, lines);
            engine.start(GO_WRITE, address, READ_BYTES);
            cpu.store8(block + FLAG_OFFSET, 1); // BUG
            int read = engine.await();
            cpu.invalidateCache(first, lines); // BUG
            dma.unmapSingle(address, READ_BYTES, FROM_DEVICE, SKIP_CPU_SYNC);
            bench.expect(cpu.load8(block + FLAG_OFFSET) == 1, "the neighbour's flag is set");
            bench.expect(isWhole(engine, buffer, read), "the sector was read");
        }
        engine.free(block);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long block = engine.buffer(BLOCK_BYTES);
        long buffer = block + BUFFER_OFFSET;
        engine.fillMemory(sector());
        long aligned = bench.kernel().memory().kmalloc(BLOCK_BYTES, "whole lines");
        long address = dma.mapSingle(aligned, READ_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.start(GO_WRITE, address, READ_BYTES);
            cpu.store8(block + FLAG_OFFSET, 1);
            int read = engine.await();
            dma.unmapSingle(address, READ_BYTES, FROM_DEVICE);
            cpu.storeBytes(buffer, engine.load(aligned, Math.max(0, read)), 0, Math.max(0, read));
            bench.expect(cpu.load8(block + FLAG_OFFSET) == 1, "the neighbour's flag is set");
            bench.expect(isWhole(engine, buffer, read), "the sector was read");
        }
        engine.free(aligned);
        engine.free(block);
        engine.remove();
    }

    private static byte[] sector() {
        byte[] bytes = new byte[READ_BYTES];
        Arrays.fill(bytes, (byte) 0x72);
        return bytes;
    }

    private static boolean isWhole(EngineDriver engine, long at, int received) {
        return received > 0 && EngineDriver.isBeginning(engine.load(at, received), sector(), received);
    }
}
