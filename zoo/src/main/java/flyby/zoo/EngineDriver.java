package flyby.zoo;

import static flyby.zoo.engine.EngineRegisters.ADDRESS_HIGH;
import static flyby.zoo.engine.EngineRegisters.ADDRESS_LOW;
import static flyby.zoo.engine.EngineRegisters.CONTROL;
import static flyby.zoo.engine.EngineRegisters.CONTROL_INTERRUPTS;
import static flyby.zoo.engine.EngineRegisters.CONTROL_RESET;
import static flyby.zoo.engine.EngineRegisters.GO;
import static flyby.zoo.engine.EngineRegisters.GO_READ;
import static flyby.zoo.engine.EngineRegisters.GO_WRITE;
import static flyby.zoo.engine.EngineRegisters.LENGTH;
import static flyby.zoo.engine.EngineRegisters.MASK;
import static flyby.zoo.engine.EngineRegisters.OFFSET;
import static flyby.zoo.engine.EngineRegisters.RESULT;
import static flyby.zoo.engine.EngineRegisters.STATUS;
import static flyby.zoo.engine.EngineRegisters.STATUS_BUSY;
import static flyby.zoo.engine.EngineRegisters.STATUS_ERROR;
import static flyby.zoo.engine.EngineRegisters.STATUS_LINK;
import static flyby.zoo.engine.EngineRegisters.STATUS_RECEIVED;
import static flyby.zoo.engine.EngineRegisters.STATUS_SENT;

import flyby.base.Check;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.kernel.KernelMemory;
import flyby.pci.PciDevice;
import flyby.sim.Time;
import flyby.topology.Card;
import flyby.trial.Bench;
import flyby.zoo.engine.Engine;
import java.util.Arrays;

/// What every driver of the engine has to do, done right: find it, reset it, hear of its interrupts, have it do one
/// operation, wait for that, stop it. What is wrong with a specimen stands in the specimen.
public final class EngineDriver {
    /// What an operation may take before its driver gives it up.
    public static final long TIMEOUT_PICOS = 5 * Time.MILLISECOND;

    private static final long EVENTS = STATUS_SENT | STATUS_RECEIVED | STATUS_ERROR | STATUS_LINK;
    private static final long RESET_HELD_PICOS = 2 * Time.MICROSECOND;
    private static final long GONE = 0xffff_ffffL;

    private final Bench bench;
    private final int index;
    private final boolean handlesInterrupts;
    private final Kernel kernel;
    private final Cpu cpu;
    private final PciDevice pci;
    private final IoMemory registers;
    private final IoMemory memory;
    private final Completion done = new Completion("the engine's interrupt");
    private int byteCount;
    private long events;

    /// Probes the first card.
    public EngineDriver(Bench bench) {
        this(bench, 0);
    }

    /// Probes card `index`.
    public EngineDriver(Bench bench, int index) {
        this(bench, index, true);
    }

    /// Probes the first card for a driver that handles its interrupts itself, or needs none: they are off.
    public static EngineDriver silent(Bench bench) {
        return new EngineDriver(bench, 0, false);
    }

    private EngineDriver(Bench bench, int index, boolean handlesInterrupts) {
        this.handlesInterrupts = handlesInterrupts;
        this.bench = bench;
        this.index = index;
        kernel = bench.kernel();
        cpu = bench.cpu();
        pci = bench.pci(index);
        int error = pci.enable();
        IoMemory foundRegisters = pci.map(Card.REGISTERS);
        IoMemory foundMemory = pci.map(Card.MEMORY);
        if (error != 0 || foundRegisters == null || foundMemory == null) {
            throw Check.bug("card %d is no engine: error %d", index, error);
        }
        registers = foundRegisters;
        memory = foundMemory;
        stop();
        pci.setMaster();
        if (handlesInterrupts) {
            kernel.interrupts().request(pci.vector(0), pci.name(), this::onInterrupt);
            registers.write32(MASK, EVENTS);
            registers.write32(CONTROL, CONTROL_INTERRUPTS);
        }
    }

    public PciDevice pci() {
        return pci;
    }

    /// The DMA API of its card.
    public Dma dma() {
        return pci.dma();
    }

    /// BAR 0.
    public IoMemory registers() {
        return registers;
    }

    /// BAR 2.
    public IoMemory memory() {
        return memory;
    }

    /// The device model: for what comes from outside and goes there.
    public Engine engine() {
        return (Engine) bench.device(index);
    }

    // Operations.

    /// Has the engine read `byteCount` bytes of the host's memory.
    ///
    /// @return how many it has read; -EIO, or -ETIMEDOUT
    public int read(long dmaAddress, int byteCount) {
        start(GO_READ, dmaAddress, byteCount);
        return await();
    }

    /// Has the engine write up to `byteCount` bytes of the host's memory, out of the beginning of its own.
    ///
    /// @return how many it has written; -EIO, or -ETIMEDOUT
    public int write(long dmaAddress, int byteCount) {
        start(GO_WRITE, dmaAddress, byteCount);
        return await();
    }

    /// Starts an operation.
    ///
    /// @param command GO_READ or GO_WRITE
    public void start(long command, long dmaAddress, int byteCount) {
        aim(dmaAddress, byteCount);
        registers.write32(GO, command);
    }

    /// Says where the next operation is; writing GO starts it.
    public void aim(long dmaAddress, int byteCount) {
        done.reset();
        events = 0;
        this.byteCount = byteCount;
        registers.write32(ADDRESS_LOW, dmaAddress & 0xffff_ffffL);
        registers.write32(ADDRESS_HIGH, dmaAddress >>> 32);
        registers.write32(LENGTH, byteCount);
        registers.write32(OFFSET, 0);
    }

