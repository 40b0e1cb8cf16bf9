package flyby.cpu;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.cache.Cache;
import flyby.classic.ClassicBus;
import flyby.sim.Coroutine;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A single-issue CPU that owns a classic bus, with or without a data cache.
///
/// It executes one program, straight on: the driver. While the driver waits, the CPU does other work; between two
/// accesses it takes interrupts, and runs their handlers on top of whatever it was doing. Memory is cached, if
/// there is a cache; device registers never are. Accesses happen in program order and one at a time, so barriers
/// cost nothing.
public final class CpuCore implements Cpu {
    /// Where the interrupt vectors lie.
    private static final long VECTORS = 0;

    private final Simulation simulation;
    private final CpuTiming timing;
    private final int row;
    private final CpuPhases phases;
    private final int handlerName;
    private final int driverName;
    private final byte[] word = new byte[8];
    private final ClassicBus bus;
    private final BusInterfaceUnit unit;
    private final InterruptLines lines;
    private final @Nullable BackgroundWork work;
    private @Nullable Cache cache;
    private @Nullable Coroutine coroutine;
    private boolean inHandler;
    private boolean waits;
    private long transfer;
    private long interruptCount;

    /// @param bus the CPU's own; `lines` are the interrupt lines that it drives
    public CpuCore(Simulation simulation, ClassicBus bus, InterruptLines lines, CpuTiming timing, WorkPattern pattern) {
        this.simulation = simulation;
        this.bus = bus;
        this.lines = lines;
        this.timing = timing;
        this.unit = new BusInterfaceUnit(bus);
        this.row = simulation.trace().track("cpu", "execution");
        this.phases = new CpuPhases(simulation.trace());
        this.handlerName = simulation.trace().name("interrupt handler");
        this.driverName = simulation.trace().name("driver");
        this.work = pattern.isNone() ? null : new BackgroundWork(simulation, bus, pattern, row, this::workStopped);
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
            begin(driverName, 0);
            program.accept(this);
            end();
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

    /// How many interrupts were taken.
    public long interruptCount() {
        return interruptCount;
    }

    // Loads and stores.

    @Override
    public int load8(long address) {
        return (int) single(address, 1);
    }

    @Override
    public int load16(long address) {
        return (int) single(address, 2);
    }

    @Override
    public long load32(long address) {
        return single(address, 4);
    }

    @Override
    public long load64(long address) {
        return single(address, 8);
    }

    @Override
    public void store8(long address, int value) {
        single(address, 1, value);
    }

    @Override
    public void store16(long address, int value) {
        single(address, 2, value);
    }

    @Override
    public void store32(long address, long value) {
        single(address, 4, value);
    }

    @Override
    public void store64(long address, long value) {
        single(address, 8, value);
    }

    @Override
    public void loadBytes(long address, byte[] into, int offset, int byteCount) {
        phase(phases.copy);
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            internal(timing.stringClocks());
            if (cache == null) {
                LittleEndian.put(busRead(address + done, count), into, offset + done, count);
            } else {
                internal(timing.cacheHitClocks());
                cache.load(address + done, into, offset + done, count);
            }
            done += count;
            takeInterrupts();
        }
        phase(phases.driver);
    }

