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

/// Two small buffers that the device writes lie in one cache line: what is done with the first when it has come
/// in, the CPU does to the line of the second, which is still on its way. A PC's lines are nobody's concern.
public final class G4TwoMappingsInALine extends EngineSpecimen {
    private static final int VALUE_BYTES = 8;

    /// As far apart as any CPU's lines are long: ARCH_DMA_MINALIGN.
    private static final int APART = 128;

    public G4TwoMappingsInALine() {
        super(new Label(
                "G4",
                "Two live mappings that the device writes share a cache line",
                "Linux USB hub.c, bug 215740 (cacheline tracking EEXIST); Linux ccree (overlapping lists); "
                        + "virtio series of December 2025 on small buffers that the device writes",
                List.of(Rule.R19, Rule.R70),
                List.of("non-coherent")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long values = engine.buffer(2 * APART);
        long status = values;
        long count = values + VALUE_BYTES;
        engine.fillMemory(value());
        long statusAddress = dma.mapSingle(status, VALUE_BYTES, FROM_DEVICE);
        long countAddress = dma.mapSingle(count, VALUE_BYTES, FROM_DEVICE); // BUG
        if (dma.mappingError(statusAddress) == 0) {
            engine.write(statusAddress, VALUE_BYTES);
            dma.unmapSingle(statusAddress, VALUE_BYTES, FROM_DEVICE);
        }
        if (dma.mappingError(countAddress) == 0) {
            engine.start(GO_WRITE, countAddress, VALUE_BYTES);
            cpu.store8(status, 0); // BUG
            int received = engine.await();
            dma.unmapSingle(countAddress, VALUE_BYTES, FROM_DEVICE);
            bench.expect(cpu.load8(status) == 0, "the status was taken");
            bench.expect(isWhole(engine, count, received), "the count came in");
        }
        engine.free(values);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long values = engine.buffer(2 * APART);
        long status = values;
        long count = values + APART;
        engine.fillMemory(value());
        long statusAddress = dma.mapSingle(status, VALUE_BYTES, FROM_DEVICE);
        long countAddress = dma.mapSingle(count, VALUE_BYTES, FROM_DEVICE);
        if (dma.mappingError(statusAddress) == 0) {
            engine.write(statusAddress, VALUE_BYTES);
            dma.unmapSingle(statusAddress, VALUE_BYTES, FROM_DEVICE);
        }
        if (dma.mappingError(countAddress) == 0) {
            engine.start(GO_WRITE, countAddress, VALUE_BYTES);
            cpu.store8(status, 0);
            int received = engine.await();
            dma.unmapSingle(countAddress, VALUE_BYTES, FROM_DEVICE);
            bench.expect(cpu.load8(status) == 0, "the status was taken");
            bench.expect(isWhole(engine, count, received), "the count came in");
        }
        engine.free(values);
        engine.remove();
    }

    private static byte[] value() {
        byte[] bytes = new byte[VALUE_BYTES];
        Arrays.fill(bytes, (byte) 0x74);
        return bytes;
    }

    private static boolean isWhole(EngineDriver engine, long at, int received) {
        return received > 0 && EngineDriver.isBeginning(engine.load(at, received), value(), received);
    }
}
