package flyby.kernel;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import flyby.base.Check;
import flyby.kernel.Slabs.Slab;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The memory that the kernel gives to drivers: pages, `kmalloc`, `vmalloc`, stack and image, each by its rules. CPU
/// addresses are physical addresses; there is no other translation in this kernel, so what is contiguous for the CPU
/// is so for devices too.
///
/// Memory that was given out holds what it held before: nobody clears it, but where a method says so. Who has which
/// bytes is written down beside them, at nobody's cost.
public final class KernelMemory {
    /// A page.
    public static final int PAGE_BYTES = 4096;

    /// No memory: `NULL`.
    public static final long NONE = 0;

    /// What `kmalloc` gives for no bytes at all: `ZERO_SIZE_PTR`.
    public static final long ZERO_SIZE = 16;

    /// From there on `kmalloc` gives whole pages: KMALLOC_MAX_CACHE_SIZE.
    private static final int SLAB_BYTES_MAX = 8192;

    /// The sizes of `kmalloc`'s objects, as `mm/slab_common.c` has them.
    private static final int[] SIZES = {8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, SLAB_BYTES_MAX};

    /// What an address belongs to; only [#PAGES] and [#KMALLOC] may be mapped for DMA (`dma-api-howto.rst`).
    public enum Region {
        /// Of the page allocator.
        PAGES,
        /// Of `kmalloc`.
        KMALLOC,
        /// Of `vmalloc`: contiguous for the CPU only.
        VMALLOC,
        /// A thread's stack.
        STACK,
        /// The kernel's text and data.
        IMAGE,
        /// Not given out, or no memory.
        FREE
    }

    /// From where on, at most, memory for an allocation may lie. `GFP_DMA`, `GFP_DMA32`.
    public enum Zone {
        /// Below 16 MiB: what ISA devices reach.
        DMA(1L << 24),
        /// Below 4 GiB.
        DMA32(1L << 32),
        /// Anywhere.
        NORMAL(Long.MAX_VALUE);

        private final long end;

        Zone(long end) {
            this.end = end;
        }

        /// The first address beyond it.
        public long end() {
            return end;
        }
    }

    /// The memory of one socket, from `begin` up to, not including, `end`: multiples of a page.
    public record Node(long begin, long end) {
        public Node {
            Check.that(
                    begin % PAGE_BYTES == 0 && end % PAGE_BYTES == 0 && 0 <= begin && begin < end,
                    "memory from 0x%x to 0x%x",
                    begin,
                    end);
        }
    }

    /// What was given out.
    ///
    /// @param byteCount what there is room for, which may be more than was asked for
    /// @param purpose as it was said
    public record Allocation(long begin, long byteCount, Region region, String purpose) {}

    /// Pages that belong together; those of `kmalloc` are a slab.
    private record Block(
            long byteCount,
            Region region,
            String purpose,
            @Nullable Slab slab) {}

    private record ZonePages(int node, Zone zone, Buddies free) {}

    private final List<ZonePages> zones = new ArrayList<>();
    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    // Those of them that are no linear addresses: vmalloc's, and stacks.
    private final TreeMap<Long, Block> mapped = new TreeMap<>();
    private final List<Slabs> slabs = new ArrayList<>();
    private final int nodeCount;
    private final int alignment;
    private final long end;
    private Consumer<String> complain = _ -> {};
    private @Nullable MemoryWatch watch;

    /// Memory from `start` up to, not including, `end`, both multiples of a page.
    ///
    /// @param alignment what `kmalloc` aligns to at least: `ARCH_DMA_MINALIGN`, a power of two
    public KernelMemory(long start, long end, int alignment) {
        this(List.of(new Node(start, end)), alignment);
    }

