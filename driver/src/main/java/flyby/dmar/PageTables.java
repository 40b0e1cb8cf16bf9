package flyby.dmar;

import static flyby.iommu.layout.RemappingTables.levelShift;
import static flyby.iommu.layout.RemappingTables.pageOffset;

import flyby.base.Check;
import flyby.iommu.layout.RemappingTables;
import java.util.ArrayList;
import java.util.List;

/// The page tables of one domain. Intel VT-d, section 9.8; Linux's `__domain_mapping` and `domain_unmap`.
public final class PageTables {
    private static final long PERMISSIONS = RemappingTables.PAGE_READ.mask() | RemappingTables.PAGE_WRITE.mask();

    private final TableAccess memory;
    private final TableFrames frames;
    private final int levels;
    private final int pageLevelMax;
    private final long top;
    // No longer in use, but a walk may still know of them.
    private final List<Long> retired = new ArrayList<>();
    private long retiredCount;
    private long unmappedBytes;
    private long collisions;

    /// @param levels of the tables, 3 to 5
    /// @param pageLevelMax the largest pages that are used where they fit: 1 for 4 KiB, 2 for 2 MiB, 3 for 1 GiB
    public PageTables(TableAccess memory, TableFrames frames, int levels, int pageLevelMax) {
        Check.that(3 <= levels && levels <= 5, "tables of %d levels", levels);
        Check.that(1 <= pageLevelMax && pageLevelMax <= 3, "pages of level %d", pageLevelMax);
        this.memory = memory;
        this.frames = frames;
        this.levels = levels;
        this.pageLevelMax = pageLevelMax;
        top = frames.allocate();
    }

    /// The address of the highest table.
    public long top() {
        return top;
    }

    /// How many levels there are.
    public int levels() {
        return levels;
    }

    /// Lets devices read, write or both `byteCount` bytes at `physical` as `iova`: all multiples of 4 KiB. Pages that
    /// are there already, because a driver has unmapped less than it had mapped, give way: see [#collisions].
    ///
    /// @return whether an empty table or an old page had to give way, so that the unit must forget it
    public boolean map(long iova, long physical, long byteCount, boolean isReadable, boolean isWritable) {
        checkRange(iova, byteCount);
        if (physical % TableFrames.FRAME_BYTES != 0) {
            throw Check.bug("0x%x is no start of a page", physical);
        }
        long allowed =
                RemappingTables.PAGE_READ.to(isReadable ? 1 : 0) | RemappingTables.PAGE_WRITE.to(isWritable ? 1 : 0);
        long before = retiredCount + collisions;
        long at = 0;
        while (at < byteCount) {
            int level = levelFor(iova + at, physical + at, byteCount - at);
            long entry = entryAddress(iova + at, level);
            long old = memory.load64(entry);
            if ((old & PERMISSIONS) != 0) {
                collisions += !isPage(old, level) && isEmpty(old, level - 1) ? 0 : 1;
                clear(top, levels, iova + at, iova + at + (1L << levelShift(level)));
            }
            long size = level > 1 ? RemappingTables.PAGE_SIZE.mask() : 0;
            memory.store64(entry, physical + at | size | allowed);
            at += 1L << levelShift(level);
        }
        return retiredCount + collisions > before;
    }

    /// How often a page was in the way of another. `ERROR: DMA PTE for vPFN already set`.
    public long collisions() {
        return collisions;
    }

    private static boolean isPage(long entry, int level) {
        return level == 1 || RemappingTables.PAGE_SIZE.isSet(entry);
    }

    /// Whether no page is left in the table that `entry` leads to, whose level is `level`.
    private boolean isEmpty(long entry, int level) {
        long table = entry & RemappingTables.PAGE_ADDRESS.mask();
        for (int offset = 0; offset < TableFrames.FRAME_BYTES; offset += RemappingTables.PAGE_ENTRY_BYTES) {
            long below = memory.load64(table + offset);
            if ((below & PERMISSIONS) != 0 && (isPage(below, level) || !isEmpty(below, level - 1))) {
                return false;
            }
        }
        return true;
    }

    private int levelFor(long iova, long physical, long byteCount) {
        int level = pageLevelMax;
        while (level > 1 && !fits(iova, physical, byteCount, level)) {
            level--;
        }
        return level;
    }

    private static boolean fits(long iova, long physical, long byteCount, int level) {
        long size = 1L << levelShift(level);
        return ((iova | physical) & (size - 1)) == 0 && byteCount >= size;
    }

    /// Takes `byteCount` bytes from `iova` on away again; of a page that lies only partly in the range, all of it.
    /// Devices may reach them until the unit has been told; tables that are of no more use are kept until
    /// they are freed.
    ///
    /// @return whether a table is of no more use, so that the unit must forget tables too
    public boolean unmap(long iova, long byteCount) {
        long before = retiredCount;
        take(iova, byteCount);
        return retiredCount > before;
    }

