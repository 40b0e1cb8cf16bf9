package flyby.zoo.b;

import static flyby.dma.Direction.FROM_DEVICE;

import flyby.bus.Cpu;
import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.Arrays;
import java.util.List;

/// The buffer is handed over with a sync before each transfer, and not taken back with one after it. A CPU that
/// fetches lines nobody asked for has old ones in its cache by then. A PC's caches hear of what devices write.
public final class B3InvalidateBeforeOnly extends EngineSpecimen {
    private static final int SECTOR_BYTES = 512;
    private static final int SECTORS = 3;

    public B3InvalidateBeforeOnly() {
        super(new Label(
                "B3",
                "Caches are invalidated before the transfer, and never after it",
                "apache/nuttx #19506 (STM32H7 SDMMC: corrupted windows of one line, equal to the previous sector); "
                        + "apache/nuttx #4872 (STM32F7)",
                List.of(Rule.R41, Rule.R39, Rule.R47),
                List.of("non-coherent", "bounce")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long buffer = engine.buffer(SECTOR_BYTES);
        long address = dma.mapSingle(buffer, SECTOR_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            for (int number = 1; number <= SECTORS; number++) {
                engine.fillMemory(sector(number));
                dma.syncSingleForDevice(address, SECTOR_BYTES, FROM_DEVICE);
                int received = Math.max(0, engine.write(address, SECTOR_BYTES));
                byte[] read = new byte[received];
                cpu.loadBytes(buffer, read, 0, received); // BUG
                bench.expect(EngineDriver.isBeginning(read, sector(number), received), "the sector came in");
            }
            dma.unmapSingle(address, SECTOR_BYTES, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Cpu cpu = bench.cpu();
        Dma dma = bench.dma();
        long buffer = engine.buffer(SECTOR_BYTES);
        long address = dma.mapSingle(buffer, SECTOR_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            for (int number = 1; number <= SECTORS; number++) {
                engine.fillMemory(sector(number));
                dma.syncSingleForDevice(address, SECTOR_BYTES, FROM_DEVICE);
                int received = Math.max(0, engine.write(address, SECTOR_BYTES));
                dma.syncSingleForCpu(address, SECTOR_BYTES, FROM_DEVICE);
                byte[] read = new byte[received];
                cpu.loadBytes(buffer, read, 0, received);
                bench.expect(EngineDriver.isBeginning(read, sector(number), received), "the sector came in");
            }
            dma.unmapSingle(address, SECTOR_BYTES, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }

    /// A sector in the engine's memory, which its bytes tell from others.
    private static byte[] sector(int number) {
        byte[] bytes = new byte[SECTOR_BYTES];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }
}
