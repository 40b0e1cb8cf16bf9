package flyby.experiment;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.Scatterlist;
import flyby.driver.RingDriver;
import flyby.kernel.KernelMemory;
import flyby.machine.KernelSetup;
import flyby.machine.PcieMachine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Has a device fill messages whose pieces lie scattered in memory, one message at a time, in the way of a run of
/// [SgBounce].
final class ScatteredLoad {
    private static final int PAGE_BYTES = KernelMemory.PAGE_BYTES;
    private static final int ENTRIES = 512;
    private static final int PIECES_MAX = 256;
    private static final int PIECE_BYTES_MAX = 1 << 16;
    private static final int PIECE_ORDER = 4;
    /// The contiguous buffer of the run that copies holds the largest message, in parts that the allocator gives.
    private static final int PART_ORDER = 10;

    private static final int PART_BYTES = PAGE_BYTES << PART_ORDER;

    /// What a measurement came to, for each message.
    ///
    /// @param copiedBytes that the CPU has copied
    /// @param segments that the device was given
    record Measured(
            int count,
            int byteCount,
            double picos,
            double cpuPicos,
            double mapPicos,
            double copiedBytes,
            double segments) {}

    private final Cpu cpu;
    private final Dma dma;
    private final RingDriver driver;
    private final boolean isCopied;
    private final boolean isBounced;
    private final long[] places = new long[PIECES_MAX];
    private final List<Long> parts = new ArrayList<>();
    private final Digest seen = new Digest();
    private final Digest expected = new Digest();
    private final byte[] word = new byte[Long.BYTES];
    private final byte[] block = new byte[PIECE_BYTES_MAX];
    private final long beganPicos;
    private long mapPicos;
    private long sleptPicos;
    private long copyPicos;
    private long copiedBytes;
    private long movedBytes;
    private long segments;
    private long posted;

    ScatteredLoad(PcieMachine machine, Cpu cpu, PcieMachine.Plugged device, String run) {
        this.cpu = cpu;
        isCopied = run.equals(SgBounce.COPY);
        isBounced = run.equals(SgBounce.SWIOTLB);
        KernelSetup setup = new KernelSetup(machine, cpu);
        dma = setup.dma(device);
        Check.that(dma.setMaskAndCoherent(Dma.bitMask(32)) == 0, "the mask is refused");
        driver = new RingDriver(setup.kernel(), dma, device.registers(), device.vector(), ENTRIES);
        KernelMemory memory = setup.kernel().memory();
        int count = 0;
        while (count < PIECES_MAX) {
            // Every other place, so that no two pieces are neighbours.
            long place = allocate(memory, PIECE_ORDER);
            allocate(memory, PIECE_ORDER);
            places[count++] = place;
        }
        if (isCopied) {
            for (int part = 0; part < PIECES_MAX * PIECE_BYTES_MAX / PART_BYTES; part++) {
                parts.add(allocate(memory, PART_ORDER));
            }
        }
        beganPicos = cpu.nowPicos();
    }

    private static long allocate(KernelMemory memory, int order) {
        long place = memory.allocatePages(order, KernelMemory.Zone.NORMAL, "pieces");
        Check.that(place != KernelMemory.NONE, "no memory for pieces");
        return place;
    }

    /// Of the words that were found at the start of pieces.
    String seenSha256() {
        return seen.text();
    }

    /// Of the words that should have been there.
    String expectedSha256() {
        return expected.text();
    }

    long movedBytes() {
        return movedBytes;
    }

    /// What the core has spent its time on.
    Map<String, Long> phasesPicos() {
        Map<String, Long> phases = new LinkedHashMap<>();
        phases.put("map and unmap", mapPicos);
        phases.put("copy", copyPicos);
        phases.put("waiting", sleptPicos);
        phases.put("driver", cpu.nowPicos() - beganPicos - mapPicos - copyPicos - sleptPicos);
        return phases;
    }

