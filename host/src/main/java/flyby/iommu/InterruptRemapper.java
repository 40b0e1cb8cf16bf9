package flyby.iommu;

import flyby.base.LittleEndian;
import flyby.iommu.layout.FaultReason;
import flyby.iommu.layout.InterruptEntries;
import flyby.iommu.layout.RemappingRegisters;
import flyby.memory.MemoryAgent;
import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Interrupt remapping: what an interrupt request comes to is in a table in memory, and only for those whom its
/// entry names. Intel VT-d, section 5.1.
final class InterruptRemapper extends Event implements InterruptRemapping {
    private static final int FINE = 0;
    private static final int FUNCTION_MASK_MAX = 7;

    private final MemoryAgent memory;
    private final boolean isCoherent;
    private final FaultRecords faults;
    private final IommuStatistics statistics;
    private final TaggedCache cache;
    private final long[] lows;
    private final long[] highs;
    private final byte[] bytes = new byte[InterruptEntries.BYTES];

    private boolean enabled;
    private boolean letsCompatibilityThrough;
    private boolean isExtended;
    private long table;
    private int entryCount;
    private boolean isReading;
    private boolean isStale;
    private @Nullable InterruptRequest first;
    private @Nullable InterruptRequest last;

    InterruptRemapper(
            Simulation simulation,
            String name,
            IommuParameters parameters,
            MemoryAgent memory,
            FaultRecords faults,
            IommuStatistics statistics) {
        super(simulation, name + " interrupt remapping");
        this.memory = memory;
        this.faults = faults;
        this.statistics = statistics;
        isCoherent = parameters.coherentWalks();
        cache = new TaggedCache(
                parameters.interruptCache(), simulation.prng().child(name).child("interrupts"));
        lows = new long[cache.slots()];
        highs = new long[cache.slots()];
    }

    void enable(boolean isEnabled) {
        enabled = isEnabled;
    }

    boolean isEnabled() {
        return enabled;
    }

    void letCompatibilityThrough(boolean isAllowed) {
        letsCompatibilityThrough = isAllowed;
    }

    boolean letsCompatibilityThrough() {
        return letsCompatibilityThrough;
    }

    /// GCMD.SIRTP: the table is the one that `irta` names.
    void table(long irta) {
        table = irta & RemappingRegisters.TABLE_ADDRESS.mask();
        entryCount = 2 << (int) RemappingRegisters.IRTA_S.of(irta);
        isExtended = RemappingRegisters.IRTA_EIME.isSet(irta);
    }

    /// Entries have changed.
    ///
    /// @param isSelective whether only 2^`indexMask` entries from `index` on have
    void forget(boolean isSelective, int index, int indexMask) {
        if (isSelective && indexMask < Short.SIZE) {
            cache.clearRange(0, index, indexMask, 0, 1);
        } else {
            cache.clear();
        }
        isStale = true;
    }

    void reset() {
        enabled = false;
        letsCompatibilityThrough = false;
        table(0);
        forget(false, 0, 0);
    }

    @Override
    public boolean remap(InterruptRequest request) {
        // Nobody overtakes those that wait for the table.
        if (first == null && settle(request)) {
            return true;
        }
        request.next = null;
        if (last == null) {
            first = request;
        } else {
            last.next = request;
        }
        last = request;
        if (!isReading) {
            read(request);
        }
        return false;
    }

    /// Answers what needs no read.
    private boolean settle(InterruptRequest request) {
        if (!enabled) {
            compatibility(request);
            return true;
        }
        if (!InterruptEntries.ADDRESS_FORMAT.isSet(request.address())) {
            if (letsCompatibilityThrough && !isExtended) {
                compatibility(request);
            } else {
                refuse(request, 0, FaultReason.INTERRUPT_COMPATIBILITY);
            }
            return true;
        }
        int index = index(request);
        if (InterruptEntries.DATA_RESERVED.isSet(request.data())) {
            refuse(request, index, FaultReason.INTERRUPT_RESERVED);
            return true;
        }
        if (index >= entryCount) {
            refuse(request, index, FaultReason.INTERRUPT_INDEX);
            return true;
        }
        int slot = cache.find(key(index));
        if (slot != TaggedCache.NONE) {
            apply(request, index, lows[slot], highs[slot]);
            return true;
        }
        if (!memory.holds(table + (long) index * InterruptEntries.BYTES, InterruptEntries.BYTES)) {
            refuse(request, index, FaultReason.INTERRUPT_UNREACHABLE);
            return true;
        }
        return false;
    }

