package flyby.bus;

import flyby.sim.Alarm;

/// The second seam: how driver code touches the world.
///
/// Loads and stores of memory that a device may see, register accesses, cache maintenance, interrupts and waiting
/// all go through here, so that they cost simulated time, meet the caches and can be checked. A driver is
/// straight-line code: each call returns when the CPU has done it. Addresses are physical; registers are mapped at
/// physical addresses too.
///
/// Values are unsigned: `load8` returns 0 to 255, `load16` 0 to 65,535, `load32` 0 to 2^32-1. Words of memory are in
/// the CPU's order, which for most is the lowest byte first; what devices see in memory is to be converted by [#le32]
/// and its kin. Registers are little-endian for all: a register access converts by itself.
public interface Cpu {
    int load8(long address);

    int load16(long address);

    long load32(long address);

    long load64(long address);

    void store8(long address, int value);

    void store16(long address, int value);

    void store32(long address, long value);

    void store64(long address, long value);

    /// Loads `byteCount` bytes at `address`, word by word, into `into` from index `offset` on. `memcpy` out of
    /// memory that a device may have written.
    void loadBytes(long address, byte[] into, int offset, int byteCount);

    /// Stores `byteCount` bytes of `from`, from index `offset` on, at `address`, word by word.
    void storeBytes(long address, byte[] from, int offset, int byteCount);

    /// Reads a device register. Never cached. `ioread8`.
    int mmioRead8(long address);

    /// Reads a device register. Never cached. `ioread16`.
    int mmioRead16(long address);

    /// Reads a device register. Never cached. `ioread32`.
    long mmioRead32(long address);

    /// Writes a device register. `iowrite8`.
    void mmioWrite8(long address, int value);

    /// Writes a device register. `iowrite16`.
    void mmioWrite16(long address, int value);

    /// Writes a device register. `iowrite32`.
    void mmioWrite32(long address, long value);

    /// Reads a device register. Never cached. `ioread64`, `readq`.
    long mmioRead64(long address);

    /// Writes a device register. `iowrite64`, `writeq`.
    void mmioWrite64(long address, long value);

    /// As [#mmioRead32], but ordered only against other accesses of the same device: loads of memory that follow may
    /// be done before it. `readl_relaxed`.
    long mmioRead32Relaxed(long address);

    /// As [#mmioWrite32], but ordered only against other accesses of the same device: stores to memory before it may
    /// become visible after it. `writel_relaxed`.
    void mmioWrite32Relaxed(long address, long value);

    /// Reads the data register at `registerAddress` again and again, storing `byteCount` bytes at `address`:
    /// programmed I/O as a string instruction does it, in words and at the end, if need be, a byte. `ioread16_rep`.
    void mmioReadRepeat(long registerAddress, long address, int byteCount);

    /// Loads `byteCount` bytes at `address` and writes them to the data register at `registerAddress`.
    /// `iowrite16_rep`.
    void mmioWriteRepeat(long registerAddress, long address, int byteCount);

    /// Reads I/O port `port`, 0 to 0xffff. Never cached. `inb`.
    int inb(int port);

    /// Reads the 16-bit I/O port `port`. `inw`.
    int inw(int port);

    /// Writes the low 8 bits of `value` to I/O port `port`, 0 to 0xffff. `outb`.
    void outb(int value, int port);

    /// Writes the low 16 bits of `value` to I/O port `port`. `outw`.
    void outw(int value, int port);

    /// Writes the dirty cache lines that overlap the range back to memory and keeps them ("flush").
    void cleanCache(long address, long byteCount);

    /// Forgets the cache lines that overlap the range. Dirty bytes in them are lost, also those of neighbours that
    /// share the first or the last line.
    void invalidateCache(long address, long byteCount);

    /// Writes the dirty cache lines that overlap the range back to memory and forgets all of them.
    void cleanAndInvalidateCache(long address, long byteCount);

    /// Orders all accesses before it against all after it. `mb`.
    void barrier();

    /// Orders loads before it against loads after it. `rmb`.
    void readBarrier();

