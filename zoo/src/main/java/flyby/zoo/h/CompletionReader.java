package flyby.zoo.h;

import static flyby.zoo.engine.EngineRegisters.COMPLETION_BYTES;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_ID;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_LENGTH;
import static flyby.zoo.engine.EngineRegisters.COMPLETION_PHASE;
import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_QUEUE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.QUEUE_HEAD;
import static flyby.zoo.engine.EngineRegisters.QUEUE_HIGH;
import static flyby.zoo.engine.EngineRegisters.QUEUE_LOW;
import static flyby.zoo.engine.EngineRegisters.QUEUE_SIZE;

import flyby.bus.Cpu;
import flyby.dma.CoherentBuffer;
import flyby.sim.Time;
import flyby.trial.Bench;
import flyby.zoo.EngineDriver;
import flyby.zoo.EngineRing;
import org.jspecify.annotations.Nullable;

/// A ring with a queue of completions, whose words are loaded once each, and believed by nobody here: what they say is
/// the specimens' business.
final class CompletionReader {
    /// Of the ring, and of the queue.
    static final int SLOTS = 8;

    private static final int QUEUE_BYTES = SLOTS * COMPLETION_BYTES;

    private final Bench bench;
    private final EngineDriver driver;
    private final Cpu cpu;
    private final EngineRing ring;
    private final CoherentBuffer queue;
    private int head;
    private int phase = 1;

    private CompletionReader(Bench bench, EngineDriver driver, EngineRing ring, CoherentBuffer queue) {
        this.bench = bench;
        this.driver = driver;
        this.ring = ring;
        this.queue = queue;
        cpu = bench.cpu();
    }

    /// Starts the engine; null if there is no memory.
    static @Nullable CompletionReader start(Bench bench, EngineDriver driver) {
        EngineRing ring = EngineRing.start(driver, SLOTS, 0);
        CoherentBuffer queue = driver.dma().allocCoherent(QUEUE_BYTES);
        if (ring == null || queue == null) {
            if (ring != null) {
                ring.free();
            }
            if (queue != null) {
                driver.dma().freeCoherent(QUEUE_BYTES, queue.cpuAddress(), queue.dmaAddress());
            }
            return null;
        }
        driver.registers().write32(QUEUE_LOW, queue.dmaAddress() & 0xffff_ffffL);
        driver.registers().write32(QUEUE_HIGH, queue.dmaAddress() >>> 32);
        driver.registers().write32(QUEUE_SIZE, SLOTS);
        driver.registers().write32(CONTROL, CONTROL_RUN | CONTROL_QUEUE);
        return new CompletionReader(bench, driver, ring, queue);
    }

    EngineRing ring() {
        return ring;
    }

    /// Waits for the next completion.
    ///
    /// @return whether there is one in time
    boolean await() {
        boolean isThere = bench.kernel().poll(this::isNew, Time.MICROSECOND, EngineDriver.TIMEOUT_PICOS) == 0;
        cpu.dmaReadBarrier();
        return isThere;
    }

    private boolean isNew() {
        return (cpu.le32(cpu.load32(at() + COMPLETION_PHASE)) & 1) == phase;
    }

    private long at() {
        return queue.cpuAddress() + (long) head * COMPLETION_BYTES;
    }

    /// Whose it is, as the engine says: 32 bits.
    long id() {
        return cpu.le32(cpu.load32(at() + COMPLETION_ID));
    }

    /// How many bytes there were, as the engine says: 32 bits.
    long length() {
        return cpu.le32(cpu.load32(at() + COMPLETION_LENGTH));
    }

    /// Goes on to the next.
    void next() {
        head++;
        if (head == SLOTS) {
            head = 0;
            phase ^= 1;
        }
        driver.registers().write32(QUEUE_HEAD, head);
    }

    /// Stops the engine, and gives the memory back.
    void free() {
        ring.free();
        driver.dma().freeCoherent(QUEUE_BYTES, queue.cpuAddress(), queue.dmaAddress());
    }
}