    /// The memory of several sockets.
    public KernelMemory(List<Node> nodes, int alignment) {
        Check.that(Integer.bitCount(alignment) == 1, "kmalloc aligns to %d", alignment);
        this.alignment = alignment;
        nodeCount = nodes.size();
        long last = 0;
        // Zones from the highest down: that is the order in which an allocation asks them.
        for (Zone zone : List.of(Zone.NORMAL, Zone.DMA32, Zone.DMA)) {
            for (int node = 0; node < nodes.size(); node++) {
                addZone(nodes.get(node), node, zone);
                last = Math.max(last, nodes.get(node).end());
            }
        }
        end = last;
        for (int size : SIZES) {
            if (size % alignment == 0) {
                slabs.add(new Slabs(size));
            }
        }
    }

    private void addZone(Node node, int index, Zone zone) {
        long below = zone == Zone.NORMAL ? Zone.DMA32.end() : zone == Zone.DMA32 ? Zone.DMA.end() : 0;
        // Page 0 is nobody's: its address is NULL.
        long from = Math.max(Math.max(node.begin(), below), PAGE_BYTES);
        long to = Math.min(node.end(), zone.end());
        if (from < to) {
            zones.add(new ZonePages(index, zone, new Buddies(from, to)));
        }
    }

    /// Has `listener` told what a driver does wrong with memory.
    public void onMisuse(Consumer<String> listener) {
        complain = listener;
    }

    /// Has `newWatch` told what is given out and taken back from now on.
    public void watch(MemoryWatch newWatch) {
        watch = newWatch;
    }

    private long given(long address, long byteCount, Region region, String purpose) {
        if (watch != null && address != NONE) {
            watch.given(address, byteCount, region, purpose);
        }
        return address;
    }

    private void taken(long address, long byteCount) {
        if (watch != null) {
            watch.taken(address, byteCount);
        }
    }

    @FormatMethod
    private void misuse(@FormatString String format, Object... arguments) {
        complain.accept(String.format(Locale.ROOT, format, arguments));
    }

    // Pages.

    /// `2^order` pages, contiguous and aligned to their size, or [#NONE]. `__get_free_pages`.
    ///
    /// @param purpose what they are for, as reports say it
    public long allocatePages(int order, Zone zone, String purpose) {
        return allocatePages(order, zone, 0, purpose);
    }

    /// As [#allocatePages(int, Zone, String)], if possible of the memory of socket `node`. `alloc_pages_node`.
    public long allocatePages(int order, Zone zone, int node, String purpose) {
        if (order > Buddies.ORDER_MAX) {
            misuse("pages of order %d for %s, above the largest of %d", order, purpose, Buddies.ORDER_MAX);
            return NONE;
        }
        long byteCount = (long) PAGE_BYTES << order;
        long at = take(order, zone, node, new Block(byteCount, Region.PAGES, purpose, null));
        return given(at, byteCount, Region.PAGES, purpose);
    }

    private long take(int order, Zone zone, int node, Block block) {
        for (int i = 0; i < nodeCount; i++) {
            int from = (node + i) % nodeCount;
            for (ZonePages pages : zones) {
                if (pages.node() == from && pages.zone().end() <= zone.end()) {
                    long at = pages.free().allocate(order);
                    if (at != NONE) {
                        blocks.put(at, block);
                        return at;
                    }
                }
            }
        }
        return NONE;
    }

    /// As many whole pages as hold `byteCount` bytes, contiguous, also beyond the largest order; or [#NONE].
    /// `alloc_contig_pages`, and what drivers get from the contiguous memory allocator.
    public long allocateContiguous(long byteCount, Zone zone, String purpose) {
        return given(takeRun(byteCount, zone, Region.PAGES, purpose), byteCount, Region.PAGES, purpose);
    }

    /// Sets memory aside that somebody has known of since before the kernel ran. `memblock_reserve`.
    ///
    /// @param address of a page; it may lie below what the kernel gives out
    public void reserve(long address, long byteCount, String purpose) {
        long bytes = byteCount + PAGE_BYTES - 1 & -PAGE_BYTES;
        zones.forEach(each -> each.free().reserve(address, address + bytes));
        blocks.put(address, new Block(bytes, Region.PAGES, purpose, null));
        given(address, byteCount, Region.PAGES, purpose);
    }

