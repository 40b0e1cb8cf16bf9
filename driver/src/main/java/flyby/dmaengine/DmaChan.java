package flyby.dmaengine;

import flyby.dma.Scatterlist;
import flyby.dmaengine.DescriptorMemory.Piece;
import flyby.sgdma.layout.SgDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A channel of a DMA engine, as a client uses it. `struct dma_chan`.
///
/// ```java
/// DmaDescriptor descriptor = channel.prepMemcpy(to, from, byteCount, PrepFlags.INTERRUPT);
/// int cookie = descriptor.callback(result -> done.complete()).submit();
/// channel.issuePending();
/// ```
/// Addresses are the engine's: clients map their buffers with [#dma]'s API, as `dma_chan->device->dev` (rule R3).
/// Each `prep` returns null if there is no room for its descriptors, which is no error: try again when others are
/// done.
public final class DmaChan {
    private final ChannelQueue queue;
    private final DescriptorMemory memory;
    private final long lengthMax;

    DmaChan(ChannelQueue queue, DescriptorMemory memory, long lengthMax) {
        this.queue = queue;
        this.memory = memory;
        this.lengthMax = lengthMax;
    }

    /// `dmaengine_prep_dma_memcpy`.
    public @Nullable DmaDescriptor prepMemcpy(long destination, long source, long byteCount, long flags) {
        List<Piece> pieces = new ArrayList<>();
        copy(pieces, source, destination, byteCount);
        return prepare(pieces, flags);
    }

    /// Every byte becomes the lowest byte of `value`. `dmaengine_prep_dma_memset`.
    public @Nullable DmaDescriptor prepMemset(long destination, int value, long byteCount, long flags) {
        List<Piece> pieces = new ArrayList<>();
        long pattern = (value & 0xffL) * 0x0101_0101_0101_0101L;
        long done = 0;
        do {
            long length = Math.min(lengthMax, byteCount - done);
            pieces.add(Piece.fill(pattern, destination + done, length));
            done += length;
        } while (done < byteCount);
        return prepare(pieces, flags);
    }

    /// Copies the bytes of one list, as if they were one piece, to those of the other; as many as the shorter one
    /// has.
    /// `dma_prep_dma_sg` of Linux before 4.14; today's `device_prep_slave_sg` has such a list at one side.
    ///
    /// @param toCount how many entries of `to` the map returned, likewise `fromCount`
    public @Nullable DmaDescriptor prepSg(Scatterlist to, int toCount, Scatterlist from, int fromCount, long flags) {
        List<Piece> pieces = new ArrayList<>();
        int toIndex = 0;
        int fromIndex = 0;
        long toDone = 0;
        long fromDone = 0;
        while (toIndex < toCount && fromIndex < fromCount) {
            long length = Math.min(to.dmaLength(toIndex) - toDone, from.dmaLength(fromIndex) - fromDone);
            if (length > 0) {
                copy(pieces, from.dmaAddress(fromIndex) + fromDone, to.dmaAddress(toIndex) + toDone, length);
            }
            toDone += length;
            fromDone += length;
            if (toDone == to.dmaLength(toIndex)) {
                toIndex++;
                toDone = 0;
            }
            if (fromDone == from.dmaLength(fromIndex)) {
                fromIndex++;
                fromDone = 0;
            }
        }
        if (pieces.isEmpty()) {
            copy(pieces, 0, 0, 0);
        }
        return prepare(pieces, flags);
    }

    /// Gathers a list into one place. The shape of `dmaengine_prep_slave_sg` with memory for the device.
    public @Nullable DmaDescriptor prepGather(long destination, Scatterlist from, int fromCount, long flags) {
        List<Piece> pieces = new ArrayList<>();
        long at = destination;
        for (int i = 0; i < fromCount; i++) {
            copy(pieces, from.dmaAddress(i), at, from.dmaLength(i));
            at += from.dmaLength(i);
        }
        if (pieces.isEmpty()) {
            copy(pieces, 0, 0, 0);
        }
        return prepare(pieces, flags);
    }

    /// `dmaengine_prep_interleaved_dma`. Chunk by chunk, each in all frames: source and destination must not overlap.
    public @Nullable DmaDescriptor prepInterleaved(InterleavedTemplate template, long flags) {
        long sourceStep = 0;
        long destinationStep = 0;
        for (InterleavedTemplate.Chunk chunk : template.chunks()) {
            sourceStep += (long) chunk.byteCount() + chunk.sourceGap();
            destinationStep += (long) chunk.byteCount() + chunk.destinationGap();
        }
        List<Piece> pieces = new ArrayList<>();
        long source = template.source();
        long destination = template.destination();
        for (InterleavedTemplate.Chunk chunk : template.chunks()) {
            pieces.add(new Piece(
                    SgDescriptor.TYPE_INTERLEAVED,
                    source,
                    destination,
                    chunk.byteCount(),
                    template.frameCount(),
                    sourceStep - chunk.byteCount(),
                    destinationStep - chunk.byteCount()));
            source += (long) chunk.byteCount() + chunk.sourceGap();
            destination += (long) chunk.byteCount() + chunk.destinationGap();
        }
        if (pieces.isEmpty() || pieces.stream().anyMatch(piece -> piece.byteCount() > lengthMax)) {
            return null;
        }
        return prepare(pieces, flags);
    }

