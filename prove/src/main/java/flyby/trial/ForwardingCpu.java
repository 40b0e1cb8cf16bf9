package flyby.trial;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.bus.MemoryType;
import flyby.sim.Alarm;

/// A CPU in front of another: does everything as that one does. Each call goes through [#enter] first.
abstract class ForwardingCpu implements Cpu {
    private final Cpu inner;

    ForwardingCpu(Cpu inner) {
        this.inner = inner;
    }

    /// The one behind.
    final Cpu inner() {
        return inner;
    }

    /// The program calls.
    void enter() {}

    @Override
    public int load8(long address) {
        enter();
        return inner.load8(address);
    }

    @Override
    public int load16(long address) {
        enter();
        return inner.load16(address);
    }

    @Override
    public long load32(long address) {
        enter();
        return inner.load32(address);
    }

    @Override
    public long load64(long address) {
        enter();
        return inner.load64(address);
    }

    @Override
    public void store8(long address, int value) {
        enter();
        inner.store8(address, value);
    }

    @Override
    public void store16(long address, int value) {
        enter();
        inner.store16(address, value);
    }

    @Override
    public void store32(long address, long value) {
        enter();
        inner.store32(address, value);
    }

    @Override
    public void store64(long address, long value) {
        enter();
        inner.store64(address, value);
    }

    @Override
    public void loadBytes(long address, byte[] into, int offset, int byteCount) {
        enter();
        inner.loadBytes(address, into, offset, byteCount);
    }

    @Override
    public void storeBytes(long address, byte[] from, int offset, int byteCount) {
        enter();
        inner.storeBytes(address, from, offset, byteCount);
    }

    @Override
    public int mmioRead8(long address) {
        enter();
        return inner.mmioRead8(address);
    }

    @Override
    public int mmioRead16(long address) {
        enter();
        return inner.mmioRead16(address);
    }

    @Override
    public long mmioRead32(long address) {
        enter();
        return inner.mmioRead32(address);
    }

    @Override
    public void mmioWrite8(long address, int value) {
        enter();
        inner.mmioWrite8(address, value);
    }

    @Override
    public void mmioWrite16(long address, int value) {
        enter();
        inner.mmioWrite16(address, value);
    }

    @Override
    public void mmioWrite32(long address, long value) {
        enter();
        inner.mmioWrite32(address, value);
    }

    @Override
    public long mmioRead64(long address) {
        enter();
        return inner.mmioRead64(address);
    }

    @Override
    public void mmioWrite64(long address, long value) {
        enter();
        inner.mmioWrite64(address, value);
    }

    @Override
    public long mmioRead32Relaxed(long address) {
        enter();
        return inner.mmioRead32Relaxed(address);
    }

    @Override
    public void mmioWrite32Relaxed(long address, long value) {
        enter();
        inner.mmioWrite32Relaxed(address, value);
    }

    @Override
    public void mmioReadRepeat(long registerAddress, long address, int byteCount) {
        enter();
        inner.mmioReadRepeat(registerAddress, address, byteCount);
    }

    @Override
    public void mmioWriteRepeat(long registerAddress, long address, int byteCount) {
        enter();
        inner.mmioWriteRepeat(registerAddress, address, byteCount);
    }

    @Override
    public int inb(int port) {
        enter();
        return inner.inb(port);
    }

    @Override
    public int inw(int port) {
        enter();
        return inner.inw(port);
    }

    @Override
    public void outb(int value, int port) {
        enter();
        inner.outb(value, port);
    }

    @Override
    public void outw(int value, int port) {
        enter();
        inner.outw(value, port);
    }

    @Override
    public void cleanCache(long address, long byteCount) {
        enter();
        inner.cleanCache(address, byteCount);
    }

    @Override
    public void invalidateCache(long address, long byteCount) {
        enter();
        inner.invalidateCache(address, byteCount);
    }

    @Override
    public void cleanAndInvalidateCache(long address, long byteCount) {
        enter();
        inner.cleanAndInvalidateCache(address, byteCount);
    }

    @Override
    public void barrier() {
        enter();
        inner.barrier();
    }

    @Override
    public void readBarrier() {
        enter();
        inner.readBarrier();
    }

    @Override
    public void writeBarrier() {
        enter();
        inner.writeBarrier();
    }

    @Override
    public void dmaReadBarrier() {
        enter();
        inner.dmaReadBarrier();
    }

    @Override
    public void dmaWriteBarrier() {
        enter();
        inner.dmaWriteBarrier();
    }

    @Override
    public void setMemoryType(long address, long byteCount, MemoryType type) {
        enter();
        inner.setMemoryType(address, byteCount, type);
    }

    @Override
    public void requestInterrupt(int line, Runnable handler) {
        enter();
        inner.requestInterrupt(line, handler);
    }

    @Override
    public void freeInterrupt(int line) {
        enter();
        inner.freeInterrupt(line);
    }

    @Override
    public void disableInterrupt(int line) {
        enter();
        inner.disableInterrupt(line);
    }

    @Override
    public void enableInterrupt(int line) {
        enter();
        inner.enableInterrupt(line);
    }

    @Override
    public boolean saveInterrupts() {
        enter();
        return inner.saveInterrupts();
    }

    @Override
    public void restoreInterrupts(boolean enabled) {
        enter();
        inner.restoreInterrupts(enabled);
    }

    @Override
    public boolean inAtomicContext() {
        enter();
        return inner.inAtomicContext();
    }

    @Override
    public Alarm timer(String name, Runnable action) {
        enter();
        return inner.timer(name, action);
    }

    @Override
    public void spawn(String name, Runnable body) {
        enter();
        inner.spawn(name, body);
    }

    @Override
    public void reschedule() {
        enter();
        inner.reschedule();
    }

    @Override
    public boolean await(Completion completion, long timeoutPicos) {
        enter();
        return inner.await(completion, timeoutPicos);
    }

    @Override
    public void await(Completion completion) {
        enter();
        inner.await(completion);
    }

    @Override
    public void delay(long picos) {
        enter();
        inner.delay(picos);
    }

    @Override
    public long nowPicos() {
        enter();
        return inner.nowPicos();
    }

    @Override
    public void beginTransfer(long byteCount) {
        enter();
        inner.beginTransfer(byteCount);
    }

    @Override
    public void endTransfer() {
        enter();
        inner.endTransfer();
    }

    @Override
    public boolean isBigEndian() {
        return inner.isBigEndian();
    }

    @Override
    public Cpu unwatched() {
        return inner.unwatched();
    }
}
