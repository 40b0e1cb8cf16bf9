package flyby.cpu;

import flyby.base.LittleEndian;
import flyby.cache.Cache;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;
import flyby.sim.Coroutine;
import flyby.trace.TraceSink;
import java.util.function.Supplier;

/// The half of a CPU that faces the bus: it runs bus cycles, waits for the bus where it must, and fetches cache
/// lines.
///
/// Its methods are called by the CPU's coroutine and let time pass.
final class BusInterfaceUnit implements Cache.Backing {
    private final ClassicBus bus;
    private final Supplier<Coroutine> cpu;
    private final Runnable busIsFree = this::busIsFree;
    private long stallPicos;
    private long cycleCount;

    /// @param cpu whose time passes when a cycle does
    BusInterfaceUnit(ClassicBus bus, Supplier<Coroutine> cpu) {
        this.bus = bus;
        this.cpu = cpu;
    }

    /// How many bus cycles were run.
    long cycleCount() {
        return cycleCount;
    }

    /// How long the CPU wanted the bus and did not have it, in picoseconds.
    long stallPicos() {
        return stallPicos;
    }

    /// Lets `clocks` clocks pass in which the CPU does not need the bus.
    void internal(long nowPicos, long clocks) {
        if (clocks > 0) {
            long end = nowPicos + bus.timing().picos(clocks);
            bus.cpuIdleUntil(end);
            self().waitUntil(end);
        }
    }

    /// How many bytes the next access can take: a power of two, at most the bus width, aligned, at most `left`.
    int element(long address, int left) {
        int aligned = (int) Long.lowestOneBit(address | bus.timing().widthBytes());
        return Math.min(aligned, Integer.highestOneBit(left));
    }

    /// Reads `byteCount` bytes (1, 2, 4 or 8) at the end of as many bus cycles as they need.
    long read(long address, int byteCount, long transfer) {
        if (AddressMap.isPort(address)) {
            return readPorts(address, byteCount, transfer);
        }
        boolean isMemory = bus.map().isMemory(address, byteCount);
        int last = cycles(address, byteCount, false, isMemory, TraceSink.HIGH_IMPEDANCE);
        long value = bus.map().read(address, byteCount, transfer);
        bus.cpuEnds(value >>> (8 * last));
        return value;
    }

    /// Writes `byteCount` bytes (1, 2, 4 or 8) at the end of as many bus cycles as they need.
    void write(long address, int byteCount, long value, long transfer) {
        if (AddressMap.isPort(address)) {
            writePorts(address, byteCount, value, transfer);
            return;
        }
        boolean isMemory = bus.map().isMemory(address, byteCount);
        int last = cycles(address, byteCount, true, isMemory, value);
        bus.cpuEnds(value >>> (8 * last));
        bus.map().write(address, byteCount, value, transfer);
    }

    /// Each bus cycle reads a port of its own: a word that the bus cannot carry at once comes from two of them.
    private long readPorts(long address, int byteCount, long transfer) {
        long value = 0;
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            cycle(address + done, false, false);
            long part = bus.map().read(address + done, count, transfer);
            bus.cpuEnds(part);
            value |= part << (8 * done);
            done += count;
        }
        return value;
    }

    /// As [#readPorts].
    private void writePorts(long address, int byteCount, long value, long transfer) {
        int done = 0;
        while (done < byteCount) {
            int count = element(address + done, byteCount - done);
            cycle(address + done, true, false);
            bus.cpuEnds(value >>> (8 * done));
            bus.map().write(address + done, count, value >>> (8 * done), transfer);
            done += count;
        }
    }

    /// Runs `count` reads whose values nobody uses: acknowledging an interrupt, fetching its vector, saving state.
    void readAndForget(long address, int count) {
        for (int i = 0; i < count; i++) {
            cycle(address, false, true);
            bus.cpuEnds(0);
        }
    }

    @Override
    public void fill(long address, byte[] lines, int offset, int byteCount) {
        int width = bus.timing().widthBytes();
        for (int done = 0; done < byteCount; done += width) {
            LittleEndian.put(read(address + done, width, 0), lines, offset + done, width);
        }
    }

    @Override
    public void writeBack(long address, byte[] lines, int offset, int byteCount) {
        int width = bus.timing().widthBytes();
        for (int done = 0; done < byteCount; done += width) {
            write(address + done, width, LittleEndian.get(lines, offset + done, width), 0);
        }
    }

    /// As many bus cycles as `byteCount` bytes need, the last of which is left open.
    ///
    /// @param value what is on the data lines, or that nobody knows it yet
    /// @return how many bytes went before the last cycle
    private int cycles(long address, int byteCount, boolean isWrite, boolean isMemory, long value) {
        int width = bus.timing().widthBytes();
        int done = 0;
        cycle(address, isWrite, isMemory);
        while (byteCount - done > width) {
            bus.cpuEnds(isWrite ? value >>> (8 * done) : value);
            done += width;
            cycle(address + done, isWrite, isMemory);
        }
        return done;
    }

    private void cycle(long address, boolean isWrite, boolean isMemory) {
        while (!bus.cpuMayStart()) {
            long since = bus.nowPicos();
            bus.cpuWaits(busIsFree);
            self().park("the bus");
            stallPicos += bus.nowPicos() - since;
        }
        cycleCount++;
        BusTiming timing = bus.timing();
        int clocks = AddressMap.isPort(address) ? timing.ioCycleClocks() : timing.cpuCycleClocks();
        bus.cpuBegins(address, clocks, isWrite, isMemory);
        self().waitFor(timing.picos(clocks));
    }

    private void busIsFree() {
        self().wake();
    }

    private Coroutine self() {
        return cpu.get();
    }
}
