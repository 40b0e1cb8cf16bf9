package flyby.machine;

import static flyby.copy.layout.CopyEngineRegisters.CONTROL;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL_START;
import static flyby.copy.layout.CopyEngineRegisters.DST;
import static flyby.copy.layout.CopyEngineRegisters.LENGTH;
import static flyby.copy.layout.CopyEngineRegisters.SRC;
import static flyby.copy.layout.CopyEngineRegisters.STATUS;
import static flyby.copy.layout.CopyEngineRegisters.STATUS_BUSY;
import static flyby.copy.layout.CopyEngineRegisters.STATUS_END;
import static flyby.copy.layout.CopyEngineRegisters.STATUS_ERROR;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Cpu;
import flyby.choice.Choices;
import flyby.dma.Attributes;
import flyby.dma.CoherentBuffer;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.Scatterlist;
import flyby.kernel.KernelMemory;
import flyby.sim.Time;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A driver that does what it is told by chance and keeps the rules, and what must be in its buffers meanwhile.
final class DmaSequence {
    private static final int BYTES_MAX = 9_000;
    private static final int BUFFERS_MAX = 8;
    private static final Direction[] DIRECTIONS = {Direction.BIDIRECTIONAL, Direction.TO_DEVICE, Direction.FROM_DEVICE};

    /// A rule that is broken.
    enum Breach {
        NONE,
        /// Nothing is synced.
        NO_SYNC,
        /// Nothing is unmapped.
        NO_UNMAP
    }

    /// What the CPU finds is not what must be there.
    static final class WrongBytes extends AssertionError {
        private static final long serialVersionUID = 1;

        WrongBytes(String message) {
            super(message);
        }
    }

    /// A mapping of a part of a buffer, or coherent memory.
    ///
    /// @param positions which byte of the buffer each byte of the mapping is, in the order of the list
    /// @param segments what the device is given: address, first byte of the mapping, length
    @SuppressWarnings("ArrayRecordComponent") // Looked at, never compared.
    record Mapping(Direction direction, @Nullable Scatterlist list, int[] positions, List<long[]> segments) {
        long dmaAddress() {
            return segments.getFirst()[0];
        }
    }

    /// A part of a mapping that lies in one segment.
    private record Range(Buffer buffer, Mapping mapping, long dmaAddress, int start, int byteCount) {}

    /// Memory, and what must be in it.
    static final class Buffer {
        final long address;
        final byte[] bytes;
        final boolean[] isKnown;
        final boolean isSmall;
        final @Nullable CoherentBuffer coherent;

        @Nullable
        Mapping mapping;

        boolean isTheCpus = true;
        /// Whether the CPU has stored into the mapping since it has it.
        boolean isChanged;

        Buffer(long address, int byteCount, boolean isSmall, @Nullable CoherentBuffer coherent) {
            this.address = address;
            bytes = new byte[byteCount];
            isKnown = new boolean[byteCount];
            this.isSmall = isSmall;
            this.coherent = coherent;
        }
    }

    private final Choices choices;
    private final KernelMemory memory;
    private final Cpu cpu;
    private final Dma dma;
    private final long registers;
    private final boolean keepsOldBytes;
    private final Breach breach;
    private final SplittableRandom random = new SplittableRandom(5);
    private final List<Buffer> buffers = new ArrayList<>();

    DmaSequence(Choices choices, KernelSetup setup, PcieMachine.Plugged device, Dma dma, Breach breach) {
        this.choices = choices;
        memory = setup.kernel().memory();
        cpu = setup.kernel().cpu();
        this.dma = dma;
        registers = device.registers();
        // What a device leaves out of a buffer that it is to write stays what it was: also in bounce buffers.
        keepsOldBytes = dma.isCoherent();
        this.breach = breach;
    }

    List<Buffer> buffers() {
        return buffers;
    }

    /// One step; if what it would do is not possible, none.
    void step() {
        switch ((int) choices.below(12)) {
            case 0, 1 -> allocate();
            case 2, 3 -> map();
            case 4, 5, 6 -> copy();
            case 7 -> handOver();
            case 8 -> syncPart();
            case 9 -> store();
            case 10 -> unmapOne();
            default -> checkOne();
        }
    }

