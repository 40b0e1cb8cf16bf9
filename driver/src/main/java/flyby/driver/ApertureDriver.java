package flyby.driver;

import static flyby.aperture.layout.ApertureRegisters.COALESCE_COUNT;
import static flyby.aperture.layout.ApertureRegisters.COALESCE_NANOS;
import static flyby.aperture.layout.ApertureRegisters.CONTROL;
import static flyby.aperture.layout.ApertureRegisters.CONTROL_ENABLE;
import static flyby.aperture.layout.ApertureRegisters.CONTROL_INTERRUPT;
import static flyby.aperture.layout.ApertureRegisters.CONTROL_REPORT;
import static flyby.aperture.layout.ApertureRegisters.REPORT;
import static flyby.aperture.layout.ApertureRegisters.RING;
import static flyby.aperture.layout.ApertureRegisters.RING_COUNT;
import static flyby.aperture.layout.ApertureRegisters.SEEN;
import static flyby.aperture.layout.ApertureRegisters.TAIL;
import static flyby.aperture.layout.ApertureRegisters.WORK_NANOS;

import flyby.aperture.layout.ApertureDescriptor;
import flyby.base.Check;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.CoherentBuffer;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.Interrupts;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.kernel.KernelMemory;

/// Drives the device with memory of its own: rings its doorbell, and learns of what is done by looking, or by
/// interrupt. The ring lies in a page that is mapped for as long as the driver is there; the report, which the device
/// may write at any time, in coherent memory.
///
/// One CPU uses it, and at most [#RING_ENTRIES] operations are under way.
public final class ApertureDriver {
    /// Descriptors of the ring: a page of them.
    public static final int RING_ENTRIES = KernelMemory.PAGE_BYTES / ApertureDescriptor.BYTES;

    private static final long UNSIGNED_32 = 0xffff_ffffL;
    private static final String NAME = "aperture";

    private final Kernel kernel;
    private final Cpu cpu;
    private final Dma dma;
    private final int vector;
    private final boolean usesInterrupts;
    private final IoMemory registers;
    private final long ring;
    private final long ringMapped;
    private final CoherentBuffer report;
    private final Completion ended = new Completion("the interrupt of the device with memory");
    private long posted;
    private long interrupts;

    /// Sets the device up.
    ///
    /// @param vector its interrupt
    /// @param usesInterrupts whether it is to be interrupted by it
    public ApertureDriver(Kernel kernel, Dma dma, IoMemory registers, int vector, boolean usesInterrupts) {
        this.kernel = kernel;
        this.cpu = kernel.cpu();
        this.vector = vector;
        this.usesInterrupts = usesInterrupts;
        this.dma = dma;
        this.registers = registers;
        ring = kernel.memory().allocatePages(0, KernelMemory.Zone.NORMAL, "descriptors");
        CoherentBuffer allocated = dma.allocCoherent(Integer.BYTES);
        if (allocated == null) {
            throw Check.bug("no memory for a report");
        }
        report = allocated;
        ringMapped = dma.mapSingle(ring, KernelMemory.PAGE_BYTES, Direction.TO_DEVICE);
        Check.that(dma.mappingError(ringMapped) == 0, "descriptors cannot be mapped");
        registers.write64(RING, ringMapped);
        registers.write32(RING_COUNT, RING_ENTRIES);
        registers.write64(REPORT, report.dmaAddress());
        if (usesInterrupts) {
            kernel.interrupts().request(vector, NAME, () -> {
                interrupts++;
                ended.complete();
                return Interrupts.Result.HANDLED;
            });
        }
        long interrupt = usesInterrupts ? CONTROL_INTERRUPT.mask() : 0;
        registers.write32(CONTROL, CONTROL_ENABLE.mask() | CONTROL_REPORT.mask() | interrupt);
    }

    /// How many operations one interrupt tells of at most, and how long the first of them waits for the others.
    ///
    /// @param nanos 0: for ever
    public void coalesce(int count, long nanos) {
        registers.write32(COALESCE_COUNT, count);
        registers.write32(COALESCE_NANOS, nanos);
    }

    /// What the device does with each operation before it moves bytes takes so long.
    public void work(long nanos) {
        registers.write32(WORK_NANOS, nanos);
    }

    /// Hands an operation to the device.
    ///
    /// @param mapped address of the host's bytes, as the DMA API gave it
    /// @param local offset in the device's memory
    /// @return how many there have been: what [#poll] and [#await] take
    public long post(long mapped, int local, int byteCount, boolean isToHost) {
        int offset = (int) (posted % RING_ENTRIES) * ApertureDescriptor.BYTES;
        cpu.store64(ring + offset + ApertureDescriptor.HOST, cpu.le64(mapped));
        cpu.store32(ring + offset + ApertureDescriptor.LOCAL, cpu.le32(local));
        cpu.store32(ring + offset + ApertureDescriptor.LENGTH, cpu.le32(byteCount));
        cpu.store32(
                ring + offset + ApertureDescriptor.FLAGS,
                cpu.le32(ApertureDescriptor.FLAGS_TO_HOST.to(isToHost ? 1 : 0)));
        dma.syncSingleRangeForDevice(ringMapped, offset, ApertureDescriptor.BYTES, Direction.TO_DEVICE);
        posted++;
        // The register write is ordered behind the stores: writel.
        registers.write32(TAIL, posted & UNSIGNED_32);
        return posted;
    }

    /// Whether operation `number` is done, as far as the report says.
    public boolean isDone(long number) {
        long done = cpu.le32(cpu.load32(report.cpuAddress()));
        if ((done - number & UNSIGNED_32) < UNSIGNED_32 / 2) {
            cpu.dmaReadBarrier();
            return true;
        }
        return false;
    }

    /// Looks again and again until operation `number` is done.
    public void poll(long number) {
        while (!isDone(number)) {
            cpu.reschedule();
        }
    }

    /// Sleeps until an interrupt says that operation `number` is done.
    public void await(long number) {
        while (!isDone(number)) {
            cpu.await(ended);
            ended.reset();
            see();
        }
    }

    /// Tells the device how far the report has come; what ends from now on is worth another interrupt.
    private void see() {
        registers.write32(SEEN, cpu.le32(cpu.load32(report.cpuAddress())));
    }

    /// Switches the device off, and takes from it what it was given. Nothing is under way.
    public void remove() {
        registers.write32(CONTROL, 0);
        // The read comes back when the device has heard of it.
        registers.read32(CONTROL);
        if (usesInterrupts) {
            kernel.interrupts().free(vector, NAME);
        }
        dma.unmapSingle(ringMapped, KernelMemory.PAGE_BYTES, Direction.TO_DEVICE);
        kernel.memory().freePages(ring, 0);
        dma.freeCoherent(report.byteCount(), report.cpuAddress(), report.dmaAddress());
    }

    /// How often it was interrupted.
    public long interruptCount() {
        return interrupts;
    }
}
