package flyby.dma;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.bus.MemoryType;
import flyby.sim.Alarm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A CPU for tests, and the memory behind it. Its cache, if it has one, keeps every line that it has seen until it is
/// told to forget it: what a device sees that does not ask caches is as stale as it can be.
class FlatCpu implements Cpu {
    static final int LINE = 64;

    private static final class Line {
        private final byte[] bytes = new byte[LINE];
        private boolean isDirty;
    }

    private final boolean hasCache;
    private final TreeMap<Long, byte[]> memory = new TreeMap<>();
    private final TreeMap<Long, Line> cache = new TreeMap<>();
    private final TreeMap<Long, Long> uncached = new TreeMap<>();
    /// What was done to the caches, and to memory types: `clean 0x1000+64`.
    final List<String> maintenance = new ArrayList<>();
    /// How often the CPU has loaded or stored, in whatever size.
    long accesses;

    boolean isAtomic;
    private boolean interruptsOff;

    FlatCpu(boolean hasCache) {
        this.hasCache = hasCache;
    }

    // What devices do.

    byte deviceReads(long address) {
        return memory.getOrDefault(address & -4096, new byte[4096])[(int) (address & 4095)];
    }

    void deviceWrites(long address, int value) {
        memory.computeIfAbsent(address & -4096, _ -> new byte[4096])[(int) (address & 4095)] = (byte) value;
    }

    // What the CPU does.

    private boolean isCached(long address) {
        Map.Entry<Long, Long> range = uncached.floorEntry(address);
        return hasCache && (range == null || range.getValue() <= address);
    }

    private Line line(long address) {
        return cache.computeIfAbsent(address & -LINE, begin -> {
            Line line = new Line();
            for (int i = 0; i < LINE; i++) {
                line.bytes[i] = deviceReads(begin + i);
            }
            return line;
        });
    }

    @Override
    public int load8(long address) {
        accesses++;
        return byteAt(address);
    }

    private int byteAt(long address) {
        return (isCached(address) ? line(address).bytes[(int) (address & (LINE - 1))] : deviceReads(address)) & 0xff;
    }

    @Override
    public void store8(long address, int value) {
        accesses++;
        setByte(address, value);
    }

    private void setByte(long address, int value) {
        if (isCached(address)) {
            Line line = line(address);
            line.bytes[(int) (address & (LINE - 1))] = (byte) value;
            line.isDirty = true;
        } else {
            deviceWrites(address, value);
        }
    }

    private long load(long address, int byteCount) {
        accesses++;
        long value = 0;
        for (int i = byteCount - 1; i >= 0; i--) {
            value = value << 8 | byteAt(address + i);
        }
        return value;
    }

    private void store(long address, int byteCount, long value) {
        accesses++;
        for (int i = 0; i < byteCount; i++) {
            setByte(address + i, (int) (value >>> (8 * i)));
        }
    }

    @Override
    public int load16(long address) {
        return (int) load(address, 2);
    }

    @Override
    public long load32(long address) {
        return load(address, 4);
    }

    @Override
    public long load64(long address) {
        return load(address, 8);
    }

    @Override
    public void store16(long address, int value) {
        store(address, 2, value);
    }

    @Override
    public void store32(long address, long value) {
        store(address, 4, value);
    }

    @Override
    public void store64(long address, long value) {
        store(address, 8, value);
    }

    @Override
    public void loadBytes(long address, byte[] into, int offset, int byteCount) {
        accesses++;
        for (int i = 0; i < byteCount; i++) {
            into[offset + i] = (byte) byteAt(address + i);
        }
    }

    @Override
    public void storeBytes(long address, byte[] from, int offset, int byteCount) {
        accesses++;
        for (int i = 0; i < byteCount; i++) {
            setByte(address + i, from[offset + i]);
        }
    }

    private void note(String what, long address, long byteCount) {
        maintenance.add("%s 0x%x+%d".formatted(what, address, byteCount));
    }

