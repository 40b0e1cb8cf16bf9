package flyby.core;

import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.bus.MemoryType;
import flyby.choice.Decisions;
import flyby.coherence.CoreCache;
import flyby.cpu.CpuAccount;
import flyby.cpu.ThreadedCpu;
import flyby.memory.MemoryTypes;
import flyby.root.ProcessorPort;
import flyby.sim.Simulation;
import java.util.function.Consumer;

/// A core that runs one program, straight on: the driver; and the threads that the driver spawns.
///
/// Accesses happen in program order, unless [CoreTiming#order] allows more, and a single one costs all that it waits
/// for; only block moves have several lines on their way. Writes to registers are posted, and stores to write-combining
/// addresses are collected until they are ordered: by [#barrier] and [#writeBarrier], by an access that is uncached, or
/// by an interrupt. Ordering waits until the root complex, or memory, has accepted what was collected.
///
/// What barriers promise is what Linux says of them (memory-barriers.txt): `dma_wmb` orders stores to memory, and not
/// those before a register write; `writel` has such a barrier in it, `writel_relaxed` has none.
public final class ServerCore extends ThreadedCpu {
    private static final int WORD_BYTES = 8;

    private final CoreCache cache;
    private final ProcessorPort port;
    private final MemoryTypes types;
    private final CoreTiming timing;
    private final CpuAccount account;
    private final InterruptVectors vectors;
    private final CombiningBuffers combining;
    private final RegisterPath registers;
    private final StreamingLoads streaming;
    private final int lineBytes;
    private final byte[] word = new byte[WORD_BYTES];
    /// When each of the fill buffers is free.
    private final long[] fills;
    private final MemoryPath memory;

    /// @param name of the core, as traces and the watchdog show it
    /// @param cache the core's own
    /// @param lineBytes of the caches
    public ServerCore(
            Simulation simulation,
            String name,
            CoreCache cache,
            int lineBytes,
            ProcessorPort port,
            MemoryTypes types,
            CoreTiming timing) {
        this(simulation, name, cache, lineBytes, port, types, timing, new InterruptVectors());
    }

    private ServerCore(
            Simulation simulation,
            String name,
            CoreCache cache,
            int lineBytes,
            ProcessorPort port,
            MemoryTypes types,
            CoreTiming timing,
            InterruptVectors vectors) {
        super(simulation, name, vectors);
        this.vectors = vectors;
        this.cache = cache;
        this.lineBytes = lineBytes;
        this.port = port;
        this.types = types;
        this.timing = timing;
        this.account = account();
        this.registers = new RegisterPath(port, this::self);
        this.streaming = new StreamingLoads(port, timing.fillBuffers(), this::self);
        this.combining =
                new CombiningBuffers(timing.combiningBuffers(), this::takeCombined, this::nowPicos, this::waitUntil);
        this.fills = new long[timing.fillBuffers()];
        this.memory = new MemoryPath(simulation, name, cache, lineBytes, timing, this::self);
    }

    /// Who is told of interrupts for this core.
    public InterruptVectors vectors() {
        return vectors;
    }

    /// Has `decisions` asked where else chance would decide: which store leaves when, what a load misses, what its
    /// cache gives up and fetches by itself. For set-up.
    public void decide(Decisions decisions) {
        memory.decide(decisions);
        cache.decide(decisions, name());
    }

    /// Lets the core run `program` from the current time on.
    public void run(Consumer<Cpu> program) {
        start(program);
    }

    // Loads and stores.

    @Override
    public void loadBytes(long address, byte[] into, int offset, int byteCount) {
        move(address, into, offset, byteCount, false);
    }

    @Override
    public void storeBytes(long address, byte[] from, int offset, int byteCount) {
        move(address, from, offset, byteCount, true);
    }

    // Device registers. What differs from loads and stores is the address, as on this kind of machine.

    @Override
    protected long register(long address, int byteCount) {
        long value = single(address, byteCount);
        memory.orderLoads();
        return value;
    }

    @Override
    protected void register(long address, int byteCount, long value) {
        memory.drain();
        single(address, byteCount, value);
    }

    @Override
    public void mmioReadRepeat(long registerAddress, long address, int byteCount) {
        int before = account.programmedIo();
        for (int done = 0; done < byteCount; done += 2) {
            int count = Math.min(2, byteCount - done);
            single(address + done, count, single(registerAddress, count));
        }
        memory.orderLoads();
        account.back(before);
    }

