package flyby.machine;

import flyby.bus.Cpu;
import flyby.dma.Dma;
import flyby.dmar.DmaSpace;
import flyby.dmar.IommuDomain;
import flyby.dmar.RemappingUnit;
import flyby.kernel.Kernel;
import flyby.kernel.KernelLog;
import flyby.kernel.KernelMemory;
import flyby.params.Settings;
import flyby.pci.PciDevice;
import flyby.root.RootWindows;
import flyby.sim.Alarm;
import flyby.sim.Time;
import flyby.topology.HostCatalogue;
import flyby.topology.Part;
import flyby.topology.PartKind;
import flyby.topology.Seams;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an operating system does on a [PcieMachine] before drivers run: its memory, its IOMMU, and the DMA API of
/// each device.
public final class KernelSetup {
    /// Tables for as much as a program of ours maps: a page of them for each 2 MiB, if pages are small.
    private static final long TABLE_BYTES_MAX = 16 << 20;

    /// At most that part of memory.
    private static final int TABLE_PART = 16;

    /// What lies below is firmware's.
    private static final long FIRMWARE_END = 1 << 20;

    private static final int LEVELS = 4;
    private static final long POLL_PICOS = 100 * Time.NANOSECOND;

    private final Cpu cpu;
    private final RootWindows root;
    private final String mode;
    private final int pageLevel;
    private final boolean believesTranslations;
    private final boolean usesHighest;
    private final boolean usesZero;
    private final Kernel kernel;
    private final Dma.Platform platform;
    private final Seams seams;
    private final Part bridge;
    private final @Nullable RemappingUnit unit;
    /// By device and index of its vector: where its messages go, if they are remapped.
    private final Map<String, Long> messages = new TreeMap<>();

    /// Switches the IOMMU on, if `machine` is to use one. On the CPU that does it.
    public KernelSetup(PcieMachine machine, Cpu cpu) {
        this.cpu = cpu;
        root = machine.root().windows();
        Settings host = machine.description().machine().settings();
        mode = host.choice("iommu.mode");
        pageLevel = HostCatalogue.pageLevel(host);
        believesTranslations = host.flag("iommu.ats");
        usesHighest = host.flag("iommu.force-dac");
        usesZero = host.flag("iommu.zero");
        // The end of socket 0's memory is set aside.
        long memoryBytes = host.bytes("memory.size");
        long tableBytes =
                Math.min(TABLE_BYTES_MAX, memoryBytes / TABLE_PART / KernelMemory.PAGE_BYTES * KernelMemory.PAGE_BYTES);
        long tables = memoryBytes - tableBytes;
        kernel = new Kernel(cpu, KernelMemorySetup.memory(host, FIRMWARE_END, tableBytes), new KernelLog());
        platform = KernelMemorySetup.platform(host, kernel.memory());
        KernelMemorySetup.occupy(host, kernel.memory());
        seams = machine.description().seams();
        bridge = machine.description().all(PartKind.ISA_BRIDGE).stream()
                .findFirst()
                .orElse(machine.description().machine());
        seams.kernel(kernel);
        unit = mode.equals("off")
                ? null
                : new RemappingUnit(
                        cpu.unwatched(), PcieMachine.IOMMU_REGISTERS, tables, tableBytes, LEVELS, POLL_PICOS);
    }

    public Kernel kernel() {
        return kernel;
    }

    /// The DMA API of `device`. Its interrupts are allowed, and go where they went. Once for each device.
    public Dma dma(PcieMachine.Plugged device) {
        Dma dma = new Dma(kernel, device.part().name(), attach(device), platform);
        seams.dma(device.part(), dma);
        return dma;
    }

    /// `device` as its driver sees it. Once for each device.
    public PciDevice pci(PcieMachine.Plugged device) {
        PciDevice.Resources resources = new PciDevice.Resources(
                root.configurationAddress(device.function().id(), 0),
                new long[] {device.registers(), 0, device.memory()},
                new long[] {device.registerBytes(), 0, device.memoryBytes()},
                device.vectors().stream().mapToInt(Integer::intValue).toArray());
        return new PciDevice(kernel, device.part().name(), resources, dma(device));
    }

    /// The DMA API of `device` behind the ISA bridge, whose 8237As reach memory past the IOMMU.
    public Dma isaDma(String device) {
        Dma dma = new Dma(kernel, device, DmaSpace.passThrough(), platform);
        dma.setMaskAndCoherent(Dma.bitMask(IsaBoard.ADDRESS_BITS));
        seams.dma(bridge, dma);
        return dma;
    }

    /// Interrupt `index` of `device` goes to core `core` of the machine from now on, with the same vector there; the
    /// message that is on its way comes to the old one. `irq_set_affinity`.
    ///
    /// @param core counted from 0 in the order in which the machine made them
    public void affinity(PcieMachine.Plugged device, int index, int core) {
        int vector = device.vectors().get(index);
        Long message = messages.get(device.part().path() + " " + index);
        if (unit != null && message != null) {
            unit.interrupts().move(message, device.function().id(), core, vector);
        } else {
            FunctionSetup.message(device, index, FunctionSetup.addressOf(core), vector);
        }
    }

    private DmaSpace attach(PcieMachine.Plugged device) {
        RemappingUnit on = unit;
        if (on == null) {
            return DmaSpace.passThrough();
        }
        int id = device.function().id();
        for (int i = 0; i < device.vectors().size() && !device.isWired(); i++) {
            long address = on.interrupts().allow(id, 0, device.vectors().get(i));
            FunctionSetup.message(device, i, address, 0);
            messages.put(device.part().path() + " " + i, address);
        }
        if (mode.equals("passthrough")) {
            on.passThrough(id);
            return DmaSpace.passThrough();
        }
        IommuDomain domain = on.domain(pageLevel);
        boolean hasDeviceTlb = believesTranslations && device.part().settings().flag("ats");
        if (hasDeviceTlb) {
            FunctionSetup.enableTranslation(device);
        }
        on.attach(id, domain, hasDeviceTlb);
        DmaSpace space = mode.equals("lazy") ? lazy(domain, device.part().name()) : DmaSpace.strict(domain);
        if (usesHighest) {
            space.useHighest();
        }
        if (usesZero) {
            space.useZero();
        }
        return space;
    }

    private DmaSpace lazy(IommuDomain domain, String name) {
        DmaSpace[] space = new DmaSpace[1];
        Alarm timer = cpu.timer(name + " flush queue", () -> space[0].flush());
        space[0] = DmaSpace.lazy(domain, timer);
        return space[0];
    }
}
