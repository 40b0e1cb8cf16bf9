package flyby.zoo;

import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_DONE;
import static flyby.zoo.engine.EngineRegisters.CONTROL_EVENT;
import static flyby.zoo.engine.EngineRegisters.CONTROL_FIRST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_INTERRUPTS;
import static flyby.zoo.engine.EngineRegisters.CONTROL_LAST;
import static flyby.zoo.engine.EngineRegisters.CONTROL_MAGIC;
import static flyby.zoo.engine.EngineRegisters.CONTROL_OWN;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RUN;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ADDRESS;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_BYTES;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_CONTROL;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_ID;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_LENGTH;
import static flyby.zoo.engine.EngineRegisters.DESCRIPTOR_RESULT;
import static flyby.zoo.engine.EngineRegisters.RING_HIGH;
import static flyby.zoo.engine.EngineRegisters.RING_LOW;
import static flyby.zoo.engine.EngineRegisters.RING_SIZE;
import static flyby.zoo.engine.EngineRegisters.TAIL;

import flyby.bus.Cpu;
import flyby.dma.CoherentBuffer;
import flyby.dma.Scatterlist;
import flyby.sim.Time;
import org.jspecify.annotations.Nullable;

/// A ring of descriptors in coherent memory, kept right: filled, given to the engine with barriers, taken back.
public final class EngineRing {
    private static final long LOOK_PICOS = Time.MICROSECOND;

    private final EngineDriver driver;
    private final Cpu cpu;
    private final CoherentBuffer memory;
    private final int size;
    private int next;

    private EngineRing(EngineDriver driver, Cpu cpu, CoherentBuffer memory, int size) {
        this.driver = driver;
        this.cpu = cpu;
        this.memory = memory;
        this.size = size;
    }

    /// A ring of `size` descriptors, of which the engine knows, and on which it works from now on.
    ///
    /// @return null if there is no memory
    public static @Nullable EngineRing start(EngineDriver driver, int size) {
        return start(driver, size, CONTROL_RUN | CONTROL_INTERRUPTS);
    }

    /// As [#start(EngineDriver, int)].
    ///
    /// @param control what CONTROL is to be; 0: the engine does not work on it yet
    public static @Nullable EngineRing start(EngineDriver driver, int size, long control) {
        CoherentBuffer memory = driver.dma().allocCoherent((long) size * DESCRIPTOR_BYTES);
        if (memory == null) {
            return null;
        }
        EngineRing ring = new EngineRing(driver, driver.pci().kernel().cpu(), memory, size);
        driver.registers().write32(RING_LOW, memory.dmaAddress() & 0xffff_ffffL);
        driver.registers().write32(RING_HIGH, memory.dmaAddress() >>> 32);
        driver.registers().write32(RING_SIZE, size);
        if (control != 0) {
            driver.registers().write32(CONTROL, control);
        }
        return ring;
    }

    /// The index of the descriptor that is filled next.
    public int next() {
        return next;
    }

    /// Where the CPU finds descriptor `index`.
    public long place(int index) {
        return memory.cpuAddress() + (long) index * DESCRIPTOR_BYTES;
    }

    /// Where the engine finds the ring.
    public long dmaAddress() {
        return memory.dmaAddress();
    }

    /// Fills the next descriptor, and leaves it to the engine; [#doorbell] tells it.
    ///
    /// @param flags CONTROL_ bits; OWN and the magic come by themselves
    /// @return its index
    public int fill(long dmaAddress, int byteCount, long flags) {
        int index = next;
        long at = place(index);
        driver.storeLe64(at + DESCRIPTOR_ADDRESS, dmaAddress);
        driver.storeLe32(at + DESCRIPTOR_LENGTH, byteCount);
        driver.storeLe32(at + DESCRIPTOR_ID, index);
        cpu.dmaWriteBarrier();
        driver.storeLe32(at + DESCRIPTOR_CONTROL, flags | CONTROL_OWN | CONTROL_MAGIC);
        next = (next + 1) % size;
        return index;
    }

    /// Tells the engine of all that was filled.
    public void doorbell() {
        driver.registers().write32(TAIL, next);
    }

    /// Has the engine send the first `count` mapped entries of `list` as one packet.
    ///
    /// @return the index of the last descriptor
    public int send(Scatterlist list, int count) {
        int last = next;
        for (int i = 0; i < count; i++) {
            long flags = (i == 0 ? CONTROL_FIRST : 0) | (i == count - 1 ? CONTROL_LAST | CONTROL_EVENT : 0);
            last = fill(list.dmaAddress(i), (int) list.dmaLength(i), flags);
        }
        doorbell();
        return last;
    }

    /// Waits until the engine is through with descriptor `index`, and stops the engine if that takes too long.
    ///
    /// @return its control word, read once; 0 if it is not in time
    public long awaitDone(int index) {
        for (long waited = 0; waited < EngineDriver.TIMEOUT_PICOS; waited += LOOK_PICOS) {
            long control = driver.loadLe32(place(index) + DESCRIPTOR_CONTROL);
            if ((control & (CONTROL_OWN | CONTROL_DONE)) == CONTROL_DONE) {
                cpu.dmaReadBarrier();
                return control;
            }
            cpu.delay(LOOK_PICOS);
        }
        driver.stop();
        return 0;
    }

    /// How many bytes the engine says there were, at most `byteCountMax`: after [#awaitDone].
    public int result(int index, int byteCountMax) {
        long result = driver.loadLe32(place(index) + DESCRIPTOR_RESULT);
        return (int) Math.min(result, byteCountMax);
    }

    /// Stops the engine, and gives the memory back.
    public void free() {
        driver.stop();
        driver.dma().freeCoherent(memory.byteCount(), memory.cpuAddress(), memory.dmaAddress());
    }
}
