package flyby.zoo.g;

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

/// The buffer is a part of the device's structure, beside a counter that the CPU writes during the transfer: the
/// line is written back over the device's bytes, or is invalidated with the counter in it. A PC's caches and
/// devices agree.
public final class G1EmbeddedBuffer extends EngineSpecimen {
    private static final int STATE_BYTES = 128;
    private static final int RX_OFFSET = 0;
    private static final int RX_BYTES = 32;
    private static final int COUNTER_OFFSET = 36;

    /// As far apart as any CPU's lines are long: ARCH_DMA_MINALIGN.
    private static final int APART = 128;

    public G1EmbeddedBuffer() {
        super(new Label(
                "G1",
                "A DMA buffer is embedded next to fields that the CPU writes",
                "Linux iio \"Fix alignment for DMA safety\", 92 patches of 2022 "
                        + "(adxl313 ac0ae0619467, sca3000 4478ef38e306)",
                List.of(Rule.R19),
                List.of("non-coherent")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long state = engine.buffer(STATE_BYTES);
        engine.fillMemory(data());
        long address = dma.mapSingle(state + RX_OFFSET, RX_BYTES, FROM_DEVICE); // BUG
        if (dma.mappingError(address) == 0) {
            engine.start(GO_WRITE, address, RX_BYTES);
            cpu.store8(state + COUNTER_OFFSET, 1); // BUG
            int received = engine.await();
            dma.unmapSingle(address, RX_BYTES, FROM_DEVICE);
            bench.expect(cpu.load8(state + COUNTER_OFFSET) == 1, "the counter has counted");
            bench.expect(isWhole(engine, state + RX_OFFSET, received), "the data came in");
        }
        engine.free(state);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long state = engine.buffer(2 * APART);
        engine.fillMemory(data());
        long address = dma.mapSingle(state, RX_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.start(GO_WRITE, address, RX_BYTES);
            cpu.store8(state + APART, 1);
            int received = engine.await();
            dma.unmapSingle(address, RX_BYTES, FROM_DEVICE);
            bench.expect(cpu.load8(state + APART) == 1, "the counter has counted");
            bench.expect(isWhole(engine, state, received), "the data came in");
        }
        engine.free(state);
        engine.remove();
    }

    private static byte[] data() {
        byte[] bytes = new byte[RX_BYTES];
        Arrays.fill(bytes, (byte) 0x71);
        return bytes;
    }

    private static boolean isWhole(EngineDriver engine, long at, int received) {
        return received > 0 && EngineDriver.isBeginning(engine.load(at, received), data(), received);
    }
}
