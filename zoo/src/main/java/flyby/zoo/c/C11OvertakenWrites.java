package flyby.zoo.c;

import static flyby.dma.Direction.FROM_DEVICE;
import static flyby.zoo.engine.EngineRegisters.ADDRESS_HIGH;
import static flyby.zoo.engine.EngineRegisters.ADDRESS_LOW;
import static flyby.zoo.engine.EngineRegisters.GO;
import static flyby.zoo.engine.EngineRegisters.GO_WRITE;
import static flyby.zoo.engine.EngineRegisters.LENGTH;
import static flyby.zoo.engine.EngineRegisters.OFFSET;
import static flyby.zoo.engine.EngineRegisters.RESULT;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.Arrays;
import java.util.List;

/// Data are written to the card's memory, and the engine is started on them at once: it takes what is there while
/// the last of them still wait. Small writes come through in time, and tests are small.
public final class C11OvertakenWrites extends EngineSpecimen {
    private static final int DATA_BYTES = 512;
    private static final long DRAIN_PICOS = 100 * Time.NANOSECOND;

    public C11OvertakenWrites() {
        super(
                new Label(
                        "C11",
                        "An engine is started behind writes to its memory that have not arrived",
                        "tenstorrent/tt-umd #3096 (of 500 bytes the first 340 were new; a dummy read cures it)",
                        List.of(Rule.R76, Rule.DEVICE_PROTOCOL, Rule.RIGHT_DATA),
                        List.of("coherent", "non-coherent", "iommu-strict")),
                EngineOptions.PLAIN.withSlowMemory(DRAIN_PICOS));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(DATA_BYTES);
        long address = dma.mapSingle(buffer, DATA_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            prepare(engine, address);
            engine.memory().copyTo(0, data(), 0, DATA_BYTES);
            engine.registers().write32(GO, GO_WRITE); // BUG
            finish(bench, engine, buffer, address);
        }
        engine.free(buffer);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(DATA_BYTES);
        long address = dma.mapSingle(buffer, DATA_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            prepare(engine, address);
            engine.memory().copyTo(0, data(), 0, DATA_BYTES);
            engine.memory().read32(0);
            engine.registers().write32(GO, GO_WRITE);
            finish(bench, engine, buffer, address);
        }
        engine.free(buffer);
        engine.remove();
    }

    private static byte[] data() {
        byte[] bytes = new byte[DATA_BYTES];
        Arrays.fill(bytes, (byte) 0x5c);
        return bytes;
    }

    private static void prepare(EngineDriver engine, long address) {
        engine.registers().write32(ADDRESS_LOW, address & 0xffff_ffffL);
        engine.registers().write32(ADDRESS_HIGH, address >>> 32);
        engine.registers().write32(LENGTH, DATA_BYTES);
        engine.registers().write32(OFFSET, 0);
    }

    private static void finish(Bench bench, EngineDriver engine, long buffer, long address) {
        boolean isOver = engine.awaitEvent(EngineDriver.TIMEOUT_PICOS);
        int written = (int) Math.min(DATA_BYTES, engine.registers().read32(RESULT));
        bench.dma().unmapSingle(address, DATA_BYTES, FROM_DEVICE);
        bench.expect(
                isOver && EngineDriver.isBeginning(engine.load(buffer, written), data(), written),
                "the engine wrote what was put into its memory");
    }
}
