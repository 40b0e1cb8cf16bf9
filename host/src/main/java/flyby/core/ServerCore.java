package flyby.core;

import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.bus.MemoryType;
import flyby.coherence.CoreCache;
import flyby.cpu.CpuAccount;
import flyby.cpu.ThreadedCpu;
import flyby.memory.MemoryTypes;
import flyby.root.ProcessorPort;
import flyby.sim.Simulation;
import java.util.function.Consumer;

/// A core that runs one program, straight on: the driver; and the threads that the driver spawns.
///
/// Accesses happen in program order, and a single one costs all that it waits for; only block moves have several
/// lines on their way. Writes to registers are posted, and stores to write-combining addresses are collected until
/// they are ordered: by [#barrier], by an access that is uncached, or by an interrupt.
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
    private final int lineBytes;
    private final byte[] word = new byte[WORD_BYTES];
    /// When each of the fill buffers is free.
    private final long[] fills;

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
        this.combining = new CombiningBuffers(timing.combiningBuffers(), this::takeCombined);
        this.fills = new long[timing.fillBuffers()];
    }

    /// Who is told of interrupts for this core.
    public InterruptVectors vectors() {
        return vectors;
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
        return single(address, byteCount);
    }

    @Override
    protected void register(long address, int byteCount, long value) {
        single(address, byteCount, value);
    }

    @Override
    public void mmioReadRepeat(long registerAddress, long address, int byteCount) {
        int before = account.programmedIo();
        for (int done = 0; done < byteCount; done += 2) {
            int count = Math.min(2, byteCount - done);
            single(address + done, count, single(registerAddress, count));
        }
        account.back(before);
    }

    @Override
    public void mmioWriteRepeat(long registerAddress, long address, int byteCount) {
        int before = account.programmedIo();
        for (int done = 0; done < byteCount; done += 2) {
            int count = Math.min(2, byteCount - done);
            single(registerAddress, count, single(address + done, count));
        }
        account.back(before);
    }

    // Cache maintenance and order.

    @Override
    public void cleanCache(long address, long byteCount) {
        maintained(account.maintenance(), cache.clean(address, byteCount));
    }

    @Override
    public void invalidateCache(long address, long byteCount) {
        maintained(account.maintenance(), cache.invalidate(address, byteCount));
    }

    @Override
    public void cleanAndInvalidateCache(long address, long byteCount) {
        maintained(account.maintenance(), cache.cleanAndInvalidate(address, byteCount));
    }

    @Override
    public void barrier() {
        combining.drain();
    }

    // Time.

    @Override
    public void delay(long picos) {
        self().waitFor(picos);
        takeInterrupts();
    }

    // Order.

    @Override
    public long mmioRead32Relaxed(long address) {
        return register(address, 4);
    }

    @Override
    public void mmioWrite32Relaxed(long address, long value) {
        register(address, 4, value);
    }

    @Override
    public void readBarrier() {}

    @Override
    public void writeBarrier() {
        barrier();
    }

    @Override
    public void dmaReadBarrier() {}

    @Override
    public void dmaWriteBarrier() {}

    @Override
    public void setMemoryType(long address, long byteCount, MemoryType type) {
        combining.drain();
        if (!port.isMapped(address)) {
            cleanAndInvalidateCache(address, byteCount);
        }
        types.set(address, byteCount, type);
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
            self().waitFor(cache.load(address, into, offset, byteCount));
            return;
        }
        combining.drain();
        if (isRegister) {
            LittleEndian.put(registers.read(address, byteCount, account.transfer()), into, offset, byteCount);
        } else {
            self().waitFor(cache.loadUncached(address, into, offset, byteCount));
        }
    }

    private void store(long address, byte[] from, int offset, int byteCount) {
        switch (types.of(address, port.isMapped(address))) {
            case WRITE_BACK -> self().waitFor(cache.store(address, from, offset, byteCount));
            case WRITE_COMBINING -> combining.store(address, from, offset, byteCount);
            case UNCACHED -> {
                combining.drain();
                takeCombined(address, from, offset, byteCount);
            }
        }
    }

    /// Stores past the caches: what combining buffers give up, and uncached stores.
    private void takeCombined(long address, byte[] from, int offset, int byteCount) {
        if (port.isMapped(address)) {
            registers.write(address, from, offset, byteCount, account.transfer());
        } else {
            self().waitFor(cache.storeUncached(address, from, offset, byteCount));
        }
    }

    /// A block move. Cached lines are on their way together, as many as there are fill buffers; all have come when
    /// it ends. Others go word by word.
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
        waitUntil(latest);
        account.back(before);
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
        long picos = isStore
                ? cache.store(address, bytes, offset, byteCount)
                : cache.load(address, bytes, offset, byteCount);
        fills[earliest] = nowPicos() + picos;
        return fills[earliest];
    }

    private void waitUntil(long timePicos) {
        if (timePicos > nowPicos()) {
            self().waitUntil(timePicos);
        }
    }

    private void maintained(int before, long picos) {
        self().waitFor(picos);
        account.back(before);
        takeInterrupts();
    }

    @Override
    protected void enterInterrupt() {
        combining.drain();
        self().waitFor(timing.interruptPicos());
    }

    @Override
    protected void leaveInterrupt() {
        self().waitFor(timing.returnPicos());
    }

    @Override
    protected void switchContext() {
        self().waitFor(timing.contextSwitchPicos());
    }

    @Override
    protected void instruction() {
        self().waitFor(timing.instructionPicos());
    }

    @Override
    protected void idle(String reason) {
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