    private static int index(InterruptRequest request) {
        int handle = (int) (InterruptEntries.ADDRESS_HANDLE.of(request.address())
                | InterruptEntries.ADDRESS_HANDLE_15.of(request.address()) << 15);
        boolean hasSubhandle = InterruptEntries.ADDRESS_SHV.isSet(request.address());
        return handle + (hasSubhandle ? (int) InterruptEntries.DATA_SUBHANDLE.of(request.data()) : 0);
    }

    private static void compatibility(InterruptRequest request) {
        request.allow((int) InterruptEntries.ADDRESS_DESTINATION.of(request.address()), (int)
                InterruptEntries.DATA_VECTOR.of(request.data()));
    }

    private void read(InterruptRequest request) {
        isReading = true;
        isStale = false;
        statistics.memoryReads++;
        long address = table + (long) index(request) * InterruptEntries.BYTES;
        in(memory.read(address, bytes, 0, InterruptEntries.BYTES, isCoherent));
    }

    @Override
    protected void fire() {
        isReading = false;
        InterruptRequest request = take();
        int index = index(request);
        long low = LittleEndian.get(bytes, 0, Long.BYTES);
        long high = LittleEndian.get(bytes, Long.BYTES, Long.BYTES);
        if (!isStale && fault(low, high) == FINE) {
            int slot = cache.insert(key(index));
            if (slot != TaggedCache.NONE) {
                lows[slot] = low;
                highs[slot] = high;
            }
        }
        apply(request, index, low, high);
        request.done();
        while (first != null && !isReading) {
            if (settle(first)) {
                take().done();
            } else {
                read(first);
            }
        }
    }

    private InterruptRequest take() {
        InterruptRequest request = Objects.requireNonNull(first);
        first = request.next;
        last = first == null ? null : last;
        return request;
    }

    private void apply(InterruptRequest request, int index, long low, long high) {
        int fault = fault(low, high);
        if (fault == FINE && !isFrom(request.requesterId(), high)) {
            fault = FaultReason.INTERRUPT_SOURCE;
        }
        if (fault == FINE) {
            long destination =
                    isExtended ? InterruptEntries.DESTINATION.of(low) : InterruptEntries.DESTINATION_8.of(low);
            request.allow((int) destination, (int) InterruptEntries.VECTOR.of(low));
        } else if (InterruptEntries.PRESENT.isSet(low) && InterruptEntries.FPD.isSet(low)) {
            statistics.faults++;
            request.refuse();
        } else {
            refuse(request, index, fault);
        }
    }

    private static int fault(long low, long high) {
        if (!InterruptEntries.PRESENT.isSet(low)) {
            return FaultReason.INTERRUPT_NOT_PRESENT;
        }
        boolean hasReserved = (low & InterruptEntries.RESERVED) != 0
                || InterruptEntries.HIGH_RESERVED.isSet(high)
                || InterruptEntries.HIGH_SVT.of(high) > InterruptEntries.SVT_BUSES;
        return hasReserved ? FaultReason.INTERRUPT_ENTRY_RESERVED : FINE;
    }

    private static boolean isFrom(int requesterId, long high) {
        int source = (int) InterruptEntries.HIGH_SID.of(high);
        return switch ((int) InterruptEntries.HIGH_SVT.of(high)) {
            case InterruptEntries.SVT_REQUESTER -> {
                int free = FUNCTION_MASK_MAX & ~(FUNCTION_MASK_MAX >>> (int) InterruptEntries.HIGH_SQ.of(high));
                yield ((requesterId ^ source) & ~free) == 0;
            }
            case InterruptEntries.SVT_BUSES -> {
                int bus = requesterId >>> 8;
                yield source >>> 8 <= bus && bus <= (source & 0xff);
            }
            default -> true;
        };
    }

    private void refuse(InterruptRequest request, int index, int reason) {
        statistics.faults++;
        faults.recordInterrupt(request.requesterId(), index, reason);
        request.refuse();
    }

    private static long key(int index) {
        return TaggedCache.key(0, index, 0, 1);
    }
}