    @Override
    public void mmioWriteRepeat(long registerAddress, long address, int byteCount) {
        int before = account.programmedIo();
        memory.drain();
        for (int done = 0; done < byteCount; done += 2) {
            int count = Math.min(2, byteCount - done);
            single(registerAddress, count, single(address + done, count));
        }
        account.back(before);
    }

    // Cache maintenance. It comes after the stores before it, as DC instructions do for the same line (Arm ARM, D7.5)
    // and CLFLUSH does, and Linux ends it with a DSB.

    @Override
    public void cleanCache(long address, long byteCount) {
        int before = beginMaintenance();
        maintained(before, cache.clean(address, byteCount));
    }

    @Override
    public void invalidateCache(long address, long byteCount) {
        int before = beginMaintenance();
        maintained(before, cache.invalidate(address, byteCount));
    }

    @Override
    public void cleanAndInvalidateCache(long address, long byteCount) {
        int before = beginMaintenance();
        maintained(before, cache.cleanAndInvalidate(address, byteCount));
    }

    @Override
    public void setMemoryType(long address, long byteCount, MemoryType type) {
        combining.drain();
        if (port.isMapped(address)) {
            memory.drain();
        } else {
            cleanAndInvalidateCache(address, byteCount);
        }
        types.set(address, byteCount, type);
    }

    // Order.

    @Override
    public void barrier() {
        memory.drain();
        combining.drain();
        memory.orderLoads();
    }

    @Override
    public void readBarrier() {
        memory.orderLoads();
    }

    @Override
    public void writeBarrier() {
        memory.orderStores(true);
        combining.drain();
    }

    @Override
    public void dmaReadBarrier() {
        memory.orderLoads();
    }

    @Override
    public void dmaWriteBarrier() {
        memory.orderStores(false);
    }

    @Override
    public long mmioRead32Relaxed(long address) {
        return single(address, 4);
    }

    @Override
    public void mmioWrite32Relaxed(long address, long value) {
        single(address, 4, value);
    }

    // Time.

    @Override
    public void delay(long picos) {
        self().waitFor(picos);
        takeInterrupts();
    }

    // How it is done.

    @Override
    protected long single(long address, int byteCount) {
        self().waitFor(timing.instructionPicos());
        int first = (int) Math.min(byteCount, lineBytes - address % lineBytes);
        load(address, word, 0, first);
        if (first < byteCount) {
            load(address + first, word, first, byteCount - first);
        }
        long value = LittleEndian.get(word, 0, byteCount);
        takeInterrupts();
        return value;
    }

    @Override
    protected void single(long address, int byteCount, long value) {
        self().waitFor(timing.instructionPicos());
        LittleEndian.put(value, word, 0, byteCount);
        int first = (int) Math.min(byteCount, lineBytes - address % lineBytes);
        store(address, word, 0, first);
        if (first < byteCount) {
            store(address + first, word, first, byteCount - first);
        }
        takeInterrupts();
    }

    /// A part of a line, waiting for it.
    private void load(long address, byte[] into, int offset, int byteCount) {
        boolean isRegister = port.isMapped(address);
        if (types.of(address, isRegister) == MemoryType.WRITE_BACK) {
            self().waitFor(memory.load(address, into, offset, byteCount, false));
            return;
        }
        combining.drain();
        if (isRegister) {
            memory.letPass(true);
            LittleEndian.put(registers.read(address, byteCount, account.transfer()), into, offset, byteCount);
        } else {
            self().waitFor(memory.load(address, into, offset, byteCount, true));
        }
    }

    private void store(long address, byte[] from, int offset, int byteCount) {
        boolean isRegister = port.isMapped(address);
        switch (types.of(address, isRegister)) {
            case WRITE_BACK -> memory.store(address, from, offset, byteCount);
            case WRITE_COMBINING -> combining.store(address, from, offset, byteCount);
            case UNCACHED -> {
                combining.drain();
                if (isRegister) {
                    writeRegister(address, from, offset, byteCount);
                } else {
                    memory.storeUncached(address, from, offset, byteCount);
                }
            }
        }
    }

    /// What a combining buffer gives up goes past the caches.
    ///
    /// @return when it has been accepted
    private long takeCombined(long address, byte[] from, int offset, int byteCount) {
        if (port.isMapped(address)) {
            writeRegister(address, from, offset, byteCount);
            return nowPicos() + timing.acceptPicos();
        }
        return memory.storeCombined(address, from, offset, byteCount);
    }

    private void writeRegister(long address, byte[] from, int offset, int byteCount) {
        memory.letPass(true);
        registers.write(address, from, offset, byteCount, account.transfer());
    }