    /// Takes everything back and looks at all of it.
    void end() {
        for (Buffer buffer : List.copyOf(buffers)) {
            if (buffer.mapping != null && buffer.coherent == null) {
                unmap(buffer);
            }
            check(buffer, 0, buffer.bytes.length);
            free(buffer);
        }
    }

    private void allocate() {
        if (buffers.size() == BUFFERS_MAX) {
            Buffer oldest = buffers.getFirst();
            if (oldest.mapping != null && oldest.coherent == null) {
                unmap(oldest);
            }
            check(oldest, 0, oldest.bytes.length);
            free(oldest);
        }
        int byteCount = (int) choices.between(1, BYTES_MAX);
        Buffer buffer;
        switch ((int) choices.below(3)) {
            case 0 -> buffer = new Buffer(memory.kmalloc(byteCount, "test"), byteCount, true, null);
            case 1 -> {
                int order = KernelMemory.order(byteCount);
                buffer = new Buffer(
                        memory.allocatePages(order, KernelMemory.Zone.NORMAL, "test"),
                        KernelMemory.PAGE_BYTES << order,
                        false,
                        null);
            }
            default -> {
                CoherentBuffer made = requireNonNull(dma.allocCoherent(byteCount));
                buffer = new Buffer(made.cpuAddress(), byteCount, false, made);
                buffer.mapping =
                        new Mapping(Direction.BIDIRECTIONAL, null, positions(0, byteCount), List.<long[]>of(new long[] {
                            made.dmaAddress(), 0, byteCount
                        }));
            }
        }
        buffers.add(buffer);
        if (buffer.coherent == null) {
            store(buffer, 0, buffer.bytes.length);
        } else {
            // It comes cleared.
            Arrays.fill(buffer.isKnown, true);
        }
    }

    private void free(Buffer buffer) {
        CoherentBuffer coherent = buffer.coherent;
        if (coherent != null) {
            dma.freeCoherent(coherent.byteCount(), coherent.cpuAddress(), coherent.dmaAddress());
        } else if (buffer.isSmall) {
            memory.kfree(buffer.address);
        } else {
            memory.freePages(buffer.address, KernelMemory.order(buffer.bytes.length));
        }
        buffers.remove(buffer);
    }

    private static int[] positions(int start, int byteCount) {
        int[] positions = new int[byteCount];
        for (int i = 0; i < byteCount; i++) {
            positions[i] = start + i;
        }
        return positions;
    }

    /// A multiple of what no two owners may share, from `low` up to `high`.
    private int cut(int low, int high) {
        int unit = dma.cacheAlignment();
        int first = (low + unit - 1) / unit;
        return first * unit > high ? high : unit * (int) choices.between(first, high / unit);
    }

    private void map() {
        List<Buffer> candidates =
                buffers.stream().filter(each -> each.mapping == null).toList();
        if (candidates.isEmpty()) {
            return;
        }
        Buffer buffer = choices.pick(candidates);
        Direction direction = choices.pick(DIRECTIONS);
        buffer.mapping = choices.chance(1, 2) ? mapList(buffer, direction) : mapSingle(buffer, direction);
        buffer.isTheCpus = false;
        if (direction == Direction.FROM_DEVICE && !keepsOldBytes) {
            for (int position : buffer.mapping.positions) {
                buffer.isKnown[position] = false;
            }
        }
    }

    private Mapping mapSingle(Buffer buffer, Direction direction) {
        int start = cut(0, buffer.bytes.length - 1);
        start = start == buffer.bytes.length - 1 && start % dma.cacheAlignment() != 0 ? 0 : start;
        int end = choices.chance(1, 2) ? cut(start + 1, buffer.bytes.length) : buffer.bytes.length;
        int byteCount = end - start;
        long mapped = dma.mapSingle(buffer.address + start, byteCount, direction);
        assertThat(dma.mappingError(mapped)).isZero();
        return new Mapping(
                direction, null, positions(start, byteCount), List.<long[]>of(new long[] {mapped, 0, byteCount}));
    }

