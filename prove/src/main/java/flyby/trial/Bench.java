package flyby.trial;

import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.dma.Dma;
import flyby.kernel.Kernel;
import flyby.machine.KernelSetup;
import flyby.machine.PcieMachine;
import flyby.pci.PciDevice;
import java.util.Map;

/// What a subject finds when it runs: a machine with its cards in it, and an operating system.
public final class Bench {
    private final PcieMachine machine;
    private final KernelSetup setup;
    private final Kernel kernel;
    private final Scene scene;
    private final Map<Integer, PciDevice> functions;
    private final Complaints complaints;

    Bench(
            PcieMachine machine,
            KernelSetup setup,
            Scene scene,
            Map<Integer, PciDevice> functions,
            Complaints complaints) {
        this.machine = machine;
        this.setup = setup;
        this.complaints = complaints;
        this.kernel = setup.kernel();
        this.scene = scene;
        this.functions = functions;
    }

    public Kernel kernel() {
        return kernel;
    }

    /// The CPU that the driver runs on.
    public Cpu cpu() {
        return kernel.cpu();
    }

    /// Card `index` as its driver sees it.
    public PciDevice pci(int index) {
        PciDevice function = functions.get(index);
        if (function == null) {
            throw new IllegalArgumentException("no card " + index + ": there are " + functions.size());
        }
        return function;
    }

    /// The first card.
    public PciDevice pci() {
        return pci(0);
    }

    /// The DMA API of the first card.
    public Dma dma() {
        return pci().dma();
    }

    /// The DMA API of a card on the ISA bus, which a machine for subjects with [Subject#hasIsaBus] has. Once for each.
    public Dma isaDma(String name) {
        return setup.isaDma(name);
    }

    /// The device model behind card `index`, for what comes from outside: a packet on its wire.
    public Device device(int index) {
        return machine.device(Trial.cardName(index)).device();
    }

    public PcieMachine machine() {
        return machine;
    }

    public Scene scene() {
        return scene;
    }

    /// Says that something about the data is wrong, if `holds` does not: a finding of its own.
    public void expect(boolean holds, String what) {
        if (!holds) {
            complaints.data(what, new Throwable().getStackTrace());
        }
    }
}
