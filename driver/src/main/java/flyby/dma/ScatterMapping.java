package flyby.dma;

import flyby.dma.DmaFaults.Point;
import flyby.dma.DmaObserver.Call;
import flyby.dma.DmaObserver.Kind;
import flyby.dma.DmaObserver.ListCall;
import flyby.dma.DmaStatistics.Count;
import flyby.dmar.DmaSpace;
import flyby.kernel.Errno;
import flyby.kernel.KernelMemory;
import java.util.function.BiConsumer;

/// Mappings of lists. Behind an IOMMU a list gets one range of IOVAs, and entries that meet in it become one; else,
/// and where bounce buffers may be needed, each entry is mapped for itself. `dma_direct_map_sg`, `iommu_dma_map_sg`.
final class ScatterMapping {
    private static final long MASK = KernelMemory.PAGE_BYTES - 1;

    private final DeviceState state;
    private final Streaming streaming;
    private final Bouncing bouncing;

    ScatterMapping(DeviceState state, Streaming streaming, Bouncing bouncing) {
        this.state = state;
        this.streaming = streaming;
        this.bouncing = bouncing;
    }

    /// `dma_map_sg_attrs`.
    ///
    /// @return how many entries the device is to be given, or an error
    int map(Scatterlist list, int count, Direction direction, long attributes) {
        int mapped;
        if (streaming.refuses(direction) || streaming.lacksMask() || count <= 0 || count > list.count()) {
            mapped = -Errno.EINVAL;
        } else if (!state.space.isTranslated()) {
            list.setBounced(false);
            mapped = mapEach(list, count, direction, attributes);
        } else if (mayBounce(list, count, direction)) {
            list.setBounced(true);
            mapped = mapEach(list, count, direction, attributes);
        } else {
            list.setBounced(false);
            mapped = mapAtOnce(list, count, direction, attributes);
        }
        state.count(mapped < 0 ? Count.FAILURES : Count.MAPS, mapped < 0 ? 1 : count);
        list.setMappedCount(Math.max(mapped, 0));
        tell(list, count, direction, attributes, mapped < 0 ? DmaObserver::failed : DmaObserver::mapped);
        if (mapped > 0) {
            tellOfList(list, count, direction, attributes, DmaObserver::listMapped);
        }
        return mapped;
    }

    /// `dev_use_sg_swiotlb`.
    private boolean mayBounce(Scatterlist list, int count, Direction direction) {
        for (int i = 0; i < count; i++) {
            if (bouncing.isUsedBehindIommu(list.length(i), direction)) {
                return true;
            }
        }
        return false;
    }

    private int mapEach(Scatterlist list, int count, Direction direction, long attributes) {
        for (int i = 0; i < count; i++) {
            long mapped = state.faults.fails(Point.MAP)
                    ? Dma.MAPPING_ERROR
                    : streaming.mapPhysical(list.address(i), list.length(i), direction, attributes);
            if (mapped == Dma.MAPPING_ERROR) {
                unmapEach(list, i, direction, attributes | Attributes.SKIP_CPU_SYNC);
                return -Errno.EIO;
            }
            list.setDma(i, mapped, list.length(i));
        }
        return count;
    }

    private void unmapEach(Scatterlist list, int count, Direction direction, long attributes) {
        for (int i = 0; i < count; i++) {
            streaming.unmapPhysical(list.dmaAddress(i), list.dmaLength(i), direction, attributes);
        }
    }

    private int mapAtOnce(Scatterlist list, int count, Direction direction, long attributes) {
        boolean isCoherent = state.platform.isCoherent();
        if (!isCoherent && (attributes & Attributes.REQUIRE_COHERENT) != 0) {
            return -Errno.EREMOTEIO;
        }
        if (!isCoherent && (attributes & (Attributes.SKIP_CPU_SYNC | Attributes.MMIO)) == 0) {
            for (int i = 0; i < count; i++) {
                state.maintenance.forDevice(list.address(i), list.length(i), direction);
            }
        }
        for (int i = 0; i < count; i++) {
            if (state.faults.fails(Point.MAP)) {
                return -Errno.ENOMEM;
            }
        }
        long[] padded = paddedBytes(list, count);
        long all = 0;
        for (long bytes : padded) {
            all += bytes;
        }
        long iova = all == 0 ? DmaSpace.NONE : state.space.reserve(all, state.mask);
        if (iova == DmaSpace.NONE) {
            return -Errno.ENOMEM;
        }
        long at = iova;
        for (int i = 0; i < count; i++) {
            if (padded[i] > 0
                    && !state.space.link(
                            at, list.address(i) & ~MASK, padded[i], direction.isRead(), direction.isWritten())) {
                if (at > iova) {
                    state.space.unlink(iova, at - iova);
                }
                state.space.release(iova, all);
                return -Errno.ENOMEM;
            }
            at += padded[i];
        }
        return finish(list, count, padded, iova);
    }

    /// How many bytes of IOVAs each entry takes: whole granules, and as many more that no entry crosses the
    /// device's boundary. As the range as a whole is aligned to its size, the addresses need not be known for that.
    private long[] paddedBytes(Scatterlist list, int count) {
        long boundary = state.segBoundary;
        long[] padded = new long[count];
        long all = 0;
        for (int i = 0; i < count; i++) {
            long length = (list.address(i) & MASK) + list.length(i) + MASK & ~MASK;
            long pad = boundary - all + 1 & boundary;
            if (pad != 0 && Long.compareUnsigned(pad, length - 1) < 0 && i > 0) {
                padded[i - 1] += pad;
                all += pad;
            }
            padded[i] = length;
            all += length;
        }
        return padded;
    }

