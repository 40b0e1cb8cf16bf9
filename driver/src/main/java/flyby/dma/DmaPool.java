package flyby.dma;

import flyby.kernel.KernelMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Small blocks of coherent memory, all of one size: descriptors. Linux's `mm/dmapool.c`, without its debugging: a
/// block that is freed twice is given out twice, and one that is freed with another's address goes out with that.
///
/// Linux links free blocks through the blocks themselves; here the list is beside them and costs no time.
public final class DmaPool {
    private final Dma dma;
    private final String name;
    private final int blockBytes;
    private final int pageBytes;
    private final int boundary;
    private final List<CoherentBuffer> pages = new ArrayList<>();
    private final Deque<CoherentBuffer> free = new ArrayDeque<>();
    private int active;

    private DmaPool(Dma dma, String name, int blockBytes, int pageBytes, int boundary) {
        this.dma = dma;
        this.name = name;
        this.blockBytes = blockBytes;
        this.pageBytes = pageBytes;
        this.boundary = boundary;
    }

    /// A pool of blocks of `byteCount` bytes. `dma_pool_create`.
    ///
    /// @param align of each block, a power of two, or 0
    /// @param boundary that no block crosses, a power of two of at least a block, or 0
    /// @return null if that is no pool
    public static @Nullable DmaPool create(Dma dma, String name, int byteCount, int align, int boundary) {
        int aligned = Math.max(align, 1);
        if (byteCount <= 0 || Integer.bitCount(aligned) != 1) {
            return null;
        }
        int blockBytes = Math.max(byteCount, 4) + aligned - 1 & -aligned;
        int pageBytes = Math.max(blockBytes, KernelMemory.PAGE_BYTES);
        if (boundary != 0 && (boundary < blockBytes || Integer.bitCount(boundary) != 1)) {
            return null;
        }
        return new DmaPool(dma, name, blockBytes, pageBytes, boundary == 0 ? pageBytes : Math.min(boundary, pageBytes));
    }

    /// A block, which holds what it held before; null if there is no memory. `dma_pool_alloc`.
    public @Nullable CoherentBuffer alloc() {
        if (free.isEmpty()) {
            CoherentBuffer page = dma.allocCoherent(pageBytes);
            if (page == null) {
                return null;
            }
            pages.add(page);
            divide(page);
        }
        active++;
        CoherentBuffer block = free.removeFirst();
        dma.observers().forEach(observer -> observer.poolGiven(dma, this, block));
        return block;
    }

    /// `pool_initialise_page`.
    private void divide(CoherentBuffer page) {
        int next = boundary;
        int offset = 0;
        while (offset + blockBytes <= pageBytes) {
            if (offset + blockBytes > next) {
                offset = next;
                next += boundary;
            } else {
                free.addLast(new CoherentBuffer(page.cpuAddress() + offset, page.dmaAddress() + offset, blockBytes));
                offset += blockBytes;
            }
        }
    }

    /// A block full of zeros. `dma_pool_zalloc`.
    public @Nullable CoherentBuffer zalloc() {
        CoherentBuffer block = alloc();
        if (block != null) {
            dma.clear(block.cpuAddress(), blockBytes);
        }
        return block;
    }

    /// `dma_pool_free`.
    public void free(long cpuAddress, long dmaAddress) {
        CoherentBuffer block = new CoherentBuffer(cpuAddress, dmaAddress, blockBytes);
        dma.observers().forEach(observer -> observer.poolTaken(dma, this, block));
        free.addFirst(block);
        active--;
    }

    /// Gives all pages back, unless some driver still has a block. May wait. `dma_pool_destroy`.
    public void destroy() {
        boolean isBusy = active != 0;
        dma.observers().forEach(observer -> observer.poolDestroyed(dma, this, active));
        if (isBusy) {
            dma.warn("dma_pool_destroy %s busy", name);
        } else {
            pages.forEach(page -> dma.freeCoherent(pageBytes, page.cpuAddress(), page.dmaAddress()));
        }
        pages.clear();
        free.clear();
    }

    /// As it was called when it was created.
    public String name() {
        return name;
    }

    /// Bytes of a block, with what aligns the next.
    public int blockBytes() {
        return blockBytes;
    }

    /// Blocks that drivers have.
    public int active() {
        return active;
    }
}
