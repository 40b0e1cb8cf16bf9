package flyby.iommu;

import static flyby.iommu.layout.InvalidationDescriptors.BYTES;

import flyby.base.LittleEndian;
import flyby.iommu.layout.InvalidationDescriptors;
import flyby.iommu.layout.RemappingRegisters;
import flyby.iommu.layout.RemappingTables;
import flyby.memory.MemoryAgent;
import flyby.sim.Event;
import flyby.sim.Simulation;

/// Carries out the descriptors that software puts into a ring in memory, one after the other. Intel VT-d, section
/// 6.5.
///
/// Descriptors are read by the cache line, up to the tail that is known then. Queue and status are always coherent,
/// and tables only if ECAP.C says so: section 11.4.3.
final class InvalidationQueue extends Event {
    private static final int LINE_BYTES = 64;
    private static final int SMALLEST_SHIFT = 12;
    private static final int ERRORS = (int) (RemappingRegisters.FSTS_IQE.mask() | RemappingRegisters.FSTS_ITE.mask());

    private enum State {
        STOPPED,
        IDLE,
        READING,
        WORKING,
        /// Until walks with old findings have ended.
        DRAINING,
        /// Until devices have answered.
        WAITING_FOR_DEVICES
    }

    private final MemoryAgent memory;
    private final IommuParameters parameters;
    private final Walkers walkers;
    private final InterruptRemapper interrupts;
    private final FaultRecords faults;
    private final MessageRegisters event;
    private final IommuStatistics statistics;
    private final Event timeout;
    private final int track;
    private final int descriptorName;
    private final byte[] line = new byte[LINE_BYTES];

    private DeviceTlbs devices = (_, _, _) -> {};
    private State state = State.STOPPED;
    private long address;
    private int head;
    private int tail;
    private int size;
    private int readUpTo;
    private int devicesPending;
    private boolean hasCompleted;

    InvalidationQueue(
            Simulation simulation,
            String name,
            MemoryAgent memory,
            Walkers walkers,
            InterruptRemapper interrupts,
            FaultRecords faults,
            MessageRegisters event) {
        super(simulation, name + " invalidation queue");
        this.memory = memory;
        this.walkers = walkers;
        this.parameters = walkers.parameters();
        this.statistics = walkers.statistics();
        this.interrupts = interrupts;
        this.faults = faults;
        this.event = event;
        track = simulation.trace().track(name, "invalidations");
        descriptorName = simulation.trace().name("invalidation descriptor");
        timeout = simulation.event(name + " device-TLB time-out", this::timeOut);
    }

    void devices(DeviceTlbs way) {
        devices = way;
    }

    /// GCMD.QIE is set: the queue begins at its start.
    void enable(long queueAddress) {
        address = queueAddress & RemappingRegisters.TABLE_ADDRESS.mask();
        size = BYTES << ((int) RemappingRegisters.IQA_QS.of(queueAddress) + 8);
        head = 0;
        readUpTo = 0;
        state = State.IDLE;
        next();
    }

    /// GCMD.QIE is cleared.
    void disable() {
        cancel();
        timeout.cancel();
        devicesPending = 0;
        head = 0;
        state = State.STOPPED;
    }

    void reset() {
        disable();
        tail = 0;
        hasCompleted = false;
    }

    boolean isEnabled() {
        return state != State.STOPPED;
    }

    int head() {
        return head;
    }

    int tail() {
        return tail;
    }

    void tail(int value) {
        tail = value & (int) RemappingRegisters.IQT_QT.mask();
        next();
    }

    boolean hasCompleted() {
        return hasCompleted;
    }

    void forgetCompletion() {
        hasCompleted = false;
        event.forget();
    }

