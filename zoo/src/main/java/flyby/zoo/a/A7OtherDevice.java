package flyby.zoo.a;

import static flyby.dma.Direction.FROM_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.trial.Scene;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import flyby.zoo.engine.Engine;
import flyby.zoo.engine.EngineOptions;
import java.util.List;
import java.util.Set;

/// The transfers are issued by another device than the one that the buffer was mapped for, as with clients of a DMA
/// controller. Without an IOMMU an address is good for all devices.
public final class A7OtherDevice extends EngineSpecimen {
    private static final int BUFFER_BYTES = 256;

    public A7OtherDevice() {
        super(new Label(
                "A7",
                "A buffer is mapped for a device that does not issue the transfers",
                "usbarmory mxc-scc2 #1 (NULL as the device); larrystevenwise/krping #11; clients of "
                        + "dmaengine that map with their own device",
                List.of(Rule.R3, Rule.R4),
                List.of("iommu-strict", "iommu-lazy")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma other = bench.pci(1).dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = other.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE); // BUG
        if (other.mappingError(address) == 0) {
            engine.write(address, BUFFER_BYTES); // BUG
            other.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma own = engine.dma();
        long buffer = engine.buffer(BUFFER_BYTES);
        long address = own.mapSingle(buffer, BUFFER_BYTES, FROM_DEVICE);
        if (own.mappingError(address) == 0) {
            engine.write(address, BUFFER_BYTES);
            own.unmapSingle(address, BUFFER_BYTES, FROM_DEVICE);
        }
        engine.free(buffer);
        engine.remove();
    }

    @Override
    public List<Card> cards(Scene scene) {
        return List.of(Engine.card(EngineOptions.PLAIN, scene), Engine.card(EngineOptions.PLAIN, scene));
    }
}