    @Override
    public void storeBytes(long address, byte[] from, int offset, int byteCount) {
        phase(phases.copy);
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            internal(timing.stringClocks());
            if (cache == null) {
                busWrite(address + done, count, LittleEndian.get(from, offset + done, count));
            } else {
                internal(timing.cacheHitClocks());
                cache.store(address + done, from, offset + done, count);
            }
            done += count;
            takeInterrupts();
        }
        phase(phases.driver);
    }

    // Device registers.

    @Override
    public int mmioRead8(long address) {
        return (int) register(address, 1);
    }

    @Override
    public int mmioRead16(long address) {
        return (int) register(address, 2);
    }

    @Override
    public long mmioRead32(long address) {
        return register(address, 4);
    }

    @Override
    public void mmioWrite8(long address, int value) {
        register(address, 1, value);
    }

    @Override
    public void mmioWrite16(long address, int value) {
        register(address, 2, value);
    }

    @Override
    public void mmioWrite32(long address, long value) {
        register(address, 4, value);
    }

    @Override
    public void mmioReadRepeat(long registerAddress, long address, int byteCount) {
        phase(phases.programmedIo);
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            internal(timing.stringClocks());
            long value = busRead(registerAddress, count);
            if (cache == null) {
                busWrite(address + done, count, value);
            } else {
                LittleEndian.put(value, word, 0, count);
                internal(timing.cacheHitClocks());
                cache.store(address + done, word, 0, count);
            }
            done += count;
            takeInterrupts();
        }
        phase(phases.driver);
    }

    @Override
    public void mmioWriteRepeat(long registerAddress, long address, int byteCount) {
        phase(phases.programmedIo);
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            internal(timing.stringClocks());
            long value;
            if (cache == null) {
                value = busRead(address + done, count);
            } else {
                internal(timing.cacheHitClocks());
                cache.load(address + done, word, 0, count);
                value = LittleEndian.get(word, 0, count);
            }
            busWrite(registerAddress, count, value);
            done += count;
            takeInterrupts();
        }
        phase(phases.driver);
    }

    // Cache maintenance.

    @Override
    public void cleanCache(long address, long byteCount) {
        if (cache != null) {
            phase(phases.maintenance);
            maintained(cache.clean(address, byteCount));
        }
    }

    @Override
    public void invalidateCache(long address, long byteCount) {
        if (cache != null) {
            phase(phases.maintenance);
            maintained(cache.invalidate(address, byteCount));
        }
    }

    @Override
    public void cleanAndInvalidateCache(long address, long byteCount) {
        if (cache != null) {
            phase(phases.maintenance);
            maintained(cache.cleanAndInvalidate(address, byteCount));
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
        while (!completion.isComplete()) {
            if (lines.isPending()) {
                takeInterrupts();
            } else {
                idle(completion.toString());
            }
        }
        phase(phases.driver);
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
        Check.that(transfer == 0, "transfer %d is not over", transfer);
        Trace trace = simulation.trace();
        transfer = trace.newTransfer();
        if (trace.isOn()) {
            trace.transferBegin(nowPicos(), transfer, phases.driver, byteCount);
        }
    }

    @Override
    public void endTransfer() {
        Check.that(transfer != 0, "no transfer is open");
        Trace trace = simulation.trace();
        if (trace.isOn()) {
            trace.transferEnd(nowPicos(), transfer);
        }
        transfer = 0;
    }

    // How it is done.

    private Coroutine self() {
        return Objects.requireNonNull(coroutine, "the CPU does not run");
    }

    private long single(long address, int byteCount) {
        internal(timing.instructionClocks());
        long value = 0;
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            long part;
            if (cache == null) {
                part = busRead(address + done, count);
            } else {
                internal(timing.cacheHitClocks());
                cache.load(address + done, word, 0, count);
                part = LittleEndian.get(word, 0, count);
            }
            value |= part << (8 * done);
            done += count;
        }
        takeInterrupts();
        return value;
    }

    private void single(long address, int byteCount, long value) {
        internal(timing.instructionClocks());
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            long part = value >>> (8 * done);
            if (cache == null) {
                busWrite(address + done, count, part);
            } else {
                internal(timing.cacheHitClocks());
                LittleEndian.put(part, word, 0, count);
                cache.store(address + done, word, 0, count);
            }
            done += count;
        }
        takeInterrupts();
    }

    private long register(long address, int byteCount) {
        internal(timing.instructionClocks());
        long value = busRead(address, byteCount);
        takeInterrupts();
        return value;
    }

    private void register(long address, int byteCount, long value) {
        internal(timing.instructionClocks());
        busWrite(address, byteCount, value);
        takeInterrupts();
    }

    private int element(long address, int left) {
        return unit.element(address, left);
    }

    private long busRead(long address, int byteCount) {
        return unit.read(address, byteCount, transfer);
    }

    private void busWrite(long address, int byteCount, long value) {
        unit.write(address, byteCount, value, transfer);
    }

    private void internal(long clocks) {
        unit.internal(nowPicos(), clocks);
    }

    private void maintained(long lines) {
        internal(lines * timing.maintenanceClocks());
        phase(phases.driver);
        takeInterrupts();
    }

    private void takeInterrupts() {
        while (!inHandler && lines.isPending()) {
            inHandler = true;
            interruptCount++;
            begin(handlerName, lines.pendingLine());
            unit.readAndForget(VECTORS, timing.interruptBusCycles());
            internal(timing.interruptClocks());
            phase(phases.handler);
            lines.handle();
            phase(phases.wakeUp);
            internal(timing.returnClocks());
            end();
            inHandler = false;
        }
    }

    private void idle(String reason) {
        waits = true;
        end();
        if (work == null) {
            bus.cpuIdleUntil(Long.MAX_VALUE);
        } else {
            work.start();
        }
        self().park(reason);
        waits = false;
        begin(driverName, 0);
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

    private void phase(int phase) {
        if (transfer != 0
                && !(inHandler && phase == phases.driver)
                && simulation.trace().isOn()) {
            simulation.trace().phase(nowPicos(), transfer, phase);
        }
    }

    private void begin(int name, long argument) {
        if (simulation.trace().isOn()) {
            simulation.trace().begin(nowPicos(), row, name, transfer, argument);
        }
    }

    private void end() {
        if (simulation.trace().isOn()) {
            simulation.trace().end(nowPicos(), row);
        }
    }
}