    /// A block move. Cached lines are on their way together, as many as there are fill buffers; all have come when
    /// it ends. So are whole lines that are loaded from write-combining registers. Others go word by word.
    private void move(long address, byte[] bytes, int offset, int byteCount, boolean isStore) {
        int before = account.copy();
        long latest = nowPicos();
        int done = 0;
        while (done < byteCount) {
            long at = address + done;
            int left = byteCount - done;
            int count;
            if (types.of(at, port.isMapped(at)) == MemoryType.WRITE_BACK) {
                count = (int) Math.min(left, lineBytes - at % lineBytes);
                latest = Math.max(latest, moveLine(at, bytes, offset + done, count, isStore));
            } else if (!isStore && isStreaming(at, left)) {
                count = StreamingLoads.LINE_BYTES;
                stream(at, bytes, offset + done);
            } else {
                count = (int) Math.min(Long.lowestOneBit(at | WORD_BYTES), Integer.highestOneBit(left));
                self().waitFor(timing.wordPicos());
                if (isStore) {
                    store(at, bytes, offset + done, count);
                } else {
                    load(at, bytes, offset + done, count);
                }
            }
            done += count;
            takeInterrupts();
        }
        streaming.finish();
        waitUntil(latest);
        account.back(before);
    }

    private boolean isStreaming(long address, int left) {
        return left >= StreamingLoads.LINE_BYTES
                && address % StreamingLoads.LINE_BYTES == 0
                && types.of(address, true) == MemoryType.WRITE_COMBINING
                && port.isMapped(address)
                && port.readsLines(address);
    }

    private void stream(long address, byte[] into, int offset) {
        self().waitFor(timing.wordPicos() * (StreamingLoads.LINE_BYTES / WORD_BYTES));
        combining.drain();
        memory.letPass(true);
        streaming.begin(address, into, offset, account.transfer());
    }

    /// Moves a part of a line as soon as a fill buffer is free.
    ///
    /// @return when its bytes are there
    private long moveLine(long address, byte[] bytes, int offset, int byteCount, boolean isStore) {
        self().waitFor(timing.wordPicos() * Math.ceilDiv(byteCount, WORD_BYTES));
        int earliest = 0;
        for (int i = 1; i < fills.length; i++) {
            earliest = fills[i] < fills[earliest] ? i : earliest;
        }
        waitUntil(fills[earliest]);
        if (isStore && memory.buffersStores()) {
            memory.store(address, bytes, offset, byteCount);
            return nowPicos();
        }
        long picos = isStore
                ? cache.store(address, bytes, offset, byteCount)
                : memory.load(address, bytes, offset, byteCount, false);
        fills[earliest] = nowPicos() + picos;
        return fills[earliest];
    }

    private void waitUntil(long timePicos) {
        if (timePicos > nowPicos()) {
            self().waitUntil(timePicos);
        }
    }

    private int beginMaintenance() {
        int before = account.maintenance();
        memory.drain();
        return before;
    }

    private void maintained(int before, long picos) {
        self().waitFor(picos);
        memory.orderLoads();
        account.back(before);
        takeInterrupts();
    }

    /// On x86 an interrupt empties the store buffer (SDM volume 3, section 12.10); on Arm it does not, and the read of
    /// the interrupt controller that says which it is orders the loads.
    @Override
    protected void enterInterrupt() {
        combining.drain();
        memory.drainForInterrupt();
        self().waitFor(timing.interruptPicos());
        memory.orderLoads();
    }

    @Override
    protected void leaveInterrupt() {
        self().waitFor(timing.returnPicos());
    }

    /// The scheduler has a full barrier in it (memory-barriers.txt, "Sleep and wake-up functions").
    @Override
    protected void switchContext() {
        memory.drain();
        self().waitFor(timing.contextSwitchPicos());
        memory.orderLoads();
    }

    @Override
    protected void instruction() {
        self().waitFor(timing.instructionPicos());
    }

    @Override
    protected void acquire() {
        memory.orderLoads();
    }

    @Override
    protected void idle(String reason) {
        if (memory.buffersStores()) {
            memory.drain();
            if (hasInterrupts()) {
                // It came meanwhile, and will not wake us.
                return;
            }
        }
        sleeps();
        self().park(reason);
        wokeUp();
    }

    @Override
    protected void halt() {}

    /// A wait that has not ended looks again; one for something else goes on waiting.
    @Override
    protected void wake() {
        if (hasRun()) {
            self().wake();
        }
    }
}