    private long takeRun(long byteCount, Zone zone, Region region, String purpose) {
        long bytes = byteCount + PAGE_BYTES - 1 & -PAGE_BYTES;
        Block block = new Block(bytes, region, purpose, null);
        int order = order(bytes);
        if (order <= Buddies.ORDER_MAX) {
            long at = take(order, zone, 0, block);
            if (at != NONE) {
                zoneOf(at).release(at + bytes, at + ((long) PAGE_BYTES << order));
            }
            return at;
        }
        for (ZonePages pages : zones) {
            if (pages.zone().end() <= zone.end()) {
                long at = pages.free().allocateRun(bytes);
                if (at != NONE) {
                    blocks.put(at, block);
                    return at;
                }
            }
        }
        return NONE;
    }

    /// The smallest order of pages that holds `byteCount` bytes, 1 or more. `get_order`.
    public static int order(long byteCount) {
        long pages = (byteCount + PAGE_BYTES - 1) / PAGE_BYTES;
        return Long.SIZE - Long.numberOfLeadingZeros(pages - 1);
    }

    /// `free_pages`.
    public void freePages(long address, int order) {
        Block block = blocks.get(address);
        if (block == null || block.region() != Region.PAGES) {
            misuse("Bad page state: the pages at 0x%x are freed, but nobody has them", address);
            return;
        }
        if (block.byteCount() != (long) PAGE_BYTES << order) {
            misuse("Bad page state: %d B at 0x%x are freed as order %d", block.byteCount(), address, order);
        }
        taken(address, block.byteCount());
        giveBack(address, block);
    }

    /// Takes back what [#allocateContiguous] has given. `free_contig_range`.
    public void freeContiguous(long address) {
        Block block = blocks.get(address);
        if (block == null || block.region() != Region.PAGES) {
            misuse("Bad page state: the pages at 0x%x are freed, but nobody has them", address);
        } else {
            taken(address, block.byteCount());
            giveBack(address, block);
        }
    }

    private void giveBack(long address, Block block) {
        blocks.remove(address);
        mapped.remove(address);
        zoneOf(address).release(address, address + block.byteCount());
    }

    private Buddies zoneOf(long address) {
        for (ZonePages pages : zones) {
            if (pages.free().contains(address)) {
                return pages.free();
            }
        }
        throw Check.bug("0x%x is no memory", address);
    }

    // kmalloc.

    /// `byteCount` bytes, contiguous, or [#NONE]. `kmalloc`.
    ///
    /// @param purpose what they are for, as reports say it
    public long kmalloc(long byteCount, String purpose) {
        return byteCount == 0 ? ZERO_SIZE : given(allocate(byteCount, purpose), byteCount, Region.KMALLOC, purpose);
    }

    private long allocate(long byteCount, String purpose) {
        Slabs sized = slabsFor(byteCount);
        if (sized == null) {
            int order = order(byteCount);
            return order > Buddies.ORDER_MAX
                    ? NONE
                    : take(order, Zone.NORMAL, 0, new Block((long) PAGE_BYTES << order, Region.KMALLOC, purpose, null));
        }
        if (!sized.hasFree()) {
            int order = sized.order();
            long at = take(order, Zone.NORMAL, 0, new Block(0, Region.KMALLOC, "", null));
            if (at == NONE) {
                return NONE;
            }
            blocks.put(at, new Block((long) PAGE_BYTES << order, Region.KMALLOC, "", sized.add(at)));
        }
        return sized.allocate(purpose);
    }

    private @Nullable Slabs slabsFor(long byteCount) {
        for (Slabs sized : slabs) {
            if (byteCount <= sized.objectBytes()) {
                return sized;
            }
        }
        return null;
    }

    /// How many bytes [#kmalloc] really gives for `byteCount`. `kmalloc_size_roundup`.
    public long kmallocBytes(long byteCount) {
        Slabs sized = slabsFor(byteCount);
        return sized == null ? (long) PAGE_BYTES << order(byteCount) : sized.objectBytes();
    }

