package flyby.dmaengine;

import static flyby.sgdma.layout.SgDescriptor.ADJACENT;
import static flyby.sgdma.layout.SgDescriptor.CONTROL;
import static flyby.sgdma.layout.SgDescriptor.DESTINATION;
import static flyby.sgdma.layout.SgDescriptor.DESTINATION_GAP;
import static flyby.sgdma.layout.SgDescriptor.FRAMES;
import static flyby.sgdma.layout.SgDescriptor.LENGTH;
import static flyby.sgdma.layout.SgDescriptor.NEXT;
import static flyby.sgdma.layout.SgDescriptor.SOURCE;
import static flyby.sgdma.layout.SgDescriptor.SOURCE_GAP;

import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.kernel.Kernel;
import flyby.sgdma.layout.SgDescriptor;
import flyby.sgdma.layout.SgRecord;
import org.jspecify.annotations.Nullable;

/// The memory that a channel shares with the engine: its record, and places for descriptors, which are given out in
/// turn, so that those of a transaction mostly stand together.
final class DescriptorMemory {
    private final Cpu cpu;
    private final Dma dma;
    private final CoherentBuffer buffer;
    private final int[] free;
    private int freeBegin;
    private int freeCount;
    private final byte[] image = new byte[SgDescriptor.BYTES];

    private DescriptorMemory(Cpu cpu, Dma dma, CoherentBuffer buffer, int count) {
        this.cpu = cpu;
        this.dma = dma;
        this.buffer = buffer;
        free = new int[count];
        for (int i = 0; i < count; i++) {
            // Place 0 has the record.
            free[i] = i + 1;
        }
        freeCount = count;
    }

    /// Room for `count` descriptors, or null.
    static @Nullable DescriptorMemory allocate(Kernel kernel, Dma dma, int count) {
        CoherentBuffer buffer = dma.allocCoherent((count + 1L) * SgDescriptor.BYTES);
        return buffer == null ? null : new DescriptorMemory(kernel.cpu(), dma, buffer, count);
    }

    void release() {
        dma.freeCoherent(buffer.byteCount(), buffer.cpuAddress(), buffer.dmaAddress());
    }

    /// Where the engine finds the record.
    long record() {
        return buffer.dmaAddress();
    }

    /// What the record says.
    long progress() {
        return cpu.le64(cpu.load64(buffer.cpuAddress() + SgRecord.PROGRESS));
    }

    /// The record says nothing.
    void clearProgress() {
        cpu.store64(buffer.cpuAddress() + SgRecord.PROGRESS, 0);
    }

    /// Where the engine finds place `slot`.
    long address(int slot) {
        return buffer.dmaAddress() + (long) slot * SgDescriptor.BYTES;
    }

    /// Takes `count` places, or none: null.
    int @Nullable [] take(int count) {
        if (count > freeCount) {
            return null;
        }
        int[] slots = new int[count];
        for (int i = 0; i < count; i++) {
            slots[i] = free[freeBegin];
            freeBegin = (freeBegin + 1) % free.length;
        }
        freeCount -= count;
        return slots;
    }

    void give(int slot) {
        free[(freeBegin + freeCount) % free.length] = slot;
        freeCount++;
    }

    int freeCount() {
        return freeCount;
    }

    /// Stores descriptor `index` of those in `slots`; the last one has `end` for its next.
    void store(int[] slots, int index, Piece piece, long flags, long end) {
        LittleEndian.put(SgDescriptor.control(piece.type(), flags), image, CONTROL, 4);
        LittleEndian.put(piece.length(), image, LENGTH, 4);
        LittleEndian.put(piece.source(), image, SOURCE, 8);
        LittleEndian.put(piece.destination(), image, DESTINATION, 8);
        LittleEndian.put(index + 1 < slots.length ? address(slots[index + 1]) : end, image, NEXT, 8);
        LittleEndian.put(piece.frames(), image, FRAMES, 4);
        LittleEndian.put(adjacent(slots, index + 1), image, ADJACENT, 4);
        LittleEndian.put(piece.sourceGap(), image, SOURCE_GAP, 4);
        LittleEndian.put(piece.destinationGap(), image, DESTINATION_GAP, 4);
        cpu.storeBytes(buffer.cpuAddress() + (long) slots[index] * SgDescriptor.BYTES, image, 0, SgDescriptor.BYTES);
    }

    /// How many behind the one at `index` stand one behind the other; no more than an engine fetches at once.
    private static int adjacent(int[] slots, int index) {
        int count = 0;
        while (count < 15 && index + count + 1 < slots.length && slots[index + count + 1] == slots[index + count] + 1) {
            count++;
        }
        return count;
    }

    /// The chain goes on at `next` behind `slot`.
    void link(int slot, int next) {
        cpu.store64(buffer.cpuAddress() + (long) slot * SgDescriptor.BYTES + NEXT, cpu.le64(address(next)));
    }

    /// What one descriptor does.
    record Piece(
            int type, long source, long destination, long length, long frames, long sourceGap, long destinationGap) {
        static Piece copy(long source, long destination, long length) {
            return new Piece(SgDescriptor.TYPE_COPY, source, destination, length, 0, 0, 0);
        }

        static Piece fill(long pattern, long destination, long length) {
            return new Piece(SgDescriptor.TYPE_FILL, pattern, destination, length, 0, 0, 0);
        }

        long byteCount() {
            return type == SgDescriptor.TYPE_INTERLEAVED ? length * frames : length;
        }
    }
}
