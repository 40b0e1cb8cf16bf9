package flyby.pci;

import flyby.bus.MemoryType;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import org.jspecify.annotations.Nullable;

/// A PCI function as its driver sees it. `struct pci_dev`.
public final class PciDevice {
    /// What the function was given when it was found.
    ///
    /// @param configuration where the CPU finds its configuration space: PCI Express section 7.2.2
    /// @param bars physical addresses of its memory BARs, by their number; 0 where there is none
    /// @param barBytes how large they are
    /// @param vectors its interrupts, as [flyby.bus.Cpu#requestInterrupt] knows them
    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    public record Resources(long configuration, long[] bars, long[] barBytes, int[] vectors) {}

    /// Section 7.5.1.1.3.
    private static final int COMMAND = 0x04;

    private static final int COMMAND_MEMORY = 1 << 1;
    private static final int COMMAND_MASTER = 1 << 2;

    private final Kernel kernel;
    private final String name;
    private final Resources resources;
    private final Dma dma;
    private @Nullable PciDriver driver;
    private @Nullable Object driverData;

    public PciDevice(Kernel kernel, String name, Resources resources, Dma dma) {
        this.kernel = kernel;
        this.name = name;
        this.resources = resources;
        this.dma = dma;
    }

    public Kernel kernel() {
        return kernel;
    }

    /// `pci_name`.
    public String name() {
        return name;
    }

    /// The DMA API of this function. `&pdev->dev`.
    public Dma dma() {
        return dma;
    }

    /// Has the function answer at its BARs. `pci_enable_device_mem`.
    ///
    /// @return 0, or -ENODEV if nobody is there any more
    public int enable() {
        return command(COMMAND_MEMORY, true) ? 0 : -Errno.ENODEV;
    }

    /// The function may issue requests from now on: every address that it may hold must be valid. `pci_set_master`.
    public void setMaster() {
        command(COMMAND_MASTER, true);
    }

    /// The function issues no requests any more. `pci_clear_master`.
    public void clearMaster() {
        command(COMMAND_MASTER, false);
    }

    /// Sets or clears a bit of COMMAND, and reads it back, so that the function knows when this returns.
    ///
    /// @return whether somebody answers
    private boolean command(int bit, boolean isOn) {
        long at = resources.configuration() + COMMAND;
        int command = kernel.cpu().mmioRead16(at);
        if (command == 0xffff) {
            return false;
        }
        kernel.cpu().mmioWrite16(at, isOn ? command | bit : command & ~bit);
        kernel.cpu().mmioRead16(at);
        return true;
    }

    /// The registers or the memory behind BAR `bar`, uncached. `pci_iomap`.
    ///
    /// @return null if there is no such BAR
    public @Nullable IoMemory map(int bar) {
        if (bar < 0 || bar >= resources.bars().length || resources.barBytes()[bar] == 0) {
            return null;
        }
        return new IoMemory(kernel, resources.bars()[bar], resources.barBytes()[bar]);
    }

    /// As [#map], with stores collected into whole lines: barriers are needed before a register write that depends on
    /// them. `pci_iomap_wc`.
    public @Nullable IoMemory mapWriteCombining(int bar) {
        IoMemory memory = map(bar);
        if (memory != null) {
            kernel.cpu().setMemoryType(memory.address(0), memory.byteCount(), MemoryType.WRITE_COMBINING);
        }
        return memory;
    }

    /// How many interrupts it has. `pci_alloc_irq_vectors`.
    public int vectorCount() {
        return resources.vectors().length;
    }

    /// Interrupt `index` of them, as [flyby.kernel.Interrupts] takes it. `pci_irq_vector`.
    public int vector(int index) {
        return resources.vectors()[index];
    }

    /// `pci_set_drvdata`.
    public void setDriverData(@Nullable Object data) {
        driverData = data;
    }

    /// `pci_get_drvdata`.
    public @Nullable Object driverData() {
        return driverData;
    }

    /// Has `candidate` drive it. `device_bind_driver`.
    ///
    /// @return what its probe returned; -EBUSY if it has a driver
    public int bind(PciDriver candidate) {
        if (driver != null) {
            return -Errno.EBUSY;
        }
        int error = candidate.probe(this);
        if (error == 0) {
            driver = candidate;
        } else {
            driverData = null;
            dma.driverFailed();
            kernel.log()
                    .info(kernel.cpu().nowPicos(), "%s %s: probe failed with error %d", candidate.name(), name, error);
        }
        return error;
    }

    /// Has its driver give it back. `device_release_driver`.
    public void unbind() {
        PciDriver bound = driver;
        if (bound != null) {
            driver = null;
            bound.remove(this);
            driverData = null;
            dma.driverLeft();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