    /// What [#unmap] does.
    ///
    /// @return how many bytes of pages this call took away, whatever interrupt handlers did meanwhile
    long take(long iova, long byteCount) {
        checkRange(iova, byteCount);
        return clear(top, levels, iova, iova + byteCount);
    }

    /// Clears what lies from `start` up to `end` in `table`, whose level is `level`.
    private long clear(long table, int level, long start, long end) {
        long cleared = 0;
        long step = 1L << levelShift(level);
        for (long at = start; at < end; at = (at & -step) + step) {
            long address = table + pageOffset(at, level);
            long entry = memory.load64(address);
            if ((entry & PERMISSIONS) == 0) {
                continue;
            }
            long next = Math.min(end, (at & -step) + step);
            boolean isWhole = at % step == 0 && next - at == step;
            if (isPage(entry, level)) {
                memory.store64(address, 0);
                unmappedBytes += step;
                cleared += step;
            } else {
                long below = entry & RemappingTables.PAGE_ADDRESS.mask();
                cleared += clear(below, level - 1, at, next);
                if (isWhole) {
                    memory.store64(address, 0);
                    retired.add(below);
                    retiredCount++;
                }
            }
        }
        return cleared;
    }

    /// How many bytes of pages were taken away so far: what `iommu_unmap` returns, summed up.
    public long unmappedBytes() {
        return unmappedBytes;
    }

    /// The physical address that `iova` means, looked up as a walk does, or -1. `iommu_iova_to_phys`.
    public long physical(long iova) {
        if (iova < 0 || iova >>> RemappingTables.addressBits(levels) != 0) {
            return -1;
        }
        long table = top;
        for (int level = levels; level > 0; level--) {
            long entry = memory.load64(table + pageOffset(iova, level));
            if ((entry & PERMISSIONS) == 0) {
                return -1;
            }
            if (isPage(entry, level)) {
                long page = 1L << levelShift(level);
                return (entry & RemappingTables.PAGE_ADDRESS.mask() & -page) | (iova & (page - 1));
            }
            table = entry & RemappingTables.PAGE_ADDRESS.mask();
        }
        return -1;
    }

    /// Whether memory for as many tables is left as `byteCount` bytes may need, at worst.
    boolean hasRoomFor(long byteCount) {
        return frames.available() >= levels - 1 + 2 * (byteCount >>> levelShift(2)) + 1;
    }

    /// How many tables have come to be of no more use so far.
    long retiredCount() {
        return retiredCount;
    }

    /// How many of them are not free yet.
    int waiting() {
        return retired.size();
    }

    /// The unit has been told of all tables: the `count` that had waited longest are free.
    void freeFirst(int count) {
        free(0, Math.min(count, retired.size()));
    }

    /// The unit has been told of a range: what has come to wait since `count` did is free. An interrupt handler frees
    /// its own alone so, as the unit may not have been told yet of what it came in between.
    void freeSince(int count) {
        free(Math.min(count, retired.size()), retired.size());
    }

    private void free(int from, int to) {
        List<Long> free = retired.subList(from, to);
        free.forEach(frames::free);
        free.clear();
    }

    /// Where the entry of `iova` at `level` is; tables above it are made.
    private long entryAddress(long iova, int level) {
        long table = top;
        for (int at = levels; at > level; at--) {
            long address = table + pageOffset(iova, at);
            long entry = memory.load64(address);
            if ((entry & PERMISSIONS) == 0) {
                entry = add(address);
            }
            if (RemappingTables.PAGE_SIZE.isSet(entry)) {
                collisions++;
                memory.store64(address, 0);
                entry = add(address);
            }
            table = entry & RemappingTables.PAGE_ADDRESS.mask();
        }
        return table + pageOffset(iova, level);
    }

    /// Puts a new table at `address`, unless an interrupt handler has done so meanwhile.
    private long add(long address) {
        long table = frames.allocate();
        boolean before = memory.lock();
        long entry = memory.load64(address);
        boolean isMissing = (entry & PERMISSIONS) == 0;
        if (isMissing) {
            memory.store64(address, table | PERMISSIONS);
        }
        memory.unlock(before);
        if (isMissing) {
            return table | PERMISSIONS;
        }
        frames.free(table);
        return entry;
    }

    private void checkRange(long iova, long byteCount) {
        boolean isWhole = (iova | byteCount) % TableFrames.FRAME_BYTES == 0 && byteCount > 0;
        // Not Check.that, whose arguments would be boxed for each mapping.
        if (!isWhole || (iova + byteCount - 1) >>> RemappingTables.addressBits(levels) != 0) {
            throw Check.bug("%d bytes at 0x%x are not whole pages of a space of %d levels", byteCount, iova, levels);
        }
    }
}