    /// Copies `byteCount` bytes, period by period, again and again until it is terminated; the callback is called
    /// after each period. `dmaengine_prep_dma_cyclic`. Nothing else can be under way on the channel.
    ///
    /// @return null also if `byteCount` is no multiple of `periodBytes`
    public @Nullable DmaDescriptor prepCyclic(
            long destination, long source, long byteCount, long periodBytes, long flags) {
        if (periodBytes <= 0 || byteCount <= 0 || byteCount % periodBytes != 0 || periodBytes > lengthMax) {
            return null;
        }
        List<Piece> pieces = new ArrayList<>();
        for (long done = 0; done < byteCount; done += periodBytes) {
            pieces.add(Piece.copy(source + done, destination + done, periodBytes));
        }
        return store(pieces, flags, true);
    }

    private void copy(List<Piece> pieces, long source, long destination, long byteCount) {
        long done = 0;
        do {
            long length = Math.min(lengthMax, byteCount - done);
            pieces.add(Piece.copy(source + done, destination + done, length));
            done += length;
        } while (done < byteCount);
    }

    private @Nullable DmaDescriptor prepare(List<Piece> pieces, long flags) {
        return store(pieces, flags, false);
    }

    /// The engine's descriptors stand in memory from now on, and nothing leads to them yet.
    private @Nullable DmaDescriptor store(List<Piece> pieces, long flags, boolean isCyclic) {
        int[] slots = queue.take(pieces.size());
        if (slots == null) {
            return null;
        }
        long[] bytes = new long[slots.length];
        long each = (flags & PrepFlags.ORDERED) != 0 ? SgDescriptor.ORDERED.mask() : 0;
        for (int i = 0; i < slots.length; i++) {
            Piece piece = pieces.get(i);
            bytes[i] = piece.byteCount();
            boolean isEnd = isCyclic || i == slots.length - 1;
            long own = each;
            if (isEnd) {
                own |= SgDescriptor.RECORD.mask();
                own |= (flags & PrepFlags.INTERRUPT) != 0 ? SgDescriptor.INTERRUPT.mask() : 0;
                own |= (flags & PrepFlags.FENCE) != 0 ? SgDescriptor.FENCE.mask() : 0;
            }
            memory.store(slots, i, piece, own, isCyclic ? memory.address(slots[0]) : 0);
        }
        return new DmaDescriptor(this, slots, bytes, isCyclic);
    }

    /// Has the engine begin what was submitted. `dma_async_issue_pending`.
    public void issuePending() {
        queue.issuePending();
    }

    /// How the transaction with this cookie goes. `dmaengine_tx_status`.
    public TxState txStatus(int cookie) {
        return queue.txStatus(cookie);
    }

    /// The engine begins nothing more on this channel, and all that it has begun is written when this returns.
    /// `dmaengine_pause`.
    ///
    /// @return 0, or -ETIMEDOUT
    public int pause() {
        return queue.pause();
    }

    /// `dmaengine_resume`.
    public int resume() {
        return queue.resume();
    }

    /// Nothing that was submitted goes on, no callback of it is called any more, and no byte is written when this
    /// returns. `dmaengine_terminate_sync`.
    ///
    /// @return 0, or -ETIMEDOUT
    public int terminateAll() {
        terminateAsync();
        return synchronize();
    }

    /// As [#terminateAll], but the engine may be writing still: buffers stay mapped until [#synchronize]. Also from a
    /// callback. `dmaengine_terminate_async`.
    public void terminateAsync() {
        queue.terminateAsync();
    }

    /// Returns when what was terminated is over. `dmaengine_synchronize`.
    ///
    /// @return 0, or -ETIMEDOUT
    public int synchronize() {
        return queue.synchronize();
    }

    /// Whose units go first: 3 before 2, and so on; 0 unless it is set.
    public void setPriority(int priority) {
        queue.setPriority(priority);
    }

    /// How many of the engine's descriptors can still be prepared.
    public int freeDescriptors() {
        return memory.freeCount();
    }

    /// How often its registers were told that there is more.
    public long doorbellCount() {
        return queue.doorbellCount();
    }

    /// How often it was interrupted.
    public long interruptCount() {
        return queue.interruptCount();
    }

    /// How many descriptors the engine has fetched for it. Reads a register.
    public long fetchedCount() {
        return queue.fetchedCount();
    }

    int submit(DmaDescriptor descriptor) {
        return queue.submit(descriptor);
    }
}
