package flyby.experiment;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.driver.RingDriver;
import flyby.experiment.RingWork.Counters;
import flyby.experiment.RingWork.Mapping;
import flyby.experiment.RingWork.Measured;
import flyby.iommu.Iommu;
import flyby.iommu.IommuStatistics;
import flyby.kernel.KernelMemory;
import flyby.machine.KernelSetup;
import flyby.machine.PcieMachine;
import flyby.sim.Prng;
import flyby.sim.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a driver does all day that has a device fill or read buffers: maps, posts, waits, reaps, unmaps, with several
/// transfers under way. Measures what each step takes.
///
/// The device is kept busy until all that is measured is done: what is measured is the steady state.
final class RingLoad {
    private static final int PAGE_BYTES = KernelMemory.PAGE_BYTES;
    /// Buffers lie in pieces of 2 MiB, so that one mapping can hold a piece as a huge page.
    private static final int PIECE_ORDER = 9;

    private static final int PIECE_BYTES = PAGE_BYTES << PIECE_ORDER;
    /// How many are reaped before new ones are posted: NAPI_POLL_WEIGHT.
    private static final int BUDGET = 64;
    /// Up to so many transfers under way, the core looks again and again rather than to sleep.
    private static final int POLLED_DEPTH = 1;

    private static final long POLL_PICOS = 20 * Time.NANOSECOND;

    private final PcieMachine machine;
    private final Cpu cpu;
    private final Dma dma;
    private final RingDriver driver;
    private final KernelMemory memory;
    private final Direction direction;
    private final long stackPicos;
    private final Prng random;
    private final List<Long> pieces = new ArrayList<>();
    private final Digest seen = new Digest();
    private final Digest expected = new Digest();
    private final byte[] word = new byte[Long.BYTES];
    private long beganPicos;
    private long sleptPicos;
    private long mapPicos;
    private long unmapPicos;
    private long movedBytes;
    private long postedCount;
    private long doneCount;

    /// Sets the device up. From the program of `cpu`.
    ///
    /// @param entries of the ring: the most transfers that are ever under way
    /// @param stackPicos what the software above the driver does for each transfer
    RingLoad(
            PcieMachine machine,
            Cpu cpu,
            PcieMachine.Plugged device,
            Direction direction,
            int entries,
            long stackPicos,
            Prng random) {
        this.machine = machine;
        this.cpu = cpu;
        this.direction = direction;
        this.stackPicos = stackPicos;
        this.random = random;
        KernelSetup setup = new KernelSetup(machine, cpu);
        memory = setup.kernel().memory();
        dma = setup.dma(device);
        driver = new RingDriver(setup.kernel(), dma, device.registers(), device.vector(), entries);
        beganPicos = cpu.nowPicos();
    }

    /// Of the words that were found at the start of buffers.
    String seenSha256() {
        return seen.text();
    }

    /// Of the words that should have been there.
    String expectedSha256() {
        return expected.text();
    }

    /// All that was moved so far.
    long movedBytes() {
        return movedBytes;
    }

    /// What the core has spent its time on since the device was set up.
    Map<String, Long> phasesPicos() {
        Map<String, Long> phases = new LinkedHashMap<>();
        phases.put("map", mapPicos);
        phases.put("unmap", unmapPicos);
        phases.put("waiting", sleptPicos);
        phases.put("driver", cpu.nowPicos() - beganPicos - mapPicos - unmapPicos - sleptPicos);
        return phases;
    }

    /// Does `work` and measures it.
    Measured measure(RingWork work) {
        return new Round(work).run();
    }

    private long piece(int index) {
        while (pieces.size() <= index) {
            long piece = memory.allocatePages(PIECE_ORDER, KernelMemory.Zone.DMA32, "buffers");
            Check.that(piece != KernelMemory.NONE, "no memory for more than %d pieces of 2 MiB", pieces.size());
            pieces.add(piece);
        }
        return pieces.get(index);
    }

    private long map(long address, long byteCount) {
        long before = cpu.nowPicos();
        long mapped = dma.mapSingle(address, byteCount, direction);
        mapPicos += cpu.nowPicos() - before;
        Check.that(dma.mappingError(mapped) == 0, "no IOVAs for %d bytes", byteCount);
        return mapped;
    }

    private void unmap(long mapped, long byteCount) {
        long before = cpu.nowPicos();
        dma.unmapSingle(mapped, byteCount, direction);
        unmapPicos += cpu.nowPicos() - before;
    }

    private Counters counters() {
        Iommu unit = machine.iommu();
        if (unit == null) {
            return new Counters(cpu.nowPicos(), sleptPicos, mapPicos, unmapPicos, 0, 0, 0);
        }
        IommuStatistics statistics = unit.statistics();
        return new Counters(
                cpu.nowPicos(),
                sleptPicos,
                mapPicos,
                unmapPicos,
                statistics.walkPicos().count(),
                statistics.memoryReads(),
                statistics.invalidations());
    }

