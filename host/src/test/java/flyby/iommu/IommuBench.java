package flyby.iommu;

import flyby.bus.AddressType;
import flyby.iommu.layout.InvalidationDescriptors;
import flyby.iommu.layout.RemappingRegisters;
import flyby.memory.FlatMemory;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/// A remapping unit, memory, and hands to write tables with.
final class IommuBench {
    static final long MEMORY_BYTES = 1L << 30;
    static final long READ_PICOS = 100_000;
    static final long ROOT = 0x1000;
    static final long QUEUE = 0x4000;
    static final long STATUS = 0x5000;

    /// What came of a request.
    record Answer(boolean allowed, long address, boolean readable, boolean writable, int pageShift) {}

    final Simulation simulation;
    final PhysicalMemory memory = new PhysicalMemory();
    final List<Integer> messages = new ArrayList<>();
    final int addressBits;
    final Iommu iommu;
    private int queueTail;
    private long frames = 0x10_0000;

    IommuBench(IommuParameters parameters) {
        this(parameters, Trace.off());
    }

    IommuBench(IommuParameters parameters, Trace trace) {
        simulation = new Simulation(1, trace);
        addressBits = parameters.hostAddressBits();
        FlatMemory agent = new FlatMemory(memory, MEMORY_BYTES, READ_PICOS, READ_PICOS);
        iommu = new Iommu(simulation, "iommu", parameters, agent, (_, data) -> messages.add(data));
    }

    /// A free page of memory.
    long frame() {
        frames += 4096;
        return frames - 4096;
    }

    void write(int register, int byteCount, long value) {
        iommu.writeRegister(0, register, byteCount, value);
    }

    long read(int register, int byteCount) {
        return iommu.readRegister(0, register, byteCount);
    }

    /// Switches translation on, with an invalidation queue of 256 descriptors.
    void enable() {
        write(RemappingRegisters.RTADDR, 8, ROOT);
        write(RemappingRegisters.IQA, 8, QUEUE);
        write(RemappingRegisters.GCMD, 4, 0xc400_0000L);
    }

    /// Gives a function tables of four levels at `table`.
    void context(int requesterId, int domain, long table, int translationType) {
        contextEntry(requesterId, table | (long) translationType << 2 | 1, (long) domain << 8 | 2);
    }

    void contextEntry(int requesterId, long low, long high) {
        long root = ROOT + (requesterId >>> 8) * 16L;
        if ((memory.read64(root) & 1) == 0) {
            memory.write64(root, frame() | 1);
        }
        long entry = (memory.read64(root) & -4096L) + (requesterId & 0xff) * 16L;
        memory.write64(entry, low);
        memory.write64(entry + 8, high);
    }

    /// Maps a page of 4 KiB (level 1), 2 MiB (2) or 1 GiB (3) in tables of four levels, making those in between.
    void map(long table, long iova, long page, int level, int allowed) {
        memory.write64(entryAddress(table, iova, level), page | (level > 1 ? 0x80 : 0) | allowed);
    }

    /// Where the entry of `iova` at `level` is.
    long entryAddress(long table, long iova, int level) {
        long at = table;
        for (int l = 4; l > level; l--) {
            long entry = at + (iova >>> (12 + 9 * (l - 1)) & 511) * 8;
            if ((memory.read64(entry) & 3) == 0) {
                memory.write64(entry, frame() | 3);
            }
            at = memory.read64(entry) & 0xf_ffff_ffff_f000L;
        }
        return at + (iova >>> (12 + 9 * (level - 1)) & 511) * 8;
    }

    Answer translate(int requesterId, long iova, boolean write) {
        return translate(requesterId, iova, write, AddressType.UNTRANSLATED);
    }

    Answer translate(int requesterId, long iova, boolean write, AddressType type) {
        Translation translation = new Translation(_ -> simulation.stop());
        translation.ask(requesterId, iova, 4, write, type);
        if (!iommu.translate(translation)) {
            simulation.run();
        }
        return answer(translation);
    }

    static Answer answer(Translation translation) {
        return translation.isAllowed()
                ? new Answer(
                        true,
                        translation.address(),
                        translation.isReadable(),
                        translation.isWritable(),
                        translation.pageShift())
                : new Answer(false, 0, false, false, 0);
    }

    /// Picoseconds that a request takes.
    long picos(int requesterId, long iova) {
        long before = simulation.nowPicos();
        translate(requesterId, iova, false);
        return simulation.nowPicos() - before;
    }

    void queue(long low, long high) {
        memory.write64(QUEUE + queueTail, low);
        memory.write64(QUEUE + queueTail + 8, high);
        queueTail = (queueTail + 16) % 4096;
    }

    /// Has the unit carry out what was queued, and everything else come to an end.
    void flush() {
        write(RemappingRegisters.IQT, 8, queueTail);
        simulation.run();
    }

    void invalidateAll() {
        queue(InvalidationDescriptors.CONTEXT_CACHE | 1 << 4, 0);
        queue(InvalidationDescriptors.IOTLB | 1 << 4, 0);
        flush();
    }

    void invalidatePages(int domain, long iova, int mask, boolean leavesOnly) {
        queue(
                InvalidationDescriptors.IOTLB | (3 << 4) | (3 << 6) | ((long) domain << 16),
                (iova & -4096L) | mask | (leavesOnly ? 1 << 6 : 0));
        flush();
    }

    /// The faults that are recorded, read and cleared as Linux does: from FRI on until a record is empty. Each as
    /// `reason requester page R|W`.
    List<String> takeFaults() {
        List<String> faults = new ArrayList<>();
        int count = (int) (read(RemappingRegisters.CAP, 8) >>> 40 & 0xff) + 1;
        int index = (int) (read(RemappingRegisters.FSTS, 4) >>> 8 & 0xff);
        while (true) {
            int at = RemappingRegisters.FRCD + 16 * index;
            long high = read(at + 8, 8);
            if (high >= 0) {
                write(RemappingRegisters.FSTS, 4, 1);
                return faults;
            }
            faults.add("%02x %04x %x %s"
                    .formatted(high >>> 32 & 0xff, high & 0xffff, read(at, 8), (high >>> 62 & 1) == 1 ? "R" : "W"));
            write(at + 12, 4, 0x8000_0000L);
            index = (index + 1) % count;
        }
    }
}