    /// Has `messages` messages of `count` pieces of `byteCount` bytes arrive.
    Measured measure(int count, int byteCount, int messages) {
        // The first ones find cold caches.
        int warmUp = Math.min(messages, 4);
        for (int i = 0; i < warmUp; i++) {
            message(count, byteCount);
        }
        long picos = cpu.nowPicos();
        long slept = sleptPicos;
        long mapped = mapPicos;
        long copied = copiedBytes;
        long given = segments;
        for (int i = 0; i < messages; i++) {
            message(count, byteCount);
        }
        double elapsed = cpu.nowPicos() - picos;
        return new Measured(
                count,
                byteCount,
                elapsed / messages,
                (elapsed - (sleptPicos - slept)) / messages,
                (double) (mapPicos - mapped) / messages,
                (double) (copiedBytes - copied) / messages,
                (double) (segments - given) / messages);
    }

    private void message(int count, int byteCount) {
        if (isCopied) {
            throughOneBuffer(count, byteCount);
        } else {
            byList(count, byteCount);
        }
        movedBytes += (long) count * byteCount;
    }

    private void byList(int count, int byteCount) {
        Scatterlist list = new Scatterlist(count);
        for (int i = 0; i < count; i++) {
            list.set(i, places[i], byteCount);
        }
        int mapped = map(list, count);
        long first = posted;
        for (int i = 0; i < mapped; i++) {
            post(list.dmaAddress(i), Math.toIntExact(list.dmaLength(i)));
        }
        receive();
        unmap(list, count);
        int segment = 0;
        long end = list.dmaLength(0);
        for (int i = 0; i < count; i++) {
            if ((long) i * byteCount >= end) {
                segment++;
                end += list.dmaLength(segment);
            }
            check(places[i], first + segment);
        }
    }

    /// The pieces' bytes arrive one behind the other, in as many mappings as the largest buffers need.
    private void throughOneBuffer(int count, int byteCount) {
        int total = count * byteCount;
        int used = Math.ceilDiv(total, PART_BYTES);
        Scatterlist list = new Scatterlist(used);
        for (int i = 0; i < used; i++) {
            list.set(i, parts.get(i), Math.min(PART_BYTES, total - i * PART_BYTES));
        }
        int mapped = map(list, used);
        long first = posted;
        for (int i = 0; i < mapped; i++) {
            post(list.dmaAddress(i), Math.toIntExact(list.dmaLength(i)));
        }
        receive();
        unmap(list, used);
        long before = cpu.nowPicos();
        for (int i = 0; i < count; i++) {
            long at = (long) i * byteCount;
            cpu.loadBytes(parts.get((int) (at / PART_BYTES)) + at % PART_BYTES, block, 0, byteCount);
            cpu.storeBytes(places[i], block, 0, byteCount);
        }
        copyPicos += cpu.nowPicos() - before;
        copiedBytes += total;
        for (int i = 0; i < count; i++) {
            check(places[i], first + (long) i * byteCount / PART_BYTES);
        }
    }

    private int map(Scatterlist list, int count) {
        long before = cpu.nowPicos();
        int mapped = dma.mapSg(list, count, Direction.FROM_DEVICE, 0);
        mapPicos += cpu.nowPicos() - before;
        Check.that(mapped > 0, "%d pieces cannot be mapped", count);
        segments += mapped;
        for (int i = 0; isBounced && i < mapped; i++) {
            // To the bounce buffer and back: Linux fills it first, so that nothing leaks that the device leaves out.
            copiedBytes += list.dmaAddress(i) == list.address(i) ? 0 : 2 * list.dmaLength(i);
        }
        return mapped;
    }

    private void unmap(Scatterlist list, int count) {
        long before = cpu.nowPicos();
        dma.unmapSg(list, count, Direction.FROM_DEVICE, 0);
        mapPicos += cpu.nowPicos() - before;
    }

    private void post(long dmaAddress, int byteCount) {
        driver.post(dmaAddress, byteCount, true);
        posted++;
    }

    /// Has the device go on, and waits for all that was posted.
    private void receive() {
        driver.kick();
        while (driver.outstanding() > 0) {
            if (!driver.reap()) {
                long before = cpu.nowPicos();
                driver.sleep();
                sleptPicos += cpu.nowPicos() - before;
            }
        }
    }

    private void check(long address, long right) {
        LittleEndian.put(cpu.load64(address), word, 0, word.length);
        seen.add(word, 0, word.length);
        LittleEndian.put(right, word, 0, word.length);
        expected.add(word, 0, word.length);
    }
}