    /// Cuts the buffer into entries, and perhaps has the last first.
    private Mapping mapList(Buffer buffer, Direction direction) {
        List<int[]> pieces = new ArrayList<>();
        int at = 0;
        while (at < buffer.bytes.length) {
            int end = pieces.size() == 5 ? buffer.bytes.length : cut(at + 1, buffer.bytes.length);
            pieces.add(new int[] {at, end - at});
            at = end;
        }
        if (choices.chance(1, 2)) {
            pieces.addFirst(pieces.removeLast());
        }
        Scatterlist list = new Scatterlist(pieces.size());
        int[] positions = new int[buffer.bytes.length];
        int count = 0;
        for (int i = 0; i < pieces.size(); i++) {
            int[] piece = pieces.get(i);
            list.set(i, buffer.address + piece[0], piece[1]);
            for (int k = 0; k < piece[1]; k++) {
                positions[count] = piece[0] + k;
                count++;
            }
        }
        int mapped = dma.mapSg(list, list.count(), direction, Attributes.NONE);
        assertThat(mapped).isBetween(1, list.count());
        List<long[]> segments = new ArrayList<>();
        long start = 0;
        for (int i = 0; i < mapped; i++) {
            segments.add(new long[] {list.dmaAddress(i), start, list.dmaLength(i)});
            start += list.dmaLength(i);
        }
        assertThat(start).isEqualTo(buffer.bytes.length);
        return new Mapping(direction, list, positions, segments);
    }

    private List<Buffer> streaming() {
        return buffers.stream()
                .filter(each -> each.mapping != null && each.coherent == null)
                .toList();
    }

    private void unmapOne() {
        List<Buffer> mapped = streaming();
        if (!mapped.isEmpty()) {
            unmap(choices.pick(mapped));
        }
    }

    private void unmap(Buffer buffer) {
        Mapping mapping = requireNonNull(buffer.mapping);
        if (buffer.isTheCpus && buffer.isChanged) {
            // What is stored into a mapping and not given back is lost.
            handOver(buffer);
        }
        if (breach == Breach.NO_UNMAP) {
            // What is mapped stays so.
        } else if (mapping.list != null) {
            dma.unmapSg(mapping.list, mapping.list.count(), mapping.direction, Attributes.NONE);
        } else {
            dma.unmapSingle(mapping.dmaAddress(), mapping.positions.length, mapping.direction);
        }
        buffer.mapping = null;
        buffer.isTheCpus = true;
    }

    private void handOver() {
        List<Buffer> mapped = streaming();
        if (mapped.isEmpty()) {
            return;
        }
        handOver(choices.pick(mapped));
    }

    private void handOver(Buffer buffer) {
        Mapping mapping = requireNonNull(buffer.mapping);
        Scatterlist list = mapping.list;
        long address = mapping.dmaAddress();
        int byteCount = mapping.positions.length;
        if (breach == Breach.NO_SYNC) {
            // Who has it changes all the same.
        } else if (buffer.isTheCpus && list != null) {
            dma.syncSgForDevice(list, list.count(), mapping.direction);
        } else if (buffer.isTheCpus) {
            dma.syncSingleForDevice(address, byteCount, mapping.direction);
        } else if (list != null) {
            dma.syncSgForCpu(list, list.count(), mapping.direction);
        } else {
            dma.syncSingleForCpu(address, byteCount, mapping.direction);
        }
        buffer.isTheCpus ^= true;
        buffer.isChanged = false;
    }

    /// The CPU looks at a part of a mapping, perhaps changes it, and gives it back.
    private void syncPart() {
        List<Buffer> mapped = streaming().stream()
                .filter(each -> !each.isTheCpus && requireNonNull(each.mapping).list == null)
                .toList();
        if (mapped.isEmpty()) {
            return;
        }
        Buffer buffer = choices.pick(mapped);
        Mapping mapping = requireNonNull(buffer.mapping);
        int length = mapping.positions.length;
        int start = cut(0, length - 1);
        start = start % dma.cacheAlignment() != 0 ? 0 : start;
        int byteCount = cut(start + 1, length) - start;
        if (breach != Breach.NO_SYNC) {
            dma.syncSingleRangeForCpu(mapping.dmaAddress(), start, byteCount, mapping.direction);
        }
        check(buffer, mapping.positions[start], byteCount);
        if (mapping.direction.isRead() && choices.chance(1, 2)) {
            store(buffer, mapping.positions[start], byteCount);
        }
        if (breach != Breach.NO_SYNC) {
            dma.syncSingleRangeForDevice(mapping.dmaAddress(), start, byteCount, mapping.direction);
        }
    }

