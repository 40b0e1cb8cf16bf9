package flyby.explore;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.bus.MemoryType;
import flyby.choice.Decisions.Point;
import flyby.choice.Footprint;
import flyby.sim.Alarm;
import org.jspecify.annotations.Nullable;

/// A CPU that may be lost before each access: to whatever else a system does, for a while.
final class PreemptedCpu implements Cpu {
    private final Cpu cpu;
    private final String name;
    private final String handlerName;
    private final Lateness lateness;
    private final boolean threadsPreempt;
    private final @Nullable Cpu unwatched;
    /// Once there are several threads, nobody knows which one it is that makes an access.
    private boolean hasThreads;

    /// @param threadsPreempt whether another thread may be what it is lost to
    PreemptedCpu(Cpu cpu, String name, Lateness lateness, boolean threadsPreempt) {
        this(cpu, name, lateness, threadsPreempt, false);
    }

    private PreemptedCpu(Cpu cpu, String name, Lateness lateness, boolean threadsPreempt, boolean isUnwatched) {
        this.cpu = cpu;
        this.name = name;
        this.handlerName = name + " handler";
        this.lateness = lateness;
        this.threadsPreempt = threadsPreempt;
        unwatched = isUnwatched ? null : new PreemptedCpu(cpu.unwatched(), name, lateness, false, true);
    }

    /// The bare CPU is not lost in the middle of what it does in a driver's name, but that is told.
    @Override
    public Cpu unwatched() {
        return unwatched == null ? this : unwatched;
    }

    private void loads(long address, long byteCount) {
        access(address, byteCount, false);
    }

    private void stores(long address, long byteCount) {
        access(address, byteCount, true);
    }

    private void registers() {
        access(-1, 1, true);
    }

    private void access(long address, long byteCount, boolean isWrite) {
        if (unwatched == null || hasThreads) {
            lateness.decisions().touched(footprint(address, byteCount, isWrite));
        }
        if (unwatched == null) {
            return;
        }
        boolean yields = threadsPreempt && !cpu.inAtomicContext();
        int waits = Lateness.PICOS.length;
        long chosen = lateness.decisions()
                .below(
                        Point.PREEMPTION,
                        yields ? waits + 1 : waits,
                        _ -> hasThreads ? Footprint.unknown(name) : footprint(address, byteCount, isWrite));
        if (chosen == waits) {
            cpu.unwatched().reschedule();
        } else if (chosen > 0) {
            long picos = lateness.picos(chosen);
            if (picos > 0) {
                // The driver has not asked for it: whoever watches what it does must not think that it waits.
                cpu.unwatched().delay(picos);
            }
        }
    }

    private Footprint footprint(long address, long byteCount, boolean isWrite) {
        return new Footprint(cpu.inAtomicContext() ? handlerName : name, address, byteCount, isWrite);
    }

    @Override
    public int load8(long address) {
        loads(address, 1);
        return cpu.load8(address);
    }

    @Override
    public int load16(long address) {
        loads(address, 2);
        return cpu.load16(address);
    }

    @Override
    public long load32(long address) {
        loads(address, 4);
        return cpu.load32(address);
    }

    @Override
    public long load64(long address) {
        loads(address, 8);
        return cpu.load64(address);
    }

    @Override
    public void store8(long address, int value) {
        stores(address, 1);
        cpu.store8(address, value);
    }

    @Override
    public void store16(long address, int value) {
        stores(address, 2);
        cpu.store16(address, value);
    }

    @Override
    public void store32(long address, long value) {
        stores(address, 4);
        cpu.store32(address, value);
    }

    @Override
    public void store64(long address, long value) {
        stores(address, 8);
        cpu.store64(address, value);
    }

    @Override
    public void loadBytes(long address, byte[] into, int offset, int byteCount) {
        if (byteCount > 0) {
            loads(address, byteCount);
        }
        cpu.loadBytes(address, into, offset, byteCount);
    }

    @Override
    public void storeBytes(long address, byte[] from, int offset, int byteCount) {
        if (byteCount > 0) {
            stores(address, byteCount);
        }
        cpu.storeBytes(address, from, offset, byteCount);
    }

    @Override
    public int mmioRead8(long address) {
        registers();
        return cpu.mmioRead8(address);
    }

    @Override
    public void mmioWrite8(long address, int value) {
        registers();
        cpu.mmioWrite8(address, value);
    }

    @Override
    public int mmioRead16(long address) {
        registers();
        return cpu.mmioRead16(address);
    }

    @Override
    public void mmioWrite16(long address, int value) {
        registers();
        cpu.mmioWrite16(address, value);
    }

