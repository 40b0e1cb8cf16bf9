package flyby.ioat;

import flyby.base.LittleEndian;
import flyby.transfer.Copier;
import flyby.workbench.MemoryHost;
import java.util.function.LongSupplier;

/// An engine whose channels are programmed as Linux's driver does it, with offsets and values typed in from there.
final class IoatBench {
    static final int BYTES = 1 << 17;
    /// Completions lie at the start, rings behind, data above.
    static final int COMPLETIONS = 0x100;

    static final int RINGS = 0x1000;
    static final int DATA = 0x8000;
    static final int RUN = 0x1d;

    static final int INT_EN = 1;
    static final int COMPL_WRITE = 8;
    static final int FENCE = 0x10;
    static final int NULL = 0x20;

    static final int ACTIVE = 0;
    static final int DONE = 1;
    static final int SUSPENDED = 2;
    static final int HALTED = 3;

    final MemoryHost host;
    final IoatEngine engine;
    final int entries;
    final Channel[] channels;

    IoatBench(int channelCount, int entries, Copier.Shape shape, LongSupplier latencyPicos) {
        host = new MemoryHost(BYTES, latencyPicos);
        engine = new IoatEngine(host, "ioat", new IoatProfile(channelCount, shape, 12));
        this.entries = entries;
        channels = new Channel[channelCount];
        for (int i = 0; i < channelCount; i++) {
            channels[i] = new Channel(i);
        }
        // MSI-X, a vector for each.
        engine.writeRegister(0, 0x03, 1, 0x09);
    }

    void run() {
        host.simulation().run();
    }

    long read(int offset, int byteCount) {
        return engine.readRegister(0, offset, byteCount) & LittleEndian.ones(byteCount);
    }

    final class Channel {
        final int index;
        final int base;
        /// Free-running, as in the driver.
        int head;

        int issued;
        int dmaCount;

        Channel(int index) {
            this.index = index;
            base = 0x80 * (index + 1);
        }

        void write(int register, int byteCount, long value) {
            engine.writeRegister(0, base + register, byteCount, value);
        }

        long read(int register, int byteCount) {
            return engine.readRegister(0, base + register, byteCount) & LittleEndian.ones(byteCount);
        }

        long status() {
            return read(0x08, 8);
        }

        int state() {
            return (int) status() & 7;
        }

        long error() {
            return read(0x28, 4);
        }

        int completionAt() {
            return COMPLETIONS + 64 * index;
        }

        long completion() {
            return LittleEndian.get(host.memory(), completionAt(), 8);
        }

        int place(int at) {
            return RINGS + 0x1800 * index + 64 * (at % entries);
        }

        void put(long address, long value, int byteCount) {
            LittleEndian.put(value, host.memory(), (int) address, byteCount);
        }

        /// The channel is ready, and has done a null descriptor.
        void allocate() {
            head = 0;
            issued = 0;
            dmaCount = 0;
            write(0x00, 2, RUN);
            write(0x18, 4, completionAt());
            write(0x1c, 4, 0);
            for (int i = 0; i < entries; i++) {
                put(place(i) + 0x18, place(i + 1), 8);
            }
            startNull();
        }

        void startNull() {
            put(place(head), 1, 4);
            put(place(head) + 4, NULL | INT_EN | COMPL_WRITE, 4);
            chain(place(head));
            head++;
            issue();
        }

        void chain(long address) {
            write(0x10, 4, address & 0xffff_ffffL);
            write(0x14, 4, address >>> 32);
        }

        /// Prepares and submits one descriptor; returns its index.
        int submit(long source, long destination, long byteCount, int control) {
            int at = place(head);
            put(at, byteCount, 4);
            put(at + 4, control, 4);
            put(at + 8, source, 8);
            put(at + 16, destination, 8);
            return head++;
        }

        void issue() {
            dmaCount += head - issued;
            issued = head;
            write(0x06, 2, dmaCount & 0xffff);
        }

        /// What the tasklet ends with.
        void rearm() {
            write(0x00, 2, RUN);
        }
    }
}