    /// Entries that meet become one, within what the device takes. `__finalise_sg`.
    private int finish(Scatterlist list, int count, long[] padded, long iova) {
        long at = iova;
        int last = -1;
        long length = 0;
        for (int i = 0; i < count; i++) {
            long offset = list.address(i) & MASK;
            int bytes = list.length(i);
            list.setDma(i, Dma.MAPPING_ERROR, 0);
            boolean isJoined =
                    length > 0 && offset == 0 && (at & state.segBoundary) != 0 && state.maxSegBytes - length >= bytes;
            if (isJoined) {
                length += bytes;
            } else {
                last++;
                length = bytes;
                list.setDma(last, at + offset, 0);
            }
            list.setDma(last, list.dmaAddress(last), length);
            at += padded[i];
            if (offset + bytes < padded[i]) {
                length = 0;
            }
        }
        return last + 1;
    }

    /// `dma_unmap_sg_attrs`.
    ///
    /// @param count as it was given to [#map]
    void unmap(Scatterlist list, int count, Direction direction, long attributes) {
        if (streaming.refuses(direction)) {
            return;
        }
        int known = Math.min(count, list.count());
        state.count(Count.UNMAPS, known);
        tell(list, known, direction, attributes, DmaObserver::unmapped);
        tellOfList(list, count, direction, attributes, DmaObserver::listUnmapped);
        if (!state.space.isTranslated() || list.isBounced()) {
            unmapEach(list, known, direction, attributes);
            return;
        }
        if (!state.platform.isCoherent() && (attributes & (Attributes.SKIP_CPU_SYNC | Attributes.MMIO)) == 0) {
            for (int i = 0; i < known; i++) {
                state.maintenance.forCpu(list.address(i), list.length(i), direction);
            }
        }
        long end = 0;
        for (int i = 0; i < known && list.dmaLength(i) > 0; i++) {
            end = list.dmaAddress(i) + list.dmaLength(i);
        }
        if (end != 0) {
            streaming.unmapInSpace(list.dmaAddress(0), end - list.dmaAddress(0));
        }
    }

    void syncForCpu(Scatterlist list, int count, Direction direction) {
        for (int i = 0; i < Math.min(count, list.count()); i++) {
            if (state.space.isTranslated() && !list.isBounced()) {
                syncEntry(list, i, direction, true);
            } else {
                streaming.syncForCpu(Kind.SG, list.dmaAddress(i), list.length(i), direction);
            }
        }
        tellOfList(list, count, direction, Attributes.NONE, DmaObserver::listSyncedForCpu);
    }

    void syncForDevice(Scatterlist list, int count, Direction direction) {
        for (int i = 0; i < Math.min(count, list.count()); i++) {
            if (state.space.isTranslated() && !list.isBounced()) {
                syncEntry(list, i, direction, false);
            } else {
                streaming.syncForDevice(Kind.SG, list.dmaAddress(i), list.length(i), direction);
            }
        }
        tellOfList(list, count, direction, Attributes.NONE, DmaObserver::listSyncedForDevice);
    }

    /// An entry whose physical address the CPU's side of the list tells.
    private void syncEntry(Scatterlist list, int index, Direction direction, boolean isForCpu) {
        if (streaming.refuses(direction)) {
            return;
        }
        state.count(isForCpu ? Count.SYNCS_FOR_CPU : Count.SYNCS_FOR_DEVICE, 1);
        if (!state.platform.isCoherent()) {
            if (isForCpu) {
                state.maintenance.forCpu(list.address(index), list.length(index), direction);
            } else {
                state.maintenance.forDevice(list.address(index), list.length(index), direction);
            }
        }
        if (state.isHeard()) {
            Call call = call(list, index, list.count(), direction, Attributes.NONE);
            state.observers.forEach(observer -> {
                if (isForCpu) {
                    observer.syncedForCpu(call);
                } else {
                    observer.syncedForDevice(call);
                }
            });
        }
    }

    /// Where entry `index` of the CPU's side lies for the device, whatever was merged.
    private static long dmaAddress(Scatterlist list, int index) {
        int segment = 0;
        long offset = 0;
        for (int i = 0; i < index; i++) {
            offset += list.length(i);
            if (offset >= list.dmaLength(segment)) {
                segment++;
                offset = 0;
            }
        }
        return list.dmaAddress(segment) + offset;
    }

    private long reached(Scatterlist list, int index) {
        if (!state.space.isTranslated()) {
            return list.dmaAddress(index);
        }
        return list.isBounced() ? -1 : list.address(index);
    }

    private Call call(Scatterlist list, int index, int count, Direction direction, long attributes) {
        return state.call(
                Kind.SG,
                list.address(index),
                dmaAddress(list, index),
                reached(list, index),
                list.length(index),
                direction,
                attributes,
                index,
                count);
    }

    private void tell(
            Scatterlist list, int count, Direction direction, long attributes, BiConsumer<DmaObserver, Call> event) {
        if (state.isHeard()) {
            for (int i = 0; i < Math.min(count, list.count()); i++) {
                Call call = call(list, i, count, direction, attributes);
                state.observers.forEach(observer -> event.accept(observer, call));
            }
        }
    }

    private void tellOfList(
            Scatterlist list,
            int count,
            Direction direction,
            long attributes,
            BiConsumer<DmaObserver, ListCall> event) {
        if (state.isHeard()) {
            ListCall call = new ListCall(
                    state.device,
                    list,
                    count,
                    direction,
                    attributes,
                    state.cpu().nowPicos());
            state.observers.forEach(observer -> event.accept(observer, call));
        }
    }
}