    /// Waits for the operation that was started, and stops the engine if that takes too long.
    ///
    /// @return how many bytes were moved; -EIO, or -ETIMEDOUT
    public int await() {
        int moved = await(TIMEOUT_PICOS);
        if (moved == -Errno.ETIMEDOUT) {
            stop();
            registers.write32(MASK, EVENTS);
            registers.write32(CONTROL, CONTROL_INTERRUPTS);
        }
        return moved;
    }

    /// As [#await()], for as long as `timeoutPicos`; after that the engine still works.
    public int await(long timeoutPicos) {
        if (!awaitEvent(timeoutPicos)) {
            return -Errno.ETIMEDOUT;
        }
        long moved = registers.read32(RESULT);
        return (events & STATUS_ERROR) != 0 || moved > byteCount ? -Errno.EIO : (int) moved;
    }

    /// Waits for an interrupt.
    ///
    /// @return whether there was one
    public boolean awaitEvent(long timeoutPicos) {
        boolean isThere = cpu.await(done, timeoutPicos);
        done.reset();
        return isThere;
    }

    /// Resets the engine, and returns when it touches nothing any more.
    ///
    /// @return 0, or -ETIMEDOUT
    public int stop() {
        registers.write32(CONTROL, CONTROL_RESET);
        // The write is posted: it has arrived when this returns.
        registers.read32(CONTROL);
        cpu.delay(RESET_HELD_PICOS);
        registers.write32(CONTROL, 0);
        return awaitIdle();
    }

    /// Returns when the engine has nothing under way.
    ///
    /// @return 0, or -ETIMEDOUT
    public int awaitIdle() {
        return kernel.poll(() -> !isBusy(), Time.MICROSECOND, TIMEOUT_PICOS);
    }

    private boolean isBusy() {
        long status = registers.read32(STATUS);
        return (status & STATUS_BUSY) != 0 && status != GONE;
    }

    /// Leaves the card.
    public void remove() {
        stop();
        pci.clearMaster();
        if (handlesInterrupts) {
            kernel.interrupts().free(pci.vector(0), pci.name());
        }
    }

    private Result onInterrupt() {
        long status = registers.read32(STATUS);
        long handled = status & EVENTS;
        if (handled == 0 || status == GONE) {
            return Result.NONE;
        }
        registers.write32(STATUS, handled);
        events |= handled;
        done.complete();
        return Result.HANDLED;
    }

    // Memory, and what is in it.

    /// `byteCount` bytes of `kmalloc`, full of [#pattern].
    public long buffer(int byteCount) {
        long at = kernel.memory().kmalloc(byteCount, "buffer");
        Check.that(at != KernelMemory.NONE, "no memory for %d bytes", byteCount);
        cpu.storeBytes(at, pattern(byteCount), 0, byteCount);
        return at;
    }

    /// Gives back what [#buffer] has given.
    public void free(long buffer) {
        kernel.memory().kfree(buffer);
    }

    /// `2^order` pages, full of [#pattern].
    public long pages(int order) {
        long at = kernel.memory().allocatePages(order, KernelMemory.Zone.NORMAL, "pages");
        Check.that(at != KernelMemory.NONE, "no memory for pages of order %d", order);
        int byteCount = KernelMemory.PAGE_BYTES << order;
        cpu.storeBytes(at, pattern(byteCount), 0, byteCount);
        return at;
    }

    /// Gives back what [#pages] has given.
    public void freePages(long pages, int order) {
        kernel.memory().freePages(pages, order);
    }

    /// Puts `bytes` at the beginning of the engine's memory.
    public void fillMemory(byte[] bytes) {
        memory.copyTo(0, bytes, 0, bytes.length);
        // The writes are posted: they have arrived when this returns.
        memory.read32(0);
    }

    /// What is at the beginning of the engine's memory.
    public byte[] memoryBytes(int byteCount) {
        byte[] bytes = new byte[byteCount];
        memory.copyFrom(0, bytes, 0, byteCount);
        return bytes;
    }

    /// `byteCount` bytes at `address`, as the CPU finds them.
    public byte[] load(long address, int byteCount) {
        byte[] bytes = new byte[byteCount];
        cpu.loadBytes(address, bytes, 0, byteCount);
        return bytes;
    }

    /// Bytes that are easily told from others: a function of their place.
    public static byte[] pattern(int byteCount) {
        byte[] bytes = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) {
            bytes[i] = (byte) (i * 7 + (i >> 8) + 1);
        }
        return bytes;
    }

    /// Whether `bytes` begins as `whole` does, for `byteCount` bytes.
    public static boolean isBeginning(byte[] bytes, byte[] whole, int byteCount) {
        return byteCount >= 0
                && byteCount <= Math.min(bytes.length, whole.length)
                && Arrays.equals(bytes, 0, byteCount, whole, 0, byteCount);
    }

    // Words of memory that the engine reads or writes: the lowest byte first, whatever the CPU does.

    /// A word that the engine has written.
    public long loadLe32(long address) {
        return cpu.le32(cpu.load32(address));
    }

    /// A word that the engine will read.
    public void storeLe32(long address, long value) {
        cpu.store32(address, cpu.le32(value));
    }

    public void storeLe64(long address, long value) {
        cpu.store64(address, cpu.le64(value));
    }
}
