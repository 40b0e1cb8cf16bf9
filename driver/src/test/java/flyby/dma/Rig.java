package flyby.dma;

import flyby.dmar.DmaSpace;
import flyby.dmar.IommuDomain;
import flyby.dmar.RemappingUnit;
import flyby.kernel.Kernel;
import flyby.kernel.KernelLog;
import flyby.kernel.KernelMemory;
import java.util.List;

/// A small machine: memory, a CPU, a kernel, and the DMA API of one device, which the test plays.
final class Rig {
    /// How the device reaches memory.
    enum Way {
        DIRECT,
        STRICT,
        LAZY
    }

    static final long MEMORY_END = 1L << 28;
    static final long POOL_BYTES = 1 << 20;

    private static final long TABLES = 1L << 31;
    private static final long TABLE_BYTES = 1 << 24;

    final FlatCpu cpu;
    final KernelMemory memory;
    final KernelLog log = new KernelLog();
    final Kernel kernel;
    final Dma dma;
    final DmaSpace space;
    private final Way way;

    Rig(Way way, Dma.Platform platform) {
        this(way, platform, new KernelMemory(1 << 20, MEMORY_END, platform.isCoherent() ? 8 : FlatCpu.LINE));
    }

    Rig(Way way, Dma.Platform platform, KernelMemory memory) {
        this.way = way;
        this.memory = memory;
        cpu = way == Way.DIRECT ? new FlatCpu(!platform.isCoherent()) : new RemappingCpu(false);
        kernel = new Kernel(cpu, memory, log);
        space = way == Way.DIRECT ? DmaSpace.passThrough() : translated();
        dma = new Dma(kernel, "0000:01:00.0", space, platform);
    }

    private DmaSpace translated() {
        RemappingUnit unit = new RemappingUnit(cpu, RemappingCpu.REGISTERS, TABLES, TABLE_BYTES, 4, 0);
        IommuDomain domain = unit.domain(1);
        unit.attach(RemappingCpu.FUNCTION, domain, false);
        return way == Way.LAZY ? DmaSpace.lazy(domain, cpu.timer("flush", () -> {})) : DmaSpace.strict(domain);
    }

    static Rig coherent() {
        return new Rig(Way.DIRECT, new Dma.Platform(true, FlatCpu.LINE));
    }

    static Rig nonCoherent() {
        return new Rig(Way.DIRECT, new Dma.Platform(false, FlatCpu.LINE));
    }

    static Rig strict() {
        return new Rig(Way.STRICT, new Dma.Platform(true, FlatCpu.LINE));
    }

    static Rig lazy() {
        return new Rig(Way.LAZY, new Dma.Platform(true, FlatCpu.LINE));
    }

    /// The pool is at 1 MiB, and as large.
    static Rig bounced(BounceOptions options) {
        return new Rig(
                Way.DIRECT,
                new Dma.Platform(true, FlatCpu.LINE).with(options),
                new KernelMemory(2 << 20, MEMORY_END, 8));
    }

    static Rig untrusted() {
        return new Rig(
                Way.STRICT,
                new Dma.Platform(true, FlatCpu.LINE)
                        .with(BounceOptions.of(pool(POOL_BYTES)))
                        .untrusted(),
                new KernelMemory(2 << 20, MEMORY_END, 8));
    }

    static Swiotlb pool(long byteCount) {
        return new Swiotlb(1 << 20, byteCount, 1);
    }

    long page(String purpose) {
        return memory.allocatePages(0, KernelMemory.Zone.NORMAL, purpose);
    }

    private long physical(long dmaAddress, boolean isWrite) {
        return cpu instanceof RemappingCpu remapped ? remapped.reaches(dmaAddress, isWrite) : dmaAddress;
    }

    /// Whether the device's access is not refused.
    boolean reaches(long dmaAddress, boolean isWrite) {
        return physical(dmaAddress, isWrite) >= 0;
    }

    /// What the device reads; -1 if it may not.
    int deviceReads(long dmaAddress) {
        long physical = physical(dmaAddress, false);
        return physical < 0 ? -1 : cpu.deviceReads(physical) & 0xff;
    }

    /// Nothing happens where the device may not write.
    void deviceWrites(long dmaAddress, int value) {
        long physical = physical(dmaAddress, true);
        if (physical >= 0) {
            cpu.deviceWrites(physical, value);
        }
    }

    List<String> warnings() {
        return log.warnings();
    }
}
