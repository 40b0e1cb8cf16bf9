package flyby.zoo.a;

import static flyby.dma.Direction.FROM_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// The device is told where the CPU finds the buffer. On a PC without an IOMMU that is where devices find it, too;
/// with one the access is refused, and where devices do not ask the caches, nobody keeps them in step.
public final class A8PhysicalAddress extends EngineSpecimen {
    private static final int BUFFER_BYTES = 256;

    public A8PhysicalAddress() {
        super(new Label(
                "A8",
                "The device gets a physical address",
                "CVE-2025-40356, Linux spi rockchip-sfc \"Fix DMA-API usage\" (virt_to_phys); "
                        + "enjoy-digital/litex_m2sdr #77 (__pa)",
                List.of(Rule.R1, Rule.R4, Rule.R41, Rule.R22),
                List.of("iommu-strict", "non-coherent", "bounce")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES); // BUG
        engine.fillMemory(EngineDriver.pattern(BUFFER_BYTES));
        int received = engine.write(buffer, BUFFER_BYTES); // BUG
        dma.syncSingleForCpu(buffer, BUFFER_BYTES, FROM_DEVICE); // BUG
        bench.expect(received > 0, "something came in");
        engine.free(buffer);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        engine.fillMemory(EngineDriver.pattern(BUFFER_BYTES));
        long address = dma.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE);
        if (dma.mappingError(address) == 0) {
            int received = engine.write(address, BUFFER_BYTES);
            dma.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE);
            bench.expect(received > 0, "something came in");
        }
        engine.free(buffer);
        engine.remove();
    }
}