    private void maintain(long address, long byteCount, boolean cleans, boolean forgets) {
        for (long at = address & -LINE; at < address + byteCount; at += LINE) {
            Line line = cache.get(at);
            if (line != null && line.isDirty && cleans) {
                for (int i = 0; i < LINE; i++) {
                    deviceWrites(at + i, line.bytes[i]);
                }
                line.isDirty = false;
            }
            if (forgets) {
                cache.remove(at);
            }
        }
    }

    @Override
    public void cleanCache(long address, long byteCount) {
        note("clean", address, byteCount);
        maintain(address, byteCount, true, false);
    }

    @Override
    public void invalidateCache(long address, long byteCount) {
        note("invalidate", address, byteCount);
        maintain(address, byteCount, false, true);
    }

    @Override
    public void cleanAndInvalidateCache(long address, long byteCount) {
        note("clean+invalidate", address, byteCount);
        maintain(address, byteCount, true, true);
    }

    @Override
    public void setMemoryType(long address, long byteCount, MemoryType type) {
        note(type.name(), address, byteCount);
        maintain(address, byteCount, true, true);
        if (type == MemoryType.WRITE_BACK) {
            uncached.remove(address);
        } else {
            uncached.put(address, address + byteCount);
        }
    }

    // Registers: there are none here.

    @Override
    public int mmioRead8(long address) {
        return 0xff;
    }

    @Override
    public int mmioRead16(long address) {
        return 0xffff;
    }

    @Override
    public long mmioRead32(long address) {
        return 0xffff_ffffL;
    }

    @Override
    public void mmioWrite8(long address, int value) {}

    @Override
    public void mmioWrite16(long address, int value) {}

    @Override
    public void mmioWrite32(long address, long value) {}

    @Override
    public long mmioRead64(long address) {
        return -1;
    }

    @Override
    public void mmioWrite64(long address, long value) {}

    @Override
    public long mmioRead32Relaxed(long address) {
        return mmioRead32(address);
    }

    @Override
    public void mmioWrite32Relaxed(long address, long value) {
        mmioWrite32(address, value);
    }

    @Override
    public void mmioReadRepeat(long registerAddress, long address, int byteCount) {}

    @Override
    public void mmioWriteRepeat(long registerAddress, long address, int byteCount) {}

    @Override
    public int inb(int port) {
        return 0xff;
    }

    @Override
    public int inw(int port) {
        return 0xffff;
    }

    @Override
    public void outb(int value, int port) {}

    @Override
    public void outw(int value, int port) {}

    // Nothing is reordered, nothing takes time, and nobody interrupts.

    @Override
    public void barrier() {}

    @Override
    public void readBarrier() {}

    @Override
    public void writeBarrier() {}

    @Override
    public void dmaReadBarrier() {}

    @Override
    public void dmaWriteBarrier() {}

    @Override
    public void requestInterrupt(int line, Runnable handler) {}

    @Override
    public void freeInterrupt(int line) {}

    @Override
    public void disableInterrupt(int line) {}

    @Override
    public void enableInterrupt(int line) {}

    @Override
    public boolean saveInterrupts() {
        boolean before = !interruptsOff;
        interruptsOff = true;
        return before;
    }

    @Override
    public void restoreInterrupts(boolean enabled) {
        interruptsOff = !enabled;
    }

    @Override
    public boolean inAtomicContext() {
        return isAtomic || interruptsOff;
    }

    @Override
    public Alarm timer(String name, Runnable action) {
        return new Alarm() {
            private boolean isPending;

            @Override
            public void at(long timePicos) {
                isPending = true;
            }

            @Override
            public void in(long delayPicos) {
                isPending = true;
            }

            @Override
            public void cancel() {
                isPending = false;
            }

            @Override
            public boolean isPending() {
                return isPending;
            }
        };
    }

    @Override
    public void spawn(String name, Runnable body) {}

    @Override
    public void reschedule() {}

    @Override
    public boolean await(Completion completion, long timeoutPicos) {
        return completion.isComplete();
    }

    @Override
    public void await(Completion completion) {}

    @Override
    public void delay(long picos) {}

    @Override
    public long nowPicos() {
        return 0;
    }

    @Override
    public void beginTransfer(long byteCount) {}

    @Override
    public void endTransfer() {}
}
