package flyby.dmar;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.iommu.layout.InvalidationDescriptors;
import flyby.iommu.layout.RemappingRegisters;

/// Queued invalidation: puts descriptors into the ring and waits until the unit has carried them out. Linux's
/// `qi_submit_sync`.
public final class InvalidationRing {
    /// Descriptors of the ring: IQA.QS is 0.
    static final int DESCRIPTORS = 256;

    private static final int DONE = 2;
    private static final int PENDING = 1;
    /// No cache has longer lines. A line holds one status word, so that to invalidate it destroys no other.
    private static final int LINE_BYTES_MAX = 256;

    private static final int RING_BYTES = DESCRIPTORS * InvalidationDescriptors.BYTES;

    private final Cpu cpu;
    private final TableAccess memory;
    private final boolean isCoherent;
    private final long registers;
    private final long ring;
    private final long statuses;
    private final long pollPicos;
    private int tail;
    private int queued;
    private int waiterCount;
    private long syncs;

    /// @param isCoherent whether the CPU sees what the unit stores. If not, it has to invalidate its line first
    /// @param registers where the unit's registers are
    /// @param pollPicos how often the CPU looks whether the unit is done
    InvalidationRing(
            Cpu cpu, TableAccess memory, boolean isCoherent, TableFrames frames, long registers, long pollPicos) {
        this.cpu = cpu;
        this.memory = memory;
        this.isCoherent = isCoherent;
        this.registers = registers;
        this.pollPicos = pollPicos;
        ring = frames.allocate();
        statuses = frames.allocate();
    }

    /// For IQA.
    long address() {
        return ring;
    }

    /// Everything that contexts say has to be read again.
    void contexts() {
        put(descriptor(InvalidationDescriptors.CONTEXT_CACHE, InvalidationDescriptors.GLOBAL, 0), 0);
    }

    /// All translations are forgotten.
    void translations() {
        put(drained(InvalidationDescriptors.GLOBAL, 0), 0);
    }

    /// All translations of `domain` are forgotten.
    void domain(int domain) {
        put(drained(InvalidationDescriptors.DOMAIN, domain), 0);
    }

    /// The translations of `domain` that overlap a range are forgotten: of an aligned range around it, whose size
    /// is a power of two.
    ///
    /// @param leavesOnly whether no table above the lowest has changed
    void pages(int domain, long iova, long byteCount, boolean leavesOnly) {
        int mask = mask(iova, byteCount);
        put(
                drained(InvalidationDescriptors.PAGES, domain),
                (InvalidationDescriptors.HIGH_ADDRESS.mask() & iova & -(1L << (mask + 12)))
                        | InvalidationDescriptors.HIGH_AM.to(mask)
                        | InvalidationDescriptors.HIGH_IH.to(leavesOnly ? 1 : 0));
    }

    /// Has `requesterId` forget its own translations of a range; of an aligned range around it.
    void deviceTlb(int requesterId, long iova, long byteCount) {
        int mask = mask(iova, byteCount);
        // All ones but for a zero at the top: that is how ATS writes a size. Section 10.3.1 of PCI Express.
        long size = mask == 0 ? 0 : ((1L << (mask + 11)) - (1L << 12)) | InvalidationDescriptors.HIGH_S.mask();
        put(
                InvalidationDescriptors.TYPE.to(InvalidationDescriptors.DEVICE_TLB)
                        | InvalidationDescriptors.SID.to(requesterId),
                (iova & -(1L << (mask + 12))) | size);
    }

    /// Entries of the interrupt remapping table have changed.
    void interruptEntry(int index) {
        put(
                InvalidationDescriptors.TYPE.to(InvalidationDescriptors.INTERRUPT_ENTRY_CACHE)
                        | InvalidationDescriptors.INTERRUPT_G.mask()
                        | InvalidationDescriptors.INTERRUPT_IIDX.to(index),
                0);
    }

    /// Log2 of the number of pages of the smallest aligned range that holds this one.
    static int mask(long iova, long byteCount) {
        long first = iova >>> 12;
        long last = (iova + byteCount - 1) >>> 12;
        return Long.SIZE - Long.numberOfLeadingZeros(first ^ last);
    }

    private static long drained(int granularity, int domain) {
        return descriptor(InvalidationDescriptors.IOTLB, granularity, domain)
                | InvalidationDescriptors.DR.mask()
                | InvalidationDescriptors.DW.mask();
    }

    private static long descriptor(int type, int granularity, int domain) {
        return InvalidationDescriptors.TYPE.to(type)
                | InvalidationDescriptors.GRANULARITY.to(granularity)
                | InvalidationDescriptors.DID.to(domain);
    }

    /// With interrupts off, as `qi_submit_sync` takes its lock: a handler that puts something too would use the same
    /// place.
    private void put(long low, long high) {
        boolean before = memory.lock();
        if (queued >= DESCRIPTORS - 1) {
            throw Check.bug("more than %d invalidations at once", queued);
        }
        queued++;
        memory.store64(ring + tail, low);
        memory.store64(ring + tail + Long.BYTES, high);
        tail = (tail + InvalidationDescriptors.BYTES) % RING_BYTES;
        memory.unlock(before);
    }

    /// Returns once the unit has carried out everything that was put into the ring. Each caller has a status word
    /// of its own, so that an interrupt handler may do the same meanwhile.
    void sync() {
        long status = statuses + (long) waiterCount * LINE_BYTES_MAX;
        waiterCount++;
        if (waiterCount * LINE_BYTES_MAX > TableFrames.FRAME_BYTES) {
            throw Check.bug("%d wait at once", waiterCount);
        }
        memory.store64(status, PENDING);
        boolean before = memory.lock();
        put(
                InvalidationDescriptors.TYPE.to(InvalidationDescriptors.WAIT)
                        | InvalidationDescriptors.WAIT_SW.mask()
                        | InvalidationDescriptors.WAIT_DATA.to(DONE),
                status);
        queued = 0;
        syncs++;
        cpu.barrier();
        cpu.mmioWrite32(registers + RemappingRegisters.IQT, tail);
        memory.unlock(before);
        while (load(status) != DONE) {
            cpu.delay(pollPicos);
        }
        waiterCount--;
    }

    private long load(long status) {
        if (!isCoherent) {
            cpu.invalidateCache(status, Integer.BYTES);
        }
        return cpu.load32(status);
    }

    /// How often somebody has waited.
    public long syncs() {
        return syncs;
    }
}
