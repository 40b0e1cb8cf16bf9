package flyby.apidebug;

import flyby.apidebug.Entry.Shape;
import flyby.apidebug.Entry.Use;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.DmaObserver;
import flyby.dma.Scatterlist;
import flyby.kernel.KernelMemory;
import flyby.kernel.KernelMemory.Region;
import java.util.ArrayList;
import java.util.List;

/// What Linux says of the same calls if it is built with `CONFIG_DMA_API_DEBUG` and `CONFIG_DMA_API_DEBUG_SG`: its
/// checks, how it finds a mapping, and what it therefore cannot see. It observes the [Dma] of any number of devices.
///
/// The kernel prints the first error and counts the others; here all are kept.
public final class ApiDebug implements DmaObserver {
    /// How many mappings there is room for at first: `PREALLOC_DMA_DEBUG_ENTRIES`.
    private static final int POOL_ENTRIES = 65_536;

    /// Whether mappings that share a cache line are told of.
    public enum Overlaps {
        /// Not told of, as on x86 and arm64 since 2026: there the caches are coherent with most devices, or buffers
        /// that do not fill their lines may be bounced.
        AS_SHIPPED,
        /// Told of, as on other machines, and before.
        CHECKED
    }

    private final KernelMemory memory;
    private final EntryTable table = new EntryTable();
    private final LineTable lines;
    private final List<Complaint> complaints = new ArrayList<>();
    private boolean hasWarnedOfOverlaps;
    private int poolMultiple = 1;

    /// @param memory that drivers get theirs from
    /// @param lineBytes of the caches
    public ApiDebug(KernelMemory memory, int lineBytes) {
        this.memory = memory;
        lines = new LineTable(lineBytes);
    }

    /// All that there is to say, in its order.
    public List<Complaint> complaints(Overlaps overlaps) {
        return complaints.stream()
                .filter(each -> overlaps == Overlaps.CHECKED || each.check() != ApiCheck.OVERLAP)
                .toList();
    }

    /// What stands in the kernel's log: the first error, and what is no error.
    public List<Complaint> printed(Overlaps overlaps) {
        List<Complaint> printed = new ArrayList<>();
        boolean hasError = false;
        for (Complaint each : complaints(overlaps)) {
            if (!each.check().isError() || !hasError) {
                printed.add(each);
            }
            hasError |= each.check().isError();
        }
        return printed;
    }

    // What drivers do.

    @Override
    public void mapped(Call call) {
        if (call.kind() == Kind.SINGLE) {
            Use use = use(call, Entry.Type.SINGLE, 0);
            checkArea(use, call.address(), call.byteCount());
            add(use, 1);
        } else if (call.kind() == Kind.RESOURCE) {
            Use use = use(call, Entry.Type.RESOURCE, 0);
            if (memory.regionOf(call.address()) != Region.FREE) {
                complain(ApiCheck.RESOURCE_OF_MEMORY, use, "", "maps memory as a resource");
            }
            add(use, 1);
        }
    }

    @Override
    public void unmapped(Call call) {
        if (call.kind() == Kind.SINGLE || call.kind() == Kind.RESOURCE) {
            checkUnmap(use(call, call.kind() == Kind.SINGLE ? Entry.Type.SINGLE : Entry.Type.RESOURCE, 0));
        }
    }

    @Override
    public void allocated(Call call) {
        if (isKnown(call)) {
            add(use(call, typeOf(call), sgCount(call)), 1);
        }
    }

    @Override
    public void freed(Call call) {
        if (isKnown(call)) {
            checkUnmap(use(call, typeOf(call), sgCount(call)));
        }
    }

    /// Memory without an address of the CPU's is left out.
    private boolean isKnown(Call call) {
        return call.address() < memory.end();
    }

    private static Entry.Type typeOf(Call call) {
        return switch (call.kind()) {
            case COHERENT -> Entry.Type.COHERENT;
            case NONCONTIGUOUS -> Entry.Type.SG;
            default -> Entry.Type.NONCOHERENT;
        };
    }

    private static int sgCount(Call call) {
        return call.kind() == Kind.NONCONTIGUOUS ? 1 : 0;
    }

    @Override
    public void errorChecked(Dma device, long dmaAddress, long timePicos) {
        table.errorChecked(device, dmaAddress);
    }

