package flyby.zoo.b;

import static flyby.dma.Direction.FROM_DEVICE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.EngineOptions;
import java.util.List;

/// The device writes less than there is room for, and the whole buffer is passed on: the rest is whatever the
/// kernel had there, or what was left in a bounce buffer. A test's packets fill the buffer, or nobody looks at
/// what is behind them.
public final class B9ShortWriteDelivered extends EngineSpecimen {
    private static final int BUFFER_BYTES = 512;

    public B9ShortWriteDelivered() {
        super(
                new Label(
                        "B9",
                        "The device writes less than was mapped, and all of it is passed on",
                        "Linux swiotlb ddbd89deb7d3 (info leak with DMA_FROM_DEVICE), CVE-2022-0854",
                        List.of(Rule.R81, Rule.R85),
                        List.of("bounce")),
                EngineOptions.PLAIN.writingShort());
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long buffer = bench.kernel().memory().kmalloc(BUFFER_BYTES, "answer");
        byte[] user = new byte[BUFFER_BYTES];
        engine.fillMemory(EngineDriver.pattern(BUFFER_BYTES));
        long address = dma.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.write(address, BUFFER_BYTES);
            dma.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE);
            cpu.loadBytes(buffer, user, 0, BUFFER_BYTES); // BUG
        }
        engine.free(buffer);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long buffer = bench.kernel().memory().kmalloc(BUFFER_BYTES, "answer");
        byte[] user = new byte[BUFFER_BYTES];
        engine.fillMemory(EngineDriver.pattern(BUFFER_BYTES));
        long address = dma.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            int written = engine.write(address, BUFFER_BYTES);
            dma.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE);
            if (written > 0 && written <= BUFFER_BYTES) {
                cpu.loadBytes(buffer, user, 0, written);
            }
            bench.expect(
                    EngineDriver.isBeginning(user, EngineDriver.pattern(BUFFER_BYTES), written), "the answer came");
        }
        engine.free(buffer);
        engine.remove();
    }
}
