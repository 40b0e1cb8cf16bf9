package flyby.dmar;

import flyby.iommu.layout.RemappingTables;
import java.util.ArrayList;
import java.util.List;

/// What some functions may reach, and by which IOVAs. Linux's `struct iommu_domain`.
public final class IommuDomain {
    private final int id;
    private final PageTables tables;
    private final InvalidationRing invalidations;
    private final int addressMaskMax;
    private final List<Integer> deviceTlbs = new ArrayList<>();

    IommuDomain(int id, PageTables tables, InvalidationRing invalidations, int addressMaskMax) {
        this.id = id;
        this.tables = tables;
        this.invalidations = invalidations;
        this.addressMaskMax = addressMaskMax;
    }

    int id() {
        return id;
    }

    PageTables tables() {
        return tables;
    }

    void addDeviceTlb(int requesterId) {
        deviceTlbs.add(requesterId);
    }

    void removeDeviceTlb(int requesterId) {
        deviceTlbs.removeIf(each -> each == requesterId);
    }

    /// See [PageTables#map]. The unit keeps nothing of pages that are not there, so it need not be told of new
    /// ones. `iommu_map`.
    public void map(long iova, long physical, long byteCount, boolean isReadable, boolean isWritable) {
        int waiting = tables.waiting();
        if (tables.map(iova, physical, byteCount, isReadable, isWritable)) {
            forget(iova, byteCount, false, waiting);
        }
    }

    /// Takes the pages away, and returns when no function can reach them any more. `iommu_unmap`.
    ///
    /// @return how many bytes of pages were there
    public long unmap(long iova, long byteCount) {
        int waiting = tables.waiting();
        long before = tables.retiredCount();
        long taken = unmapLater(iova, byteCount);
        forget(iova, byteCount, tables.retiredCount() == before, waiting);
        return taken;
    }

    private void forget(long iova, long byteCount, boolean leavesOnly, int waiting) {
        if (InvalidationRing.mask(iova, byteCount) <= addressMaskMax) {
            invalidations.pages(id, iova, byteCount, leavesOnly);
        } else {
            invalidations.domain(id);
        }
        for (int requesterId : deviceTlbs) {
            invalidations.deviceTlb(requesterId, iova, byteCount);
        }
        invalidations.sync();
        tables.freeSince(waiting);
    }

    /// Takes the pages away. Functions may reach them until [#flush]. `iommu_unmap_fast`.
    ///
    /// @return how many bytes of pages were there
    long unmapLater(long iova, long byteCount) {
        return tables.take(iova, byteCount);
    }

    /// Returns when no function can reach what was unmapped any more. `iommu_flush_iotlb_all`.
    void flush() {
        int retired = tables.waiting();
        invalidations.domain(id);
        for (int requesterId : deviceTlbs) {
            invalidations.deviceTlb(requesterId, 0, 1L << RemappingTables.addressBits(tables.levels()));
        }
        invalidations.sync();
        tables.freeFirst(retired);
    }
}