    @Override
    public long mmioRead32(long address) {
        registers();
        return cpu.mmioRead32(address);
    }

    @Override
    public void mmioWrite32(long address, long value) {
        registers();
        cpu.mmioWrite32(address, value);
    }

    @Override
    public long mmioRead64(long address) {
        registers();
        return cpu.mmioRead64(address);
    }

    @Override
    public void mmioWrite64(long address, long value) {
        registers();
        cpu.mmioWrite64(address, value);
    }

    @Override
    public long mmioRead32Relaxed(long address) {
        registers();
        return cpu.mmioRead32Relaxed(address);
    }

    @Override
    public void mmioWrite32Relaxed(long address, long value) {
        registers();
        cpu.mmioWrite32Relaxed(address, value);
    }

    @Override
    public void mmioReadRepeat(long registerAddress, long address, int byteCount) {
        registers();
        cpu.mmioReadRepeat(registerAddress, address, byteCount);
    }

    @Override
    public void mmioWriteRepeat(long registerAddress, long address, int byteCount) {
        registers();
        cpu.mmioWriteRepeat(registerAddress, address, byteCount);
    }

    @Override
    public int inb(int port) {
        registers();
        return cpu.inb(port);
    }

    @Override
    public void outb(int value, int port) {
        registers();
        cpu.outb(value, port);
    }

    @Override
    public int inw(int port) {
        registers();
        return cpu.inw(port);
    }

    @Override
    public void outw(int value, int port) {
        registers();
        cpu.outw(value, port);
    }

    /// Maintenance may write all of the lines, whatever it is called for.
    private void maintains(long address, long byteCount) {
        if (byteCount > 0) {
            stores(address, byteCount);
        }
    }

    @Override
    public void cleanCache(long address, long byteCount) {
        maintains(address, byteCount);
        cpu.cleanCache(address, byteCount);
    }

    @Override
    public void invalidateCache(long address, long byteCount) {
        maintains(address, byteCount);
        cpu.invalidateCache(address, byteCount);
    }

    @Override
    public void cleanAndInvalidateCache(long address, long byteCount) {
        maintains(address, byteCount);
        cpu.cleanAndInvalidateCache(address, byteCount);
    }

    @Override
    public void setMemoryType(long address, long byteCount, MemoryType type) {
        maintains(address, byteCount);
        cpu.setMemoryType(address, byteCount, type);
    }

    @Override
    public void spawn(String threadName, Runnable body) {
        hasThreads = true;
        cpu.spawn(threadName, body);
    }

    @Override
    public void barrier() {
        cpu.barrier();
    }

    @Override
    public void readBarrier() {
        cpu.readBarrier();
    }

    @Override
    public void writeBarrier() {
        cpu.writeBarrier();
    }

    @Override
    public void dmaReadBarrier() {
        cpu.dmaReadBarrier();
    }

    @Override
    public void dmaWriteBarrier() {
        cpu.dmaWriteBarrier();
    }

    @Override
    public void requestInterrupt(int line, Runnable handler) {
        cpu.requestInterrupt(line, handler);
    }

    @Override
    public void freeInterrupt(int line) {
        cpu.freeInterrupt(line);
    }

    @Override
    public void disableInterrupt(int line) {
        cpu.disableInterrupt(line);
    }

    @Override
    public void enableInterrupt(int line) {
        cpu.enableInterrupt(line);
    }

    @Override
    public boolean saveInterrupts() {
        return cpu.saveInterrupts();
    }

    @Override
    public void restoreInterrupts(boolean enabled) {
        cpu.restoreInterrupts(enabled);
    }

    @Override
    public boolean inAtomicContext() {
        return cpu.inAtomicContext();
    }

    @Override
    public Alarm timer(String timerName, Runnable action) {
        return cpu.timer(timerName, action);
    }

    @Override
    public void reschedule() {
        cpu.reschedule();
    }

    @Override
    public boolean await(Completion completion, long timeoutPicos) {
        return cpu.await(completion, timeoutPicos);
    }

    @Override
    public void await(Completion completion) {
        cpu.await(completion);
    }

    @Override
    public void delay(long picos) {
        cpu.delay(picos);
    }

    @Override
    public boolean isBigEndian() {
        return cpu.isBigEndian();
    }

    @Override
    public long nowPicos() {
        return cpu.nowPicos();
    }

    @Override
    public void beginTransfer(long byteCount) {
        cpu.beginTransfer(byteCount);
    }

    @Override
    public void endTransfer() {
        cpu.endTransfer();
    }
}