    /// Goes on, if there is something to do and nothing in the way.
    void next() {
        if (state != State.IDLE || head == tail || faults.hasError(ERRORS)) {
            return;
        }
        if (head != readUpTo) {
            begin();
            return;
        }
        int lineEnd = (head | LINE_BYTES - 1) + 1;
        int end = tail > head ? Math.min(tail, lineEnd) : Math.min(size, lineEnd);
        if (!memory.holds(address + head, end - head)) {
            faults.error((int) RemappingRegisters.FSTS_IQE.mask());
            return;
        }
        state = State.READING;
        readUpTo = end;
        in(memory.read(address + head, line, head & LINE_BYTES - 1, end - head, true));
    }

    private void begin() {
        state = State.WORKING;
        boolean isWait = InvalidationDescriptors.TYPE.of(low()) == InvalidationDescriptors.WAIT;
        in(isWait ? 0 : parameters.invalidationPicos());
    }

    @Override
    protected void fire() {
        if (state == State.READING) {
            begin();
        } else {
            carryOut(low(), high());
        }
    }

    private long low() {
        return LittleEndian.get(line, head & LINE_BYTES - 1, Long.BYTES);
    }

    private long high() {
        return LittleEndian.get(line, (head & LINE_BYTES - 1) + Long.BYTES, Long.BYTES);
    }

    private void carryOut(long low, long high) {
        if (walkers.trace().isOn()) {
            walkers.trace().instant(walkers.nowPicos(), track, descriptorName, 0, InvalidationDescriptors.TYPE.of(low));
        }
        int domain = (int) InvalidationDescriptors.DID.of(low);
        int granularity = (int) InvalidationDescriptors.GRANULARITY.of(low);
        int type = (int) InvalidationDescriptors.TYPE.of(low);
        boolean isGranular = type == InvalidationDescriptors.CONTEXT_CACHE || type == InvalidationDescriptors.IOTLB;
        if (isGranular && granularity == 0) {
            refuse(); // Reserved: sections 6.5.2.1 and 6.5.2.3.
            return;
        }
        switch (type) {
            case InvalidationDescriptors.CONTEXT_CACHE -> {
                contexts(granularity, domain, low);
                done();
            }
            case InvalidationDescriptors.IOTLB -> {
                translations(granularity, domain, high);
                boolean drains = InvalidationDescriptors.DR.isSet(low) || InvalidationDescriptors.DW.isSet(low);
                if (drains && walkers.isAnyStale()) {
                    state = State.DRAINING;
                } else {
                    done();
                }
            }
            case InvalidationDescriptors.DEVICE_TLB -> {
                device((int) InvalidationDescriptors.SID.of(low), high);
                done();
            }
            case InvalidationDescriptors.INTERRUPT_ENTRY_CACHE -> {
                interrupts.forget(
                        InvalidationDescriptors.INTERRUPT_G.isSet(low),
                        (int) InvalidationDescriptors.INTERRUPT_IIDX.of(low),
                        (int) InvalidationDescriptors.INTERRUPT_IM.of(low));
                done();
            }
            case InvalidationDescriptors.WAIT -> {
                if (devicesPending > 0) {
                    state = State.WAITING_FOR_DEVICES;
                } else {
                    tell(low, high);
                }
            }
            default -> refuse();
        }
    }

    /// Stops the queue at a descriptor that means nothing.
    private void refuse() {
        state = State.IDLE;
        readUpTo = head; // Software mends it, and it is read again.
        faults.error((int) RemappingRegisters.FSTS_IQE.mask());
    }

    private void contexts(int granularity, int domain, long low) {
        switch (granularity) {
            case InvalidationDescriptors.DOMAIN -> walkers.contexts().clearDomain(domain);
            case InvalidationDescriptors.DEVICE ->
                walkers.contexts().clearFunctions((int) InvalidationDescriptors.SID.of(low), (int)
                        InvalidationDescriptors.FM.of(low));
            default -> walkers.contexts().clear();
        }
        walkers.becomeStale(Walkers.ANY_DOMAIN, 0, Long.SIZE);
    }