    private void check(long found, long right) {
        LittleEndian.put(found, word, 0, word.length);
        seen.add(word, 0, word.length);
        LittleEndian.put(right, word, 0, word.length);
        expected.add(word, 0, word.length);
    }

    /// One measurement.
    private final class Round {
        private final RingWork work;
        private final boolean isKept;
        private final long mappingBytes;
        private final int perPiece;
        /// The device's address of each group of buffers.
        private final long[] mapped;
        /// Which buffer each transfer under way has.
        private final int[] bufferOf;

        private int posted;
        private int done;

        Round(RingWork work) {
            this.work = work;
            isKept = work.mapping() != Mapping.EACH;
            mappingBytes = switch (work.mapping()) {
                case EACH -> (long) (work.batch() - 1) * work.stride() + work.byteCount();
                case KEPT_PAGES -> work.stride();
                case KEPT_HUGE -> PIECE_BYTES;
            };
            perPiece = PIECE_BYTES / work.stride() / work.batch() * work.batch();
            Check.that(perPiece > 0, "transfers of %d bytes", work.byteCount());
            mapped = new long[isKept ? work.buffers() : work.depth()];
            bufferOf = new int[work.depth()];
        }

        Measured run() {
            keep();
            int end = work.warmUp() + work.count();
            goOn(work.warmUp(), end + work.depth());
            Counters before = counters();
            goOn(end, end + work.depth());
            Counters after = counters();
            goOn(posted, posted);
            release();
            movedBytes += (long) done * work.byteCount();
            return new Measured(work, before, after);
        }

        private long address(int buffer) {
            return piece(buffer / perPiece) + (long) (buffer % perPiece) * work.stride();
        }

        /// Posts, with as many under way as there may be, until `wanted` are done.
        private void goOn(int wanted, int postedMax) {
            while (done < wanted) {
                int before = posted;
                while (posted < postedMax && hasRoom()) {
                    post();
                }
                if (posted > before) {
                    driver.kick();
                }
                if (!reap(Math.min(BUDGET, wanted - done))) {
                    await();
                }
            }
        }

        /// Whether another one may be posted; one that needs a mapping, only once the place of its whole batch is free.
        private boolean hasRoom() {
            int needed = posted % work.batch() == 0 ? work.batch() : 1;
            return posted - done + needed <= work.depth();
        }

        private void post() {
            int place = posted % work.depth();
            int buffer = isKept ? (int) random.below(work.buffers()) : posted % work.buffers();
            bufferOf[place] = buffer;
            if (direction.isRead()) {
                cpu.store64(address(buffer), postedCount);
            }
            if (!isKept && posted % work.batch() == 0) {
                mapped[place] = map(address(buffer), mappingBytes);
            } else if (isKept) {
                dma.syncSingleForDevice(deviceAddress(posted), work.byteCount(), direction);
            }
            driver.post(deviceAddress(posted), work.byteCount(), direction.isWritten());
            posted++;
            postedCount++;
        }

        private long deviceAddress(int transfer) {
            int place = transfer % work.depth();
            if (isKept) {
                return mapped[bufferOf[place]];
            }
            int within = transfer % work.batch();
            return mapped[place - within] + (long) within * work.stride();
        }

        /// Whether anything was done.
        private boolean reap(int budget) {
            int count = 0;
            while (count < budget && driver.reap()) {
                int place = done % work.depth();
                if (isKept) {
                    dma.syncSingleForCpu(deviceAddress(done), work.byteCount(), direction);
                } else if ((done + 1) % work.batch() == 0) {
                    unmap(mapped[place - (work.batch() - 1)], mappingBytes);
                }
                // Where the device reads, it is the device that looks at the stamp.
                check(cpu.load64(address(bufferOf[place])), doneCount);
                if (stackPicos > 0) {
                    cpu.delay(stackPicos);
                }
                done++;
                doneCount++;
                count++;
            }
            return count > 0;
        }

        private void await() {
            long before = cpu.nowPicos();
            if (work.depth() <= POLLED_DEPTH) {
                cpu.delay(POLL_PICOS);
            } else {
                driver.sleep();
                sleptPicos += cpu.nowPicos() - before;
            }
        }

        private void keep() {
            if (isKept) {
                int perMapping = work.mapping() == Mapping.KEPT_HUGE ? perPiece : 1;
                for (int buffer = 0; buffer < work.buffers(); buffer++) {
                    int within = buffer % perMapping;
                    mapped[buffer] = within == 0
                            ? map(address(buffer), mappingBytes)
                            : mapped[buffer - within] + (long) within * work.stride();
                }
            }
        }

        private void release() {
            if (isKept) {
                int perMapping = work.mapping() == Mapping.KEPT_HUGE ? perPiece : 1;
                for (int buffer = 0; buffer < work.buffers(); buffer += perMapping) {
                    unmap(mapped[buffer], mappingBytes);
                }
            }
        }
    }
}
