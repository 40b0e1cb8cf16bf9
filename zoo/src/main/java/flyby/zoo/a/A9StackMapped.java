package flyby.zoo.a;

import static flyby.dma.Direction.TO_DEVICE;

import flyby.check.Rule;
import flyby.dma.Dma;
import flyby.trial.Bench;
import flyby.trial.Subject.Hazard;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineSpecimen;
import java.util.List;
import java.util.Set;

/// A stack is memory of vmalloc: its pages lie anywhere, its lines are shared with what else the thread does. The
/// map is refused since Linux 5.10; before, it gave an address of something else. Old kernels had their stacks in
/// pages.
public final class A9StackMapped extends EngineSpecimen {
    private static final int COMMAND_BYTES = 16;

    public A9StackMapped() {
        super(new Label(
                "A9",
                "A buffer on the stack is mapped",
                "lowlander/dmx_usb_module #2; Linux bug 217862 (Alauda, \"transfer buffer is on stack\"); "
                        + "CVE-2017-8061 to 8070 (VMAP_STACK)",
                List.of(Rule.R15, Rule.R14),
                List.of(
                        "coherent",
                        "non-coherent",
                        "weak-order",
                        "iommu-strict",
                        "iommu-lazy",
                        "bounce",
                        "timing",
                        "big-endian")));
    }

    @Override
    public Set<Hazard> hazards() {
        return Set.of(Hazard.FAULTS);
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long command = bench.kernel().memory().stack(COMMAND_BYTES, "byte command[16]");
        bench.cpu().storeBytes(command, EngineDriver.pattern(COMMAND_BYTES), 0, COMMAND_BYTES);
        long address = dma.mapSingle(command, COMMAND_BYTES, TO_DEVICE); // BUG
        if (dma.mappingError(address) == 0) {
            engine.read(address, COMMAND_BYTES);
            dma.unmapSingle(address, COMMAND_BYTES, TO_DEVICE);
        }
        bench.kernel().memory().vfree(command);
        engine.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver engine = new EngineDriver(bench);
        Dma dma = bench.dma();
        long command = engine.buffer(COMMAND_BYTES);
        long address = dma.mapSingle(command, COMMAND_BYTES, TO_DEVICE);
        if (dma.mappingError(address) == 0) {
            engine.read(address, COMMAND_BYTES);
            dma.unmapSingle(address, COMMAND_BYTES, TO_DEVICE);
        }
        engine.free(command);
        engine.remove();
    }
}
