package flyby.dma;

import flyby.bus.MemoryType;
import flyby.dma.DmaFaults.Point;
import flyby.dma.DmaObserver.Call;
import flyby.dma.DmaObserver.Kind;
import flyby.dma.DmaStatistics.Count;
import flyby.kernel.KernelMemory;
import flyby.kernel.KernelMemory.Allocation;
import flyby.kernel.KernelMemory.Region;
import flyby.kernel.KernelMemory.Zone;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Memory that is made for a device: `dma_direct_alloc`, `iommu_dma_alloc`, `dma_common_alloc_pages`.
final class Allocations {
    private static final int PAGE = KernelMemory.PAGE_BYTES;
    private static final int ORDER_MAX = 10;
    /// What stands for a page that the CPU is not to touch: `struct page` has 64 bytes.
    private static final int COOKIE_BYTES = 64;

    private final DeviceState state;
    private final KernelMemory memory;
    private final Streaming streaming;
    private final Bouncing bouncing;

    Allocations(DeviceState state, Streaming streaming, Bouncing bouncing) {
        this.state = state;
        this.memory = state.kernel.memory();
        this.streaming = streaming;
        this.bouncing = bouncing;
    }

    /// `dma_alloc_attrs`.
    @Nullable
    CoherentBuffer coherent(long byteCount, long attributes) {
        CoherentBuffer made = state.faults.fails(Point.ALLOC) ? null : makeCoherent(byteCount, attributes);
        tell(Kind.COHERENT, made, byteCount, Direction.BIDIRECTIONAL, attributes);
        return made;
    }

    private @Nullable CoherentBuffer makeCoherent(long byteCount, long attributes) {
        if (state.coherentMask == 0) {
            state.warnOnce("no coherent_dma_mask is set");
        }
        long pages = pages(byteCount, state.name + " coherent");
        if (pages == KernelMemory.NONE) {
            return null;
        }
        long room = room(byteCount);
        boolean isHidden = (attributes & Attributes.NO_KERNEL_MAPPING) != 0;
        if (isHidden) {
            if (!state.platform.isCoherent()) {
                state.cpu().cleanAndInvalidateCache(pages, room);
            }
        } else {
            if (!state.platform.isCoherent()) {
                boolean combines = (attributes & Attributes.WRITE_COMBINE) != 0;
                state.cpu().setMemoryType(pages, room, combines ? MemoryType.WRITE_COMBINING : MemoryType.UNCACHED);
            }
            bouncing.clear(pages, room);
        }
        long dmaAddress = mapped(pages, room, Direction.BIDIRECTIONAL);
        if (dmaAddress == Dma.MAPPING_ERROR) {
            giveBack(pages, byteCount, !isHidden);
            return null;
        }
        return new CoherentBuffer(isHidden ? cookie(pages) : pages, dmaAddress, byteCount);
    }

    /// Pages that the device reaches, or [KernelMemory#NONE]. `__dma_direct_alloc_pages`.
    private long pages(long byteCount, String purpose) {
        if (byteCount <= 0) {
            return KernelMemory.NONE;
        }
        if (state.space.isTranslated()) {
            return take(byteCount, Zone.NORMAL, purpose);
        }
        long limit = state.coherentMask;
        for (Zone zone : new Zone[] {Zone.NORMAL, Zone.DMA32, Zone.DMA}) {
            long narrowest = zone == Zone.NORMAL ? DeviceState.MASK_32 : zone == Zone.DMA32 ? 0xff_ffffL : -1L;
            if (zone != Zone.DMA && Long.compareUnsigned(limit, narrowest) <= 0) {
                // Memory of this zone is likely beyond what the device reaches: `dma_direct_optimal_gfp_mask`.
                continue;
            }
            long at = take(byteCount, zone, purpose);
            if (at != KernelMemory.NONE) {
                if (state.reaches(at, room(byteCount), limit)) {
                    return at;
                }
                free(at, byteCount);
            }
        }
        return KernelMemory.NONE;
    }

    private long take(long byteCount, Zone zone, String purpose) {
        int order = KernelMemory.order(byteCount);
        return order <= ORDER_MAX
                ? memory.allocatePages(order, zone, purpose)
                : memory.allocateContiguous(byteCount, zone, purpose);
    }

    private void free(long pages, long byteCount) {
        int order = KernelMemory.order(byteCount);
        if (order <= ORDER_MAX) {
            memory.freePages(pages, order);
        } else {
            memory.freeContiguous(pages);
        }
    }

