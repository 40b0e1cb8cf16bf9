package flyby.plx;

import flyby.base.LittleEndian;
import flyby.transfer.Copier;
import flyby.workbench.MemoryHost;
import java.util.function.LongSupplier;

/// An engine that is programmed as Linux's driver does it, with offsets and values typed in from there.
final class PlxBench {
    static final int BYTES = 1 << 16;
    static final int RING = 0x1000;
    /// Data stand above.
    static final int DATA = 0x2000;

    static final int RESET_VALUE = 0x1700;
    static final int START_VALUE = 0x174c;
    static final long VALID = 1L << 31;
    static final long INTERRUPT = 1L << 30;
    static final long SUCCESS = 1L << 30;
    static final long READ_FAILED = 1L << 29;
    static final long WRITE_FAILED = 1L << 28;

    final MemoryHost host;
    final PlxDmaEngine engine;
    final int entries;
    /// Free-running, as in the driver.
    int head;

    PlxBench(int entries, PlxProfile profile, LongSupplier latencyPicos) {
        host = new MemoryHost(BYTES, latencyPicos);
        engine = new PlxDmaEngine(host, "plx", profile);
        this.entries = entries;
        allocate();
    }

    static PlxProfile profile(int window, int unitBytes) {
        return new PlxProfile(new Copier.Shape(window, unitBytes), 4, 20_000);
    }

    void allocate() {
        head = 0;
        write32(0x238, RESET_VALUE);
        write32(0x214, RING);
        write32(0x218, 0);
        write32(0x21c, RING);
        write32(0x220, entries);
        write32(0x234, 8);
    }

    void write32(int offset, long value) {
        engine.writeRegister(0, offset, 4, value);
    }

    long read32(int offset) {
        return engine.readRegister(0, offset, 4);
    }

    int place(int index) {
        return RING + 16 * (index % entries);
    }

    void put(long address, long value, int byteCount) {
        LittleEndian.put(value, host.memory(), (int) address, byteCount);
    }

    /// The first word of descriptor `index`.
    long flags(int index) {
        return LittleEndian.get(host.memory(), place(index), 4);
    }

    /// Prepares and submits a copy; returns its index.
    int submit(long source, long destination, long byteCount, boolean interrupts) {
        int at = place(head);
        put(at + 4, destination >>> 32, 2);
        put(at + 6, source >>> 32, 2);
        put(at + 8, destination, 4);
        put(at + 12, source, 4);
        put(at, byteCount | (interrupts ? INTERRUPT : 0) | VALID, 4);
        return head++;
    }

    void issue() {
        engine.writeRegister(0, 0x238, 2, START_VALUE);
    }

    /// The interrupt handler.
    long handle() {
        long status = engine.readRegister(0, 0x23e, 2);
        engine.writeRegister(0, 0x23e, 2, status);
        return status;
    }

    void run() {
        host.simulation().run();
    }

    boolean isRunning() {
        return (read32(0x238) & 8) != 0;
    }
}