    @Override
    public void syncedForCpu(Call call) {
        if (call.kind() != Kind.SG) {
            checkSync(use(call, Entry.Type.SINGLE, 0), true);
        }
    }

    @Override
    public void syncedForDevice(Call call) {
        if (call.kind() != Kind.SG) {
            checkSync(use(call, Entry.Type.SINGLE, 0), false);
        }
    }

    @Override
    public void listMapped(ListCall call) {
        Scatterlist list = call.list();
        for (int i = 0; i < call.count(); i++) {
            checkArea(use(call, i), list.address(i), list.length(i));
        }
        for (int i = 0; i < list.mappedCount(); i++) {
            checkSegment(use(call, i), list.length(i));
            add(use(call, i), list.mappedCount());
        }
    }

    @Override
    public void listUnmapped(ListCall call) {
        int mapped = mappedCount(call);
        for (int i = 0; i < Math.min(call.count(), mapped); i++) {
            checkUnmap(use(call, i));
        }
    }

    @Override
    public void listSyncedForCpu(ListCall call) {
        syncList(call, true);
    }

    @Override
    public void listSyncedForDevice(ListCall call) {
        syncList(call, false);
    }

    private void syncList(ListCall call, boolean isForCpu) {
        int mapped = mappedCount(call);
        for (int i = 0; i < Math.min(call.count(), mapped); i++) {
            checkSync(use(call, i), isForCpu);
        }
    }

    /// Of the mapping that the first entry belongs to; of an unknown list only the first entry is looked at.
    private int mappedCount(ListCall call) {
        if (call.count() <= 0 || call.list().count() == 0) {
            return 0;
        }
        Entry first = table.at(use(call, 0).shape());
        return Math.min(first == null ? 1 : first.sgMappedCount, call.list().count());
    }

    @Override
    public void unbound(Dma device, long timePicos) {
        List<Entry> left = table.of(device);
        if (!left.isEmpty()) {
            Entry one = left.getLast();
            complain(
                    ApiCheck.LEAK,
                    new Use(one.shape, "", timePicos),
                    one.callSite,
                    "has pending DMA allocations while released from device [count=%d], one of them %s"
                            .formatted(left.size(), describe(one.shape)));
        }
    }

    private static Use use(Call call, Entry.Type type, int sgCount) {
        Shape shape = new Shape(
                call.device(),
                type,
                call.dmaAddress(),
                call.byteCount(),
                call.direction(),
                call.address(),
                sgCount,
                call.attributes());
        return new Use(shape, call.callSite(), call.timePicos());
    }

    private static Use use(ListCall call, int index) {
        Shape shape = new Shape(
                call.device(),
                Entry.Type.SG,
                call.list().dmaAddress(index),
                call.list().dmaLength(index),
                call.direction(),
                call.list().address(index),
                call.count(),
                call.attributes());
        return new Use(shape, call.callSite(), call.timePicos());
    }

    // What is looked for.

    private void add(Use use, int sgMappedCount) {
        Entry entry = new Entry(use.shape(), sgMappedCount, use.callSite());
        table.add(entry);
        if (table.count() > POOL_ENTRIES * poolMultiple) {
            poolMultiple++;
            complain(
                    ApiCheck.POOL,
                    use,
                    "",
                    "makes the pool of entries grow to %d times its size".formatted(poolMultiple));
        }
        LineTable.Outcome outcome = lines.insert(entry);
        if (outcome.overlaps() > LineTable.OVERLAPS_MAX && !hasWarnedOfOverlaps) {
            hasWarnedOfOverlaps = true;
            complain(
                    ApiCheck.MANY_OVERLAPS,
                    use,
                    "",
                    "exceeded %d overlapping mappings of a cacheline".formatted(LineTable.OVERLAPS_MAX));
        }
        if (outcome.isReported()) {
            complain(ApiCheck.OVERLAP, use, "", "makes mappings overlap in a line: cacheline tracking EEXIST");
        }
    }

    private void checkArea(Use use, long address, long byteCount) {
        Region region = memory.regionOf(address);
        if (address < 0 || address >= memory.end()) {
            complain(
                    ApiCheck.INVALID_AREA,
                    use,
                    "",
                    "maps memory from invalid area [0x%x+%d]".formatted(address, byteCount));
        } else if (region == Region.STACK) {
            complain(ApiCheck.STACK, use, "", "maps memory from stack [0x%x]".formatted(address));
        } else if (region == Region.IMAGE) {
            complain(
                    ApiCheck.IMAGE,
                    use,
                    "",
                    "maps memory from kernel text or rodata [0x%x+%d]".formatted(address, byteCount));
        }
    }