    /// `kfree`.
    public void kfree(long address) {
        if (address == NONE || address == ZERO_SIZE) {
            return;
        }
        Map.Entry<Long, Block> entry = blocks.floorEntry(address);
        Block block = entry == null ? null : entry.getValue();
        if (entry == null || block == null || block.region() != Region.KMALLOC) {
            misuse("kfree of 0x%x, which kmalloc has not given", address);
            return;
        }
        Slab slab = block.slab();
        if (slab == null) {
            if (entry.getKey() == address) {
                taken(address, block.byteCount());
                giveBack(address, block);
            } else {
                misuse("kfree of 0x%x, which kmalloc has not given", address);
            }
        } else if (address - slab.begin() >= block.byteCount() || !Slabs.isObject(slab, address)) {
            misuse("kfree of 0x%x: object already free, or none", address);
        } else {
            taken(address, slab.owner().objectBytes());
            if (slab.owner().free(slab, address)) {
                giveBack(slab.begin(), block);
            }
        }
    }

    // Memory that must not be mapped for DMA.

    /// Pages that are contiguous for the CPU, or [#NONE]. `vmalloc`.
    public long vmalloc(long byteCount, String purpose) {
        return special(byteCount, Region.VMALLOC, purpose);
    }

    /// The stack of a thread, which is memory of `vmalloc` (VMAP_STACK), or [#NONE].
    public long stack(long byteCount, String purpose) {
        return special(byteCount, Region.STACK, purpose);
    }

    /// Text or data of the kernel or of a module.
    public long image(long byteCount, String purpose) {
        return special(byteCount, Region.IMAGE, purpose);
    }

    private long special(long byteCount, Region region, String purpose) {
        long at = takeRun(byteCount, Zone.NORMAL, region, purpose);
        Block block = blocks.get(at);
        if (at != NONE && block != null && region != Region.IMAGE) {
            mapped.put(at, block);
        }
        return given(at, byteCount, region, purpose);
    }

    /// Takes back what [#vmalloc], [#stack] or [#image] has given. `vfree`.
    public void vfree(long address) {
        Block block = blocks.get(address);
        if (block == null || block.region() == Region.PAGES || block.region() == Region.KMALLOC) {
            misuse("Trying to vfree() nonexistent vm area (0x%x)", address);
        } else {
            taken(address, block.byteCount());
            giveBack(address, block);
        }
    }

    /// Whether `address` is `vmalloc`'s, as stacks are too. `is_vmalloc_addr`.
    public boolean isVmalloc(long address) {
        Map.Entry<Long, Block> entry = mapped.floorEntry(address);
        return entry != null && address < entry.getKey() + entry.getValue().byteCount();
    }

    // Who has what.

    /// What `address` belongs to; null if it is free, or no memory.
    public @Nullable Allocation allocationAt(long address) {
        Map.Entry<Long, Block> entry = blocks.floorEntry(address);
        if (entry == null || address >= entry.getKey() + entry.getValue().byteCount()) {
            return null;
        }
        Block block = entry.getValue();
        Slab slab = block.slab();
        if (slab == null) {
            return new Allocation(entry.getKey(), block.byteCount(), block.region(), block.purpose());
        }
        String purpose = slab.purposeAt(address);
        return purpose == null
                ? null
                : new Allocation(slab.objectAt(address), slab.owner().objectBytes(), Region.KMALLOC, purpose);
    }

    /// What `address` belongs to.
    public Region regionOf(long address) {
        Allocation allocation = allocationAt(address);
        return allocation == null ? Region.FREE : allocation.region();
    }

    /// For what the memory at `address` was given out; null if it is free.
    public @Nullable String purposeOf(long address) {
        Allocation allocation = allocationAt(address);
        return allocation == null ? null : allocation.purpose();
    }

    /// The lowest alignment of `kmalloc`.
    public int alignment() {
        return alignment;
    }

    /// The first address beyond memory.
    public long end() {
        return end;
    }

    /// Bytes of pages that nobody has.
    public long freeBytes() {
        return zones.stream().mapToLong(each -> each.free().freeBytes()).sum();
    }
}
