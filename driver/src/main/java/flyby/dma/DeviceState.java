package flyby.dma;

import flyby.bus.Cpu;
import flyby.dma.DmaStatistics.Count;
import flyby.dmar.DmaSpace;
import flyby.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// What the parts of the DMA API share about one device: `struct device`, as far as DMA is concerned.
final class DeviceState {
    static final long MASK_32 = 0xffff_ffffL;

    final Dma device;
    final Kernel kernel;
    final String name;
    final DmaSpace space;
    final Dma.Platform platform;
    final DmaStatistics statistics = new DmaStatistics();
    final DmaFaults faults = new DmaFaults();
    final List<DmaObserver> observers = new ArrayList<>();
    final CacheMaintenance maintenance;
    long mask = MASK_32;
    long coherentMask = MASK_32;
    boolean hasMask = true;
    /// What the bus sets for PCI functions: `pci_device_add`.
    long maxSegBytes = 65_536;

    long segBoundary = MASK_32;
    int minAlignMask;
    /// Until the first bounce: `dma_skip_sync`.
    boolean skipsSync;

    private final TreeSet<String> warnedOf = new TreeSet<>();

    DeviceState(Dma device, Kernel kernel, String name, DmaSpace space, Dma.Platform platform) {
        this.device = device;
        this.kernel = kernel;
        this.name = name;
        this.space = space;
        this.platform = platform;
        this.maintenance = new CacheMaintenance(this);
        skipsSync = platform.isCoherent();
    }

    Cpu cpu() {
        return kernel.cpu().unwatched();
    }

    void count(Count count, long amount) {
        statistics.add(count, amount);
    }

    void warn(String format, Object... arguments) {
        kernel.warn(name + ": " + format, arguments);
    }

    /// `dev_WARN_ONCE`: once for each of the kernel's lines that warn.
    void warnOnce(String format, Object... arguments) {
        if (warnedOf.add(format)) {
            warn(format, arguments);
        }
    }

    /// Whether the device reaches all of a range. `dma_capable`.
    boolean reaches(long address, long byteCount, long limit) {
        long last = address + byteCount - 1;
        return Long.compareUnsigned(last, limit) <= 0 && Long.compareUnsigned(last, platform.busMask()) <= 0;
    }

    boolean isHeard() {
        return !observers.isEmpty();
    }

    /// What happens to `byteCount` bytes, for observers.
    DmaObserver.Call call(
            DmaObserver.Kind kind,
            long address,
            long dmaAddress,
            long reached,
            long byteCount,
            Direction direction,
            long attributes,
            int entry,
            int entries) {
        return new DmaObserver.Call(
                device,
                kind,
                address,
                dmaAddress,
                reached,
                byteCount,
                direction,
                attributes,
                entry,
                entries,
                cpu().nowPicos());
    }
}
