package flyby.cpu;

import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.bus.MemoryType;
import flyby.cache.Cache;
import flyby.classic.ClassicBus;
import flyby.memory.MemoryTypes;
import flyby.sim.Simulation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A single-issue CPU that owns a classic bus, with or without a data cache.
///
/// It executes one program, straight on: the driver; and the threads that the driver spawns. While all of them wait,
/// the CPU does other work. Memory is cached, if there is a cache and its [MemoryType] allows it; device registers
/// never are. Accesses happen in program order and one at a time, so barriers cost nothing.
public final class CpuCore extends ThreadedCpu {
    /// Where the interrupt vectors lie.
    private static final long VECTORS = 0;

    private final CpuTiming timing;
    private final CpuAccount account;
    private final MemoryTypes types = new MemoryTypes();
    private final byte[] word = new byte[8];
    private final ClassicBus bus;
    private final BusInterfaceUnit unit;
    private final @Nullable BackgroundWork work;
    private @Nullable Cache cache;
    /// Whether the CPU is idle, or does other work.
    private boolean waits;
    private long interruptCount;

    /// @param bus the CPU's own; `lines` are the interrupt lines that it drives
    public CpuCore(Simulation simulation, ClassicBus bus, InterruptLines lines, CpuTiming timing, WorkPattern pattern) {
        super(simulation, "cpu", lines);
        this.bus = bus;
        this.timing = timing;
        this.unit = new BusInterfaceUnit(bus, this::self);
        this.account = account();
        this.work = pattern.isNone()
                ? null
                : new BackgroundWork(simulation, bus, pattern, account.row(), this::workStopped);
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
        start(program);
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

    // Time.

    @Override
    public void delay(long picos) {
        long clock = bus.timing().clockPicos();
        internal(Math.ceilDiv(picos, clock));
        takeInterrupts();
    }

    // Order. Relaxed accesses are as ordered as others.

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
        cleanAndInvalidateCache(address, byteCount);
        types.set(address, byteCount, type);
    }

    // How it is done.

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
        if (cache == null || types.of(address, false) != MemoryType.WRITE_BACK) {
            return unit.read(address, byteCount, account.transfer());
        }
        internal(timing.cacheHitClocks());
        cache.load(address, word, 0, byteCount);
        return LittleEndian.get(word, 0, byteCount);
    }

    private void store(long address, int byteCount, long value) {
        if (cache == null || types.of(address, false) != MemoryType.WRITE_BACK) {
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

    @Override
    protected void enterInterrupt() {
        interruptCount++;
        unit.readAndForget(VECTORS, timing.interruptBusCycles());
        internal(timing.interruptClocks());
    }

    @Override
    protected void leaveInterrupt() {
        internal(timing.returnClocks());
    }

    @Override
    protected void switchContext() {
        internal(timing.contextSwitchClocks());
    }

    @Override
    protected void instruction() {
        internal(timing.instructionClocks());
    }

    @Override
    protected void idle(String reason) {
        waits = true;
        sleeps();
        if (work == null) {
            bus.cpuIdleUntil(Long.MAX_VALUE);
        } else {
            work.start();
        }
        self().park(reason);
        waits = false;
        bus.cpuIdleUntil(0);
        wokeUp();
        self().waitUntil(bus.timing().edge(nowPicos()));
    }

    @Override
    protected void halt() {
        bus.cpuIdleUntil(Long.MAX_VALUE);
    }

    @Override
    protected void wake() {
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