    private void checkSegment(Use use, int length) {
        Dma device = use.shape().device();
        if (length > device.maxSegSize()) {
            complain(
                    ApiCheck.SEGMENT_LENGTH,
                    use,
                    "",
                    "maps sg segment longer than device claims to support [len=%d] [max=%d]"
                            .formatted(length, device.maxSegSize()));
        }
        long start = use.shape().dmaAddress();
        long end = start + use.shape().byteCount() - 1;
        if (((start ^ end) & ~device.segBoundary()) != 0) {
            complain(
                    ApiCheck.SEGMENT_BOUNDARY,
                    use,
                    "",
                    "maps sg segment across boundary [start=0x%x] [end=0x%x] [boundary=0x%x]"
                            .formatted(start, end, device.segBoundary()));
        }
    }

    private void checkUnmap(Use use) {
        Entry entry = table.at(use.shape());
        if (entry == null) {
            if (use.shape().dmaAddress() == Dma.MAPPING_ERROR) {
                complain(ApiCheck.INVALID_ADDRESS, use, "", "tries to free an invalid DMA memory address");
            } else {
                complain(
                        ApiCheck.NOT_ALLOCATED,
                        use,
                        "",
                        "tries to free DMA memory it has not allocated " + describe(use.shape()));
            }
            return;
        }
        for (Difference each : Difference.between(entry.shape, use.shape())) {
            complain(
                    each.check(),
                    use,
                    entry.callSite,
                    "frees DMA memory with %s [mapped: %s] [freed: %s]"
                            .formatted(each.what(), each.mapped(), each.freed()));
        }
        if (entry.errorCheck == Entry.ErrorCheck.NOT_CHECKED) {
            complain(ApiCheck.MAP_ERROR, use, entry.callSite, "failed to check map error " + describe(entry.shape));
        }
        table.remove(entry);
        lines.remove(entry);
    }

    private void checkSync(Use use, boolean isForCpu) {
        Shape wanted = use.shape();
        Entry entry = table.around(wanted);
        if (entry == null) {
            complain(
                    ApiCheck.SYNC_NOT_ALLOCATED,
                    use,
                    "",
                    "tries to sync DMA memory it has not allocated " + describe(wanted));
            return;
        }
        Shape made = entry.shape;
        if (made.direction() == Direction.BIDIRECTIONAL) {
            return;
        }
        if (made.direction() != wanted.direction()) {
            complain(
                    ApiCheck.SYNC_DIRECTION,
                    use,
                    entry.callSite,
                    "syncs DMA memory with different direction [mapped: %s] [synced: %s]"
                            .formatted(made.direction(), wanted.direction()));
        }
        Direction right = isForCpu ? Direction.FROM_DEVICE : Direction.TO_DEVICE;
        Direction other = isForCpu ? Direction.TO_DEVICE : Direction.FROM_DEVICE;
        if (made.direction() != right && wanted.direction() != other) {
            complain(
                    ApiCheck.SYNC_PHASE,
                    use,
                    entry.callSite,
                    isForCpu
                            ? "syncs device read-only DMA memory for cpu"
                            : "syncs device write-only DMA memory to device");
        }
        if (wanted.type() == Entry.Type.SG && made.sgCount() != wanted.sgCount()) {
            complain(
                    ApiCheck.SYNC_ENTRY_COUNT,
                    use,
                    entry.callSite,
                    "syncs DMA sg list with different entry count [mapped: %d] [synced: %d]"
                            .formatted(made.sgCount(), wanted.sgCount()));
        }
    }

    private static String describe(Shape shape) {
        return "[device address=0x%x] [size=%d bytes] [mapped as %s, %s]"
                .formatted(shape.dmaAddress(), shape.byteCount(), shape.type().word, shape.direction());
    }

    private void complain(ApiCheck check, Use use, String mapCallSite, String text) {
        complaints.add(new Complaint(
                check,
                "driver " + text,
                use.shape().device().deviceName(),
                use.callSite(),
                mapCallSite,
                use.timePicos()));
    }
}