    private void translations(int granularity, int domain, long high) {
        switch (granularity) {
            case InvalidationDescriptors.DOMAIN -> {
                walkers.iotlb().clearDomain(domain);
                walkers.walkCaches().clearDomain(domain);
                walkers.becomeStale(domain, 0, Long.SIZE);
            }
            case InvalidationDescriptors.PAGES -> pages(domain, high);
            default -> {
                walkers.iotlb().clear();
                walkers.walkCaches().clear();
                walkers.becomeStale(Walkers.ANY_DOMAIN, 0, Long.SIZE);
            }
        }
    }

    private void pages(int domain, long high) {
        long iova = high & InvalidationDescriptors.HIGH_ADDRESS.mask();
        int rangeShift =
                SMALLEST_SHIFT + Math.min((int) InvalidationDescriptors.HIGH_AM.of(high), Iommu.ADDRESS_MASK_MAX);
        walkers.iotlb().clearPages(domain, iova, rangeShift);
        if (InvalidationDescriptors.HIGH_IH.isSet(high)) {
            walkers.becomeStale(domain, iova, rangeShift);
        } else {
            // Tables have changed: a walk of any other page may have read one of them.
            walkers.walkCaches().clearPages(domain, iova, rangeShift);
            walkers.becomeStale(domain, 0, Long.SIZE);
        }
    }

    private void device(int requesterId, long high) {
        long iova = high & InvalidationDescriptors.HIGH_ADDRESS.mask();
        int pageBits = 0;
        if (InvalidationDescriptors.HIGH_S.isSet(high)) {
            // One page more for the zero itself: PCI Express Base Specification, section 10.3.1.
            pageBits = Long.numberOfTrailingZeros(~(iova >>> SMALLEST_SHIFT)) + 1;
        }
        devicesPending++;
        timeout.in(parameters.deviceTlbTimeoutPicos());
        long pages = 1L << pageBits;
        devices.invalidate(requesterId, iova & -(pages << RemappingTables.PAGE_SHIFT), pages);
    }

    /// A device has forgotten what it was asked to forget.
    void deviceAnswered() {
        if (devicesPending == 0) {
            return; // It answers after the time-out.
        }
        devicesPending--;
        if (devicesPending == 0) {
            timeout.cancel();
            if (state == State.WAITING_FOR_DEVICES) {
                tell(low(), high());
            }
        }
    }

    /// A device has not answered: a wait descriptor behind it is dropped, section 6.5.2.10.
    private void timeOut() {
        devicesPending = 0;
        faults.error((int) RemappingRegisters.FSTS_ITE.mask());
        if (state == State.WAITING_FOR_DEVICES) {
            done();
        }
    }

    /// A walk with old findings has ended.
    void staleEnded() {
        if (state == State.DRAINING && !walkers.isAnyStale()) {
            done();
        }
    }

    private void tell(long low, long high) {
        if (InvalidationDescriptors.WAIT_SW.isSet(low)) {
            long statusAddress = high & InvalidationDescriptors.HIGH_STATUS_ADDRESS.mask();
            if (memory.holds(statusAddress, Integer.BYTES)) {
                LittleEndian.put(InvalidationDescriptors.WAIT_DATA.of(low), line, head & LINE_BYTES - 1, Integer.BYTES);
                memory.write(statusAddress, line, head & LINE_BYTES - 1, Integer.BYTES, true);
            }
        }
        if (InvalidationDescriptors.WAIT_IF.isSet(low) && !hasCompleted) {
            hasCompleted = true;
            event.raise();
        }
        done();
    }

    private void done() {
        statistics.invalidations++;
        head += BYTES;
        if (head == size) {
            head = 0;
            readUpTo = 0;
        }
        state = State.IDLE;
        next();
    }

    /// What it waits for, for somebody who wonders why nothing happens; empty if it has nothing to do.
    String describe() {
        return switch (state) {
            case STOPPED, IDLE -> "";
            case READING -> "the invalidation queue reads descriptor " + head / BYTES;
            case WORKING -> "the invalidation queue carries out descriptor " + head / BYTES;
            case DRAINING -> "the invalidation queue waits for walks under way";
            case WAITING_FOR_DEVICES -> "the invalidation queue waits for %d device-TLBs".formatted(devicesPending);
        };
    }
}
