package flyby.dma;

import static flyby.iommu.layout.RemappingTables.levelShift;
import static flyby.iommu.layout.RemappingTables.pageOffset;

import flyby.iommu.layout.InvalidationDescriptors;
import flyby.iommu.layout.RemappingRegisters;
import flyby.iommu.layout.RemappingTables;
import java.util.Map;
import java.util.TreeMap;

/// A [FlatCpu] beside an IOMMU with an endless IOTLB of 4 KiB pages: what was ever translated stays so until the unit
/// is
/// told to forget it. It does what is put into its queue at once. One function, all in one domain.
class RemappingCpu extends FlatCpu {
    static final long REGISTERS = 0xfed9_0000L;
    static final int FUNCTION = 0x108;

    private static final int LEVELS = 4;

    private final Map<Long, Long> iotlb = new TreeMap<>();
    private long root;
    private long queue;
    private int head;

    RemappingCpu(boolean hasCache) {
        super(hasCache);
    }

    @Override
    public long mmioRead32(long address) {
        long capabilities = RemappingRegisters.CAP_SAGAW.to(4)
                | RemappingRegisters.CAP_SLLPS.to(3)
                | RemappingRegisters.CAP_PSI.mask()
                | RemappingRegisters.CAP_MAMV.to(18);
        long extended = RemappingRegisters.ECAP_C.mask() | RemappingRegisters.ECAP_QI.mask();
        return switch ((int) (address - REGISTERS)) {
            case RemappingRegisters.CAP -> capabilities & 0xffff_ffffL;
            case RemappingRegisters.CAP + 4 -> capabilities >>> 32;
            case RemappingRegisters.ECAP -> extended;
            default -> 0;
        };
    }

    @Override
    public void mmioWrite32(long address, long value) {
        switch ((int) (address - REGISTERS)) {
            case RemappingRegisters.RTADDR -> root = value;
            case RemappingRegisters.IQA -> queue = value;
            case RemappingRegisters.IQT -> work((int) value);
            default -> {}
        }
    }

    private void work(int tail) {
        while (head != tail) {
            long low = load64(queue + head);
            long high = load64(queue + head + 8);
            int type = (int) InvalidationDescriptors.TYPE.of(low);
            if (type == InvalidationDescriptors.WAIT) {
                store32(high, InvalidationDescriptors.WAIT_DATA.of(low));
            } else if (type == InvalidationDescriptors.IOTLB) {
                forget(low, high);
            }
            head = (head + InvalidationDescriptors.BYTES) % 4096;
        }
    }

    private void forget(long low, long high) {
        if (InvalidationDescriptors.GRANULARITY.of(low) != InvalidationDescriptors.PAGES) {
            iotlb.clear();
            return;
        }
        long size = 1L << (12 + InvalidationDescriptors.HIGH_AM.of(high));
        long start = high & InvalidationDescriptors.HIGH_ADDRESS.mask() & -size;
        iotlb.keySet().removeIf(page -> page >= start && page < start + size);
    }

    /// Where the function's access to `iova` goes, or -1 if it is refused.
    long reaches(long iova, boolean isWrite) {
        Long entry = iotlb.get(iova & -4096);
        if (entry == null) {
            entry = walk(iova);
            if ((entry & 3) != 0) {
                iotlb.put(iova & -4096, entry);
            }
        }
        boolean isAllowed = (entry & (isWrite ? 2 : 1)) != 0;
        return isAllowed ? (entry & -4096) + (iova & 4095) : -1;
    }

    /// By hand, from the root: VT-d, section 9. The page's address, with the permissions below it.
    private long walk(long iova) {
        long context = load64(root + (FUNCTION >>> 8) * 16L) & -4096;
        long table = load64(context + (FUNCTION & 0xff) * 16L) & -4096;
        for (int level = LEVELS; level > 0; level--) {
            long entry = load64(table + pageOffset(iova, level));
            if ((entry & 3) == 0) {
                return 0;
            }
            if (level == 1 || RemappingTables.PAGE_SIZE.isSet(entry)) {
                long page = entry & RemappingTables.PAGE_ADDRESS.mask();
                return (page + (iova & ((1L << levelShift(level)) - 1) & -4096)) | (entry & 3);
            }
            table = entry & RemappingTables.PAGE_ADDRESS.mask();
        }
        return 0;
    }
}
