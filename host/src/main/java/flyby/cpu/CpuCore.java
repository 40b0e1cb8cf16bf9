package flyby.cpu;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.bus.MemoryType;
import flyby.cache.Cache;
import flyby.classic.ClassicBus;
import flyby.sim.Alarm;
import flyby.sim.Coroutine;
import flyby.sim.Simulation;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A single-issue CPU that owns a classic bus, with or without a data cache.
///
/// It executes one program, straight on: the driver. While the driver waits, the CPU does other work; between two
/// accesses it takes interrupts, and runs their handlers on top of whatever it was doing. Memory is cached, if
/// there is a cache; device registers never are. Accesses happen in program order and one at a time, so barriers
/// cost nothing.
public final class CpuCore extends SizedAccesses {
    /// Where the interrupt vectors lie.
    private static final long VECTORS = 0;

    private final Simulation simulation;
    private final CpuTiming timing;
    private final CpuAccount account;
    private final byte[] word = new byte[8];
    private final ClassicBus bus;
    private final BusInterfaceUnit unit;
    private final InterruptLines lines;
    private final @Nullable BackgroundWork work;
    private @Nullable Cache cache;
    private @Nullable Coroutine coroutine;
    private boolean inHandler;
    /// Whether the driver is in [#await].
    private boolean awaits;
    /// Whether the CPU is idle there, or does other work.
    private boolean waits;
    private long interruptCount;

    /// @param bus the CPU's own; `lines` are the interrupt lines that it drives
    public CpuCore(Simulation simulation, ClassicBus bus, InterruptLines lines, CpuTiming timing, WorkPattern pattern) {
        this.simulation = simulation;
        this.bus = bus;
        this.lines = lines;
        this.timing = timing;
        this.unit = new BusInterfaceUnit(bus);
        this.account = new CpuAccount(simulation, "cpu");
        this.work = pattern.isNone()
                ? null
                : new BackgroundWork(simulation, bus, pattern, account.row(), this::workStopped);
        lines.whenPending(this::interrupted);
    }

    /// What a cache of this CPU fetches its lines through.
    public Cache.Backing backing() {
        return unit;
    }

    /// Puts a data cache between CPU and bus. Once, at set-up.
    public void cache(Cache dataCache) {
        this.cache = dataCache;
    }

    /// Lets the CPU run `program` from the current time on.
    public void run(Consumer<Cpu> program) {
        bus.cpuIdleUntil(0);
        coroutine = simulation.coroutine("cpu", self -> {
            unit.runBy(self);
            account.beginDriver();
            program.accept(this);
            account.end();
            bus.cpuIdleUntil(Long.MAX_VALUE);
        });
    }

    /// How many units of other work were done.
    public long workUnits() {
        return work == null ? 0 : work.unitCount();
    }

    /// How long the CPU wanted the bus and did not have it, in picoseconds.
    public long stallPicos() {
        return unit.stallPicos() + (work == null ? 0 : work.stallPicos());
    }

    /// How many bus cycles were run for the driver and its handlers: whether they get on.
    public long driverCycles() {
        return unit.cycleCount();
    }

    /// How many interrupts were taken.
    public long interruptCount() {
        return interruptCount;
    }

    // Loads and stores.

