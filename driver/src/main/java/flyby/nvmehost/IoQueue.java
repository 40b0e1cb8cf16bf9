package flyby.nvmehost;

import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.dma.Dma;
import flyby.dma.Scatterlist;
import flyby.kernel.Errno;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.nvme.layout.NvmeStatus;
import flyby.nvme.layout.QueueEntries;
import flyby.nvme.layout.SglDescriptor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A pair of I/O queues and the requests that are under way in it. `nvme_queue_rq`.
final class IoQueue implements QueuePair.Listener {
    private static final int PAGE_BYTES = 4_096;
    private static final int ENTRY_BYTES = 8;
    /// What is one page's list at most.
    private static final int PRPS_MAX = PAGE_BYTES / ENTRY_BYTES;

    private static final int DESCRIPTORS_MAX = PAGE_BYTES / SglDescriptor.BYTES;

    private final Cpu cpu;
    private final Dma dma;
    private @Nullable QueuePair pair;
    private final @Nullable NvmeRequest[] requests;
    private final byte[] list = new byte[PAGE_BYTES];
    /// Whether the controller takes SGLs.
    private final boolean takesSgls;

    private IoQueue(Kernel kernel, Dma dma, int entries, boolean takesSgls) {
        cpu = kernel.cpu();
        this.dma = dma;
        requests = new NvmeRequest[entries - 1];
        this.takesSgls = takesSgls;
    }

    static @Nullable IoQueue allocate(
            Kernel kernel, Dma dma, IoMemory registers, int id, int entries, boolean takesSgls) {
        IoQueue queue = new IoQueue(kernel, dma, entries, takesSgls);
        queue.pair = QueuePair.allocate(kernel, dma, registers, id, entries, queue);
        return queue.pair == null ? null : queue;
    }

    QueuePair pair() {
        return Objects.requireNonNull(pair);
    }

    /// Puts `request` into the ring.
    ///
    /// @return 0; -EBUSY if it has no room; an error of the DMA API; -EINVAL if its data cannot be described
    int queue(NvmeRequest request, int nsid) {
        int tag = pair().take();
        if (tag < 0) {
            return -Errno.EBUSY;
        }
        int error = request.map(dma);
        if (error != 0) {
            giveBack(tag);
            return error;
        }
        long dptr1 = 0;
        long dptr2 = 0;
        long flags = 0;
        Scatterlist data = request.data;
        if (data != null) {
            if (isInPages(data)) {
                dptr1 = data.dmaAddress(0);
                dptr2 = prps(tag, data);
            } else if (takesSgls && data.mappedCount() <= DESCRIPTORS_MAX) {
                flags = QueueEntries.PSDT.to(1);
                dptr1 = sgl(tag, data);
                dptr2 = sglDescriptor(data);
            } else {
                request.end(dma, NvmeStatus.INVALID_FIELD);
                giveBack(tag);
                return -Errno.EINVAL;
            }
        }
        requests[tag] = request;
        pair().put(
                        tag,
                        request.opcode,
                        flags,
                        nsid,
                        dptr1,
                        dptr2,
                        (int) request.block,
                        (int) (request.block >>> 32),
                        request.control);
        return 0;
    }

    private void giveBack(int tag) {
        boolean flags = cpu.saveInterrupts();
        pair().give(tag);
        cpu.restoreInterrupts(flags);
    }

    /// Whether PRPs can describe it: all but the first begin with a page, and all but the last end with one. The
    /// first begins with a dword. Section 4.3.
    private static boolean isInPages(Scatterlist data) {
        int last = data.mappedCount() - 1;
        long pages = 0;
        for (int i = 0; i <= last; i++) {
            long begin = data.dmaAddress(i);
            long end = begin + data.dmaLength(i);
            boolean isBegin = i == 0 ? (begin & 3) == 0 : begin % PAGE_BYTES == 0;
            boolean isEnd = i == last || end % PAGE_BYTES == 0;
            if (!isBegin || !isEnd) {
                return false;
            }
            pages += Math.ceilDiv(end, PAGE_BYTES) - begin / PAGE_BYTES;
        }
        return pages <= PRPS_MAX + 1;
    }

    /// Builds the list of all pages but the first, if there is more than one of them.
    ///
    /// @return PRP Entry 2. `nvme_pci_setup_prps`
    private long prps(int tag, Scatterlist data) {
        int count = 0;
        for (int i = 0; i < data.mappedCount(); i++) {
            long begin = data.dmaAddress(i);
            long end = begin + data.dmaLength(i);
            long page = i == 0 ? begin / PAGE_BYTES * PAGE_BYTES + PAGE_BYTES : begin;
            for (; page < end; page += PAGE_BYTES) {
                LittleEndian.put(page, list, count * ENTRY_BYTES, ENTRY_BYTES);
                count++;
            }
        }
        if (count <= 1) {
            return count == 0 ? 0 : LittleEndian.get(list, 0, ENTRY_BYTES);
        }
        cpu.storeBytes(pair().list(tag), list, 0, count * ENTRY_BYTES);
        return pair().listDma(tag);
    }

    /// Builds the segment of an SGL, if there is more than one piece.
    ///
    /// @return the address in the command's descriptor. `nvme_pci_setup_sgls`
    private long sgl(int tag, Scatterlist data) {
        int count = data.mappedCount();
        if (count == 1) {
            return data.dmaAddress(0);
        }
        for (int i = 0; i < count; i++) {
            LittleEndian.put(data.dmaAddress(i), list, i * SglDescriptor.BYTES, 8);
            LittleEndian.put(
                    SglDescriptor.LENGTH.to(data.dmaLength(i)) | SglDescriptor.TYPE.to(SglDescriptor.TYPE_DATA_BLOCK),
                    list,
                    i * SglDescriptor.BYTES + SglDescriptor.LENGTH_AND_TYPE,
                    8);
        }
        cpu.storeBytes(pair().list(tag), list, 0, count * SglDescriptor.BYTES);
        return pair().listDma(tag);
    }

    private static long sglDescriptor(Scatterlist data) {
        int count = data.mappedCount();
        return count == 1
                ? SglDescriptor.LENGTH.to(data.dmaLength(0)) | SglDescriptor.TYPE.to(SglDescriptor.TYPE_DATA_BLOCK)
                : SglDescriptor.LENGTH.to((long) count * SglDescriptor.BYTES)
                        | SglDescriptor.TYPE.to(SglDescriptor.TYPE_LAST_SEGMENT);
    }

    @Override
    public void ended(int tag, int status, long result) {
        NvmeRequest request = requests[tag];
        if (request == null) {
            return;
        }
        requests[tag] = null;
        pair().give(tag);
        request.end(dma, status);
    }

    /// The controller is gone: what is under way has failed.
    void fail(int status) {
        for (int tag = 0; tag < requests.length; tag++) {
            ended(tag, status, 0);
        }
    }
}