    private List<Buffer> theCpus() {
        return buffers.stream().filter(each -> each.isTheCpus).toList();
    }

    private void store() {
        List<Buffer> open = theCpus().stream()
                .filter(each -> each.mapping == null || each.mapping.direction.isRead())
                .toList();
        if (open.isEmpty()) {
            return;
        }
        Buffer buffer = choices.pick(open);
        int start = (int) choices.below(buffer.bytes.length);
        store(buffer, start, (int) choices.between(1, buffer.bytes.length - start));
    }

    private void store(Buffer buffer, int start, int byteCount) {
        byte[] fresh = new byte[byteCount];
        random.nextBytes(fresh);
        cpu.storeBytes(buffer.address + start, fresh, 0, byteCount);
        buffer.isChanged = true;
        System.arraycopy(fresh, 0, buffer.bytes, start, byteCount);
        Arrays.fill(buffer.isKnown, start, start + byteCount, true);
    }

    private void checkOne() {
        List<Buffer> open = theCpus();
        if (open.isEmpty()) {
            return;
        }
        Buffer buffer = choices.pick(open);
        int start = (int) choices.below(buffer.bytes.length);
        check(buffer, start, (int) choices.between(1, buffer.bytes.length - start));
    }

    private void check(Buffer buffer, int start, int byteCount) {
        byte[] found = new byte[byteCount];
        cpu.loadBytes(buffer.address + start, found, 0, byteCount);
        for (int i = 0; i < byteCount; i++) {
            if (buffer.isKnown[start + i] && found[i] != buffer.bytes[start + i]) {
                throw new WrongBytes("byte %d of %d at 0x%x is %x, not %x"
                        .formatted(start + i, buffer.bytes.length, buffer.address, found[i], buffer.bytes[start + i]));
            }
        }
    }

    private List<Buffer> theDevices(boolean isRead) {
        return buffers.stream()
                .filter(each -> each.mapping != null
                        && (each.coherent != null || !each.isTheCpus)
                        && (isRead ? each.mapping.direction.isRead() : each.mapping.direction.isWritten()))
                .toList();
    }

    private Range range(Buffer buffer, int byteCountMax) {
        Mapping mapping = requireNonNull(buffer.mapping);
        long[] segment = choices.pick(mapping.segments);
        int byteCount = (int) choices.between(1, Math.min(segment[2], byteCountMax));
        long offset = choices.between(0, segment[2] - byteCount);
        return new Range(buffer, mapping, segment[0] + offset, (int) (segment[1] + offset), byteCount);
    }

    /// The device copies from what it may read to what it may write.
    private void copy() {
        List<Buffer> sources = theDevices(true);
        if (sources.isEmpty()) {
            return;
        }
        Buffer source = choices.pick(sources);
        List<Buffer> targets =
                theDevices(false).stream().filter(each -> each != source).toList();
        if (targets.isEmpty()) {
            return;
        }
        Range to = range(choices.pick(targets), Integer.MAX_VALUE);
        Range from = range(source, to.byteCount);
        assertThat(copies(from.dmaAddress, to.dmaAddress, from.byteCount)).isTrue();
        for (int i = 0; i < from.byteCount; i++) {
            int origin = from.mapping.positions[from.start + i];
            int target = to.mapping.positions[to.start + i];
            to.buffer.bytes[target] = from.buffer.bytes[origin];
            to.buffer.isKnown[target] = from.buffer.isKnown[origin];
        }
    }

    /// Has the device copy.
    ///
    /// @return whether nothing was in its way
    boolean copies(long from, long to, long byteCount) {
        cpu.mmioWrite64(registers + SRC, from);
        cpu.mmioWrite64(registers + DST, to);
        cpu.mmioWrite64(registers + LENGTH, byteCount);
        cpu.mmioWrite32(registers + CONTROL, CONTROL_START.mask());
        long status = cpu.mmioRead32(registers + STATUS);
        while (STATUS_BUSY.isSet(status)) {
            cpu.delay(Time.MICROSECOND);
            status = cpu.mmioRead32(registers + STATUS);
        }
        cpu.mmioWrite32(registers + STATUS, STATUS_END.mask() | STATUS_ERROR.mask());
        return !STATUS_ERROR.isSet(status);
    }
}