    /// Orders stores before it, also those to write-combining addresses, against stores after it, also those to
    /// registers. `wmb`.
    void writeBarrier();

    /// Orders loads of memory that devices share before it against those after it. `dma_rmb`.
    void dmaReadBarrier();

    /// Orders stores to memory that devices share before it against those after it. `dma_wmb`.
    void dmaWriteBarrier();

    /// How this CPU reaches `byteCount` bytes from `address` on from now on; what is in its caches of them is written
    /// back and forgotten. `set_memory_uc`, `ioremap_wc`, and what `dma_alloc_coherent` does where devices do not
    /// ask the caches.
    void setMemoryType(long address, long byteCount, MemoryType type);

    /// Has `handler` called whenever interrupt `line` is asserted, until the handler makes the device take it back.
    /// `request_irq`.
    void requestInterrupt(int line, Runnable handler);

    /// Nobody handles interrupt `line` any more. Returns when no handler of it runs. `free_irq`.
    void freeInterrupt(int line);

    /// Interrupt `line` is not taken until [#enableInterrupt] was called as often; what comes meanwhile is remembered.
    /// `disable_irq_nosync`.
    void disableInterrupt(int line);

    /// `enable_irq`.
    void enableInterrupt(int line);

    /// No interrupt is taken until [#restoreInterrupts]. `local_irq_save`.
    ///
    /// @return whether they were taken before: what to give to [#restoreInterrupts]
    boolean saveInterrupts();

    /// `local_irq_restore`.
    void restoreInterrupts(boolean enabled);

    /// Whether code must not wait: an interrupt handler or a timer runs, or interrupts are off. `in_hardirq() ||
    /// irqs_disabled()`.
    boolean inAtomicContext();

    /// A new timer, whose action runs as an interrupt handler does, on this CPU, when its time has come.
    /// `timer_setup`. For set-up only.
    Alarm timer(String name, Runnable action);

    /// A new thread of this CPU: `body` runs when the CPU gets to it. Threads take turns only where one waits: in
    /// [#await], or [#reschedule]. `kthread_run`.
    void spawn(String name, Runnable body);

    /// Lets other threads run that can. `cond_resched`.
    void reschedule();

    /// As [#await(Completion)], for at most `timeoutPicos`. `wait_for_completion_timeout`.
    ///
    /// @return whether `completion` is complete
    boolean await(Completion completion, long timeoutPicos);

    /// Waits until `completion` is complete, and does other work meanwhile, if there is any. `wait_for_completion`.
    void await(Completion completion);

    /// Keeps the CPU busy for at least `picos`. `ndelay`.
    void delay(long picos);

    /// The simulated time in picoseconds. `ktime_get`.
    long nowPicos();

    /// Whether this CPU keeps the highest byte of a word first. `CONFIG_CPU_BIG_ENDIAN`.
    default boolean isBigEndian() {
        return false;
    }

    /// A word of 16 bits as memory has it whose lowest byte comes first, and back: what is stored is to be converted
    /// before, what is loaded after. `cpu_to_le16`, `le16_to_cpu`.
    default int le16(int value) {
        return isBigEndian() ? Short.toUnsignedInt(Short.reverseBytes((short) value)) : value;
    }

    /// The same for 32 bits. `cpu_to_le32`, `le32_to_cpu`.
    default long le32(long value) {
        return isBigEndian() ? Integer.toUnsignedLong(Integer.reverseBytes((int) value)) : value;
    }

    /// The same for 64 bits. `cpu_to_le64`, `le64_to_cpu`.
    default long le64(long value) {
        return isBigEndian() ? Long.reverseBytes(value) : value;
    }

    /// This CPU without whoever watches what drivers do with it: for what an operating system does in their name,
    /// copies to bounce buffers and cache maintenance.
    default Cpu unwatched() {
        return this;
    }

    /// A request of `byteCount` bytes begins; what the CPU does from now on is done for it. Nested requests are not
    /// supported. `block_rq_issue`.
    void beginTransfer(long byteCount);

    /// The request has been served. `block_rq_complete`.
    void endTransfer();
}