    private static long room(long byteCount) {
        return byteCount + PAGE - 1 & -PAGE;
    }

    private long mapped(long pages, long room, Direction direction) {
        return state.space.isTranslated() ? streaming.mapInSpace(pages, room, direction, state.coherentMask) : pages;
    }

    private long cookie(long pages) {
        return memory.end() + pages / PAGE * COOKIE_BYTES;
    }

    /// `dma_free_attrs`.
    void freeCoherent(long byteCount, long cpuAddress, long dmaAddress, long attributes) {
        if (state.cpu().inAtomicContext()) {
            state.warn("dma_free_attrs with interrupts off, or from an interrupt handler");
        }
        if (cpuAddress == KernelMemory.NONE || byteCount <= 0) {
            return;
        }
        forget(Kind.COHERENT, cpuAddress, dmaAddress, byteCount, Direction.BIDIRECTIONAL, attributes);
        boolean isHidden = (attributes & Attributes.NO_KERNEL_MAPPING) != 0;
        long pages = cpuAddress;
        if (isHidden) {
            pages = (cpuAddress - memory.end()) / COOKIE_BYTES * PAGE;
        }
        if (state.space.isTranslated()) {
            streaming.unmapInSpace(dmaAddress, room(byteCount));
        } else {
            // What is freed are the pages that the device was given.
            pages = dmaAddress;
        }
        giveBack(pages, byteCount, !isHidden);
    }

    private void giveBack(long pages, long byteCount, boolean isMapped) {
        Allocation allocation = memory.allocationAt(pages);
        if (!state.platform.isCoherent()
                && isMapped
                && allocation != null
                && allocation.region() == Region.PAGES
                && allocation.begin() == pages) {
            long room = Math.min(room(byteCount), allocation.byteCount());
            state.cpu().setMemoryType(pages, room, MemoryType.WRITE_BACK);
        }
        free(pages, byteCount);
    }

    /// `dma_alloc_pages`, `dma_alloc_noncoherent`: cached memory, to be synced like a streaming mapping.
    @Nullable
    CoherentBuffer noncoherent(long byteCount, Direction direction) {
        if (streaming.refuses(direction)) {
            return null;
        }
        CoherentBuffer made = state.faults.fails(Point.ALLOC) ? null : makeNoncoherent(byteCount, direction);
        tell(Kind.NONCOHERENT, made, byteCount, direction, Attributes.NONE);
        return made;
    }

    private @Nullable CoherentBuffer makeNoncoherent(long byteCount, Direction direction) {
        long pages = pages(byteCount, state.name + " non-coherent");
        if (pages == KernelMemory.NONE) {
            return null;
        }
        long dmaAddress = mapped(pages, room(byteCount), direction);
        if (dmaAddress == Dma.MAPPING_ERROR) {
            free(pages, byteCount);
            return null;
        }
        bouncing.clear(pages, room(byteCount));
        return new CoherentBuffer(pages, dmaAddress, byteCount);
    }

    /// `dma_free_pages`, `dma_free_noncoherent`.
    void freeNoncoherent(long byteCount, long cpuAddress, long dmaAddress, Direction direction) {
        if (byteCount <= 0 || cpuAddress == KernelMemory.NONE) {
            return;
        }
        forget(Kind.NONCOHERENT, cpuAddress, dmaAddress, byteCount, direction, Attributes.NONE);
        if (state.space.isTranslated()) {
            streaming.unmapInSpace(dmaAddress, room(byteCount));
        }
        free(cpuAddress, byteCount);
    }

    /// `dma_alloc_noncontiguous`: one range for the device, several for the CPU.
    @Nullable
    Scatterlist noncontiguous(long byteCount, Direction direction, long attributes) {
        if ((attributes & ~Attributes.ALLOC_SINGLE_PAGES) != 0) {
            state.warn("dma_alloc_noncontiguous with attributes 0x%x", attributes);
            return null;
        }
        if (streaming.refuses(direction) || byteCount <= 0) {
            return null;
        }
        Scatterlist made = state.faults.fails(Point.ALLOC) ? null : makeNoncontiguous(byteCount, direction, attributes);
        CoherentBuffer whole =
                made == null ? null : new CoherentBuffer(made.address(0), made.dmaAddress(0), made.dmaLength(0));
        tell(Kind.NONCONTIGUOUS, whole, byteCount, direction, attributes);
        return made;
    }