    @Override
    public void loadBytes(long address, byte[] into, int offset, int byteCount) {
        int before = account.copy();
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            internal(timing.stringClocks());
            LittleEndian.put(load(address + done, count), into, offset + done, count);
            done += count;
            takeInterrupts();
        }
        account.back(before);
    }

    @Override
    public void storeBytes(long address, byte[] from, int offset, int byteCount) {
        int before = account.copy();
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            internal(timing.stringClocks());
            store(address + done, count, LittleEndian.get(from, offset + done, count));
            done += count;
            takeInterrupts();
        }
        account.back(before);
    }

    // Device registers.

    @Override
    public void mmioReadRepeat(long registerAddress, long address, int byteCount) {
        int before = account.programmedIo();
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            internal(timing.stringClocks());
            store(address + done, count, unit.read(registerAddress, count, account.transfer()));
            done += count;
            takeInterrupts();
        }
        account.back(before);
    }

    @Override
    public void mmioWriteRepeat(long registerAddress, long address, int byteCount) {
        int before = account.programmedIo();
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            internal(timing.stringClocks());
            unit.write(registerAddress, count, load(address + done, count), account.transfer());
            done += count;
            takeInterrupts();
        }
        account.back(before);
    }

    // Cache maintenance.

    @Override
    public void cleanCache(long address, long byteCount) {
        if (cache != null) {
            int before = account.maintenance();
            internal(cache.clean(address, byteCount) * timing.maintenanceClocks());
            account.back(before);
            takeInterrupts();
        }
    }

    @Override
    public void invalidateCache(long address, long byteCount) {
        if (cache != null) {
            int before = account.maintenance();
            internal(cache.invalidate(address, byteCount) * timing.maintenanceClocks());
            account.back(before);
            takeInterrupts();
        }
    }

    @Override
    public void cleanAndInvalidateCache(long address, long byteCount) {
        if (cache != null) {
            int before = account.maintenance();
            internal(cache.cleanAndInvalidate(address, byteCount) * timing.maintenanceClocks());
            account.back(before);
            takeInterrupts();
        }
    }

    @Override
    public void barrier() {
        // Program order is all this CPU knows.
    }

    // Interrupts, waiting, time.

    @Override
    public void requestInterrupt(int line, Runnable handler) {
        lines.handler(line, handler);
    }

    @Override
    public void await(Completion completion) {
        Check.that(!inHandler, "an interrupt handler waits for %s", completion);
        awaits = true;
        while (!completion.isComplete()) {
            if (lines.isPending()) {
                takeInterrupts();
            } else {
                idle(completion.toString());
            }
        }
        awaits = false;
        account.driver();
    }

    @Override
    public void delay(long picos) {
        long clock = bus.timing().clockPicos();
        internal(Math.ceilDiv(picos, clock));
        takeInterrupts();
    }

    @Override
    public long nowPicos() {
        return simulation.nowPicos();
    }

    @Override
    public void beginTransfer(long byteCount) {
        account.beginTransfer(byteCount);
    }

    @Override
    public void endTransfer() {
        account.endTransfer();
    }

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
        throw Check.bug("not yet");
    }

    @Override
    public void freeInterrupt(int line) {
        throw Check.bug("not yet");
    }

    @Override
    public void disableInterrupt(int line) {
        throw Check.bug("not yet");
    }

    @Override
    public void enableInterrupt(int line) {
        throw Check.bug("not yet");
    }

    @Override
    public boolean saveInterrupts() {
        throw Check.bug("not yet");
    }

    @Override
    public void restoreInterrupts(boolean enabled) {
        throw Check.bug("not yet");
    }

    @Override
    public boolean inAtomicContext() {
        return inHandler;
    }

    @Override
    public Alarm timer(String name, Runnable action) {
        throw Check.bug("not yet");
    }

    @Override
    public void spawn(String name, Runnable body) {
        throw Check.bug("not yet");
    }

    @Override
    public void reschedule() {}

    @Override
    public boolean await(Completion completion, long timeoutPicos) {
        throw Check.bug("not yet");
    }

    // How it is done.

    private Coroutine self() {
        return Objects.requireNonNull(coroutine, "the CPU does not run");
    }

    @Override
    protected long single(long address, int byteCount) {
        internal(timing.instructionClocks());
        long value = 0;
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            value |= load(address + done, count) << (8 * done);
            done += count;
        }
        takeInterrupts();
        return value;
    }

    @Override
    protected void single(long address, int byteCount, long value) {
        internal(timing.instructionClocks());
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            store(address + done, count, value >>> (8 * done));
            done += count;
        }
        takeInterrupts();
    }

    /// One element, through the cache if there is one.
    private long load(long address, int byteCount) {
        if (cache == null) {
            return unit.read(address, byteCount, account.transfer());
        }
        internal(timing.cacheHitClocks());
        cache.load(address, word, 0, byteCount);
        return LittleEndian.get(word, 0, byteCount);
    }

    private void store(long address, int byteCount, long value) {
        if (cache == null) {
            unit.write(address, byteCount, value, account.transfer());
            return;
        }
        internal(timing.cacheHitClocks());
        LittleEndian.put(value, word, 0, byteCount);
        cache.store(address, word, 0, byteCount);
    }

    @Override
    protected long register(long address, int byteCount) {
        internal(timing.instructionClocks());
        long value = unit.read(address, byteCount, account.transfer());
        takeInterrupts();
        return value;
    }

    @Override
    protected void register(long address, int byteCount, long value) {
        internal(timing.instructionClocks());
        unit.write(address, byteCount, value, account.transfer());
        takeInterrupts();
    }

    private int element(long address, int left) {
        return unit.element(address, left);
    }

    private void internal(long clocks) {
        unit.internal(nowPicos(), clocks);
    }

    private void takeInterrupts() {
        while (!inHandler && lines.isPending()) {
            inHandler = true;
            int before = account.phase();
            interruptCount++;
            account.beginHandler(lines.pendingLine());
            unit.readAndForget(VECTORS, timing.interruptBusCycles());
            internal(timing.interruptClocks());
            account.handler();
            lines.handle();
            account.wakeUp();
            internal(timing.returnClocks());
            if (!awaits) {
                account.back(before);
            }
            account.end();
            inHandler = false;
        }
    }

    private void idle(String reason) {
        waits = true;
        account.end();
        if (work == null) {
            bus.cpuIdleUntil(Long.MAX_VALUE);
        } else {
            work.start();
        }
        self().park(reason);
        waits = false;
        bus.cpuIdleUntil(0);
        account.beginDriver();
        self().waitUntil(bus.timing().edge(nowPicos()));
    }

    private void interrupted() {
        if (waits && work == null) {
            self().wake();
        } else if (waits && work != null) {
            work.stop();
        }
    }

    private void workStopped() {
        self().wake();
    }
}
