package flyby.zoo.d;

import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_WRITE;

import flyby.check.Rule;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.KernelMemory;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import flyby.zoo.EngineSpecimen;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The ring is refilled out of a pool. When that is empty, the variable still holds the buffer before: it is posted
/// once more, and the next packet overwrites one that was delivered. A PC has memory enough.
public final class D10BufferPostedTwice extends EngineSpecimen {
    private static final int SLOTS = 5;
    private static final int POSTED = 4;
    private static final int POOL = 3;
    private static final int PACKET_BYTES = 256;

    /// Buffers that nobody has.
    private final Deque<Long> pool = new ArrayDeque<>();

    private final long[] buffers = new long[POSTED];
    private final long[] mapped = new long[POSTED];

    public D10BufferPostedTwice() {
        super(new Label(
                "D10",
                "One buffer posted in two descriptors",
                "FreeRTOS-Plus-TCP #1307, deepin kernel #806 mucse",
                List.of(Rule.R19, Rule.R39, Rule.R40, Rule.R41, Rule.R51, Rule.RIGHT_DATA),
                List.of(
                        "coherent",
                        "non-coherent",
                        "weak-order",
                        "iommu-strict",
                        "iommu-lazy",
                        "bounce",
                        "timing",
                        "big-endian")));
    }

    @Override
    public void buggy(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        if (ring != null) {
            fillPool(bench);
            int posted = 0;
            long buffer = KernelMemory.NONE;
            for (int i = 0; i < POSTED; i++) {
                if (!pool.isEmpty()) {
                    buffer = pool.removeFirst();
                }
                if (post(driver, ring, posted, buffer)) { // BUG
                    posted++;
                }
            }
            receive(bench, driver, ring, posted);
        }
        driver.remove();
    }

    @Override
    public void fixed(Bench bench) {
        EngineDriver driver = EngineDriver.silent(bench);
        EngineRing ring = EngineRing.start(driver, SLOTS, CONTROL_RUN);
        if (ring != null) {
            fillPool(bench);
            int posted = 0;
            for (int i = 0; i < POSTED; i++) {
                // What cannot be refilled stays empty.
                if (!pool.isEmpty() && post(driver, ring, posted, pool.removeFirst())) {
                    posted++;
                }
            }
            receive(bench, driver, ring, posted);
        }
        driver.remove();
    }

    private void fillPool(Bench bench) {
        for (int i = 0; i < POOL; i++) {
            pool.addLast(bench.kernel().memory().kmalloc(PACKET_BYTES, "packet"));
        }
    }

    private boolean post(EngineDriver driver, EngineRing ring, int i, long buffer) {
        buffers[i] = buffer;
        mapped[i] = driver.dma().mapSingle(buffer, PACKET_BYTES, Direction.FROM_DEVICE); // BUG it may be mapped
        if (driver.dma().mappingError(mapped[i]) != 0) {
            pool.addLast(buffer);
            return false;
        }
        ring.fill(mapped[i], PACKET_BYTES, CONTROL_WRITE);
        return true;
    }

    /// A packet for each buffer comes in, each with a byte of its own.
    private void receive(Bench bench, EngineDriver driver, EngineRing ring, int posted) {
        Dma dma = driver.dma();
        for (int i = 0; i < posted; i++) {
            driver.engine().receive(packet(i));
        }
        ring.doorbell();
        int[] byteCounts = new int[posted];
        for (int i = 0; i < posted; i++) {
            bench.expect(ring.awaitDone(i) != 0, "a packet comes in");
            byteCounts[i] = ring.result(i, PACKET_BYTES);
        }
        ring.free();
        for (int i = 0; i < posted; i++) {
            dma.unmapSingle(mapped[i], PACKET_BYTES, Direction.FROM_DEVICE); // BUG the other descriptor has it, too
            byte[] got = driver.load(buffers[i], byteCounts[i]);
            bench.expect(EngineDriver.isBeginning(got, packet(i), byteCounts[i]), "packet " + i + " is whole"); // BUG
            if (!pool.contains(buffers[i])) {
                pool.addLast(buffers[i]);
            }
        }
        pool.forEach(driver::free);
    }

    private static byte[] packet(int number) {
        byte[] bytes = EngineDriver.pattern(PACKET_BYTES);
        bytes[0] = (byte) number;
        return bytes;
    }
}