    private @Nullable Scatterlist makeNoncontiguous(long byteCount, Direction direction, long attributes) {
        if (!state.space.isTranslated()) {
            CoherentBuffer whole = makeNoncoherent(byteCount, direction);
            if (whole == null) {
                return null;
            }
            Scatterlist list = new Scatterlist(1);
            list.set(0, whole.cpuAddress(), Math.toIntExact(room(byteCount)));
            list.setDma(0, whole.dmaAddress(), room(byteCount));
            list.setMappedCount(1);
            return list;
        }
        long[] pieces = pieces(room(byteCount), attributes);
        if (pieces.length == 0) {
            return null;
        }
        Scatterlist list = new Scatterlist(pieces.length / 2);
        long iova = state.space.reserve(room(byteCount), state.coherentMask);
        long at = iova;
        boolean isMapped = iova != Dma.MAPPING_ERROR;
        for (int i = 0; i < list.count(); i++) {
            list.set(i, pieces[2 * i], (int) pieces[2 * i + 1]);
            bouncing.clear(list.address(i), list.length(i));
            isMapped = isMapped
                    && state.space.link(at, list.address(i), list.length(i), direction.isRead(), direction.isWritten());
            at += isMapped ? list.length(i) : 0;
        }
        if (!isMapped) {
            if (iova != Dma.MAPPING_ERROR) {
                if (at > iova) {
                    state.space.unlink(iova, at - iova);
                }
                state.space.release(iova, room(byteCount));
            }
            freePieces(list);
            return null;
        }
        list.setDma(0, iova, room(byteCount));
        list.setMappedCount(1);
        return list;
    }

    /// Blocks of pages that are `room` bytes together, the largest first: address, bytes, address, bytes ...; empty
    /// if there are not enough. `__iommu_dma_alloc_pages`.
    private long[] pieces(long room, long attributes) {
        int order = (attributes & Attributes.ALLOC_SINGLE_PAGES) != 0 ? 0 : ORDER_MAX - 1;
        List<Long> pieces = new ArrayList<>();
        long left = room;
        while (left > 0) {
            while ((long) PAGE << order > left) {
                order--;
            }
            long at = memory.allocatePages(order, Zone.NORMAL, state.name + " non-contiguous");
            if (at != KernelMemory.NONE) {
                pieces.add(at);
                pieces.add((long) PAGE << order);
                left -= (long) PAGE << order;
            } else if (order > 0) {
                order--;
            } else {
                for (int i = 0; i < pieces.size(); i += 2) {
                    memory.freePages(pieces.get(i), KernelMemory.order(pieces.get(i + 1)));
                }
                return new long[0];
            }
        }
        return pieces.stream().mapToLong(Long::longValue).toArray();
    }

    private void freePieces(Scatterlist list) {
        for (int i = 0; i < list.count(); i++) {
            memory.freePages(list.address(i), KernelMemory.order(list.length(i)));
        }
    }

    /// `dma_free_noncontiguous`.
    void freeNoncontiguous(Scatterlist list, long byteCount, Direction direction) {
        forget(Kind.NONCONTIGUOUS, list.address(0), list.dmaAddress(0), byteCount, direction, Attributes.NONE);
        if (state.space.isTranslated()) {
            streaming.unmapInSpace(list.dmaAddress(0), list.dmaLength(0));
        }
        freePieces(list);
    }

    private void tell(Kind kind, @Nullable CoherentBuffer made, long byteCount, Direction direction, long attributes) {
        state.count(made == null ? Count.FAILURES : Count.ALLOCATIONS, 1);
        if (state.isHeard()) {
            long address = made == null ? -1 : made.cpuAddress();
            long dmaAddress = made == null ? Dma.MAPPING_ERROR : made.dmaAddress();
            Call call = state.call(kind, address, dmaAddress, address, byteCount, direction, attributes, 0, 1);
            for (DmaObserver observer : state.observers) {
                if (made == null) {
                    observer.failed(call);
                } else {
                    observer.allocated(call);
                }
            }
        }
    }

    private void forget(
            Kind kind, long address, long dmaAddress, long byteCount, Direction direction, long attributes) {
        state.count(Count.FREES, 1);
        if (state.isHeard()) {
            Call call = state.call(kind, address, dmaAddress, address, byteCount, direction, attributes, 0, 1);
            state.observers.forEach(observer -> observer.freed(call));
        }
    }
}
