package flyby.check;

import flyby.base.LittleEndian;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.bus.MemoryType;
import flyby.sim.Alarm;

/// The CPU as the driver's program sees it, watched.
final class CheckedCpu implements Cpu {
    private final Cpu cpu;
    private final World world;
    private final CpuRules rules;
    private final byte[] word = new byte[Long.BYTES];

    CheckedCpu(Cpu cpu, World world, CpuRules rules) {
        this.cpu = cpu;
        this.world = world;
        this.rules = rules;
    }

    @Override
    public Cpu unwatched() {
        return cpu.unwatched();
    }

    // Loads and stores.

    private long loaded(long address, int byteCount, long value, long before) {
        if (world.isKernels(address)) {
            LittleEndian.put(value, word, 0, byteCount);
            rules.loaded(address, word, 0, byteCount, before);
        }
        return value;
    }

    @Override
    public int load8(long address) {
        long before = world.records.latest();
        return (int) loaded(address, 1, cpu.load8(address), before);
    }

    @Override
    public int load16(long address) {
        long before = world.records.latest();
        return (int) loaded(address, 2, cpu.load16(address), before);
    }

    @Override
    public long load32(long address) {
        long before = world.records.latest();
        return loaded(address, 4, cpu.load32(address), before);
    }

    @Override
    public long load64(long address) {
        long before = world.records.latest();
        return loaded(address, 8, cpu.load64(address), before);
    }

    @Override
    public void loadBytes(long address, byte[] into, int offset, int byteCount) {
        long before = world.records.latest();
        cpu.loadBytes(address, into, offset, byteCount);
        if (world.isKernels(address)) {
            rules.loaded(address, into, offset, byteCount, before);
        }
    }

    private boolean storing(long address, int byteCount, long value) {
        boolean isMemory = world.isKernels(address);
        if (isMemory) {
            LittleEndian.put(value, word, 0, byteCount);
            rules.storing(address, word, 0, byteCount);
        }
        return isMemory;
    }

    private void stored(boolean isMemory) {
        if (isMemory) {
            rules.stored();
        }
    }

    @Override
    public void store8(long address, int value) {
        boolean isMemory = storing(address, 1, value);
        cpu.store8(address, value);
        stored(isMemory);
    }

    @Override
    public void store16(long address, int value) {
        boolean isMemory = storing(address, 2, value);
        cpu.store16(address, value);
        stored(isMemory);
    }

    @Override
    public void store32(long address, long value) {
        boolean isMemory = storing(address, 4, value);
        cpu.store32(address, value);
        stored(isMemory);
    }

    @Override
    public void store64(long address, long value) {
        boolean isMemory = storing(address, 8, value);
        cpu.store64(address, value);
        stored(isMemory);
    }

    @Override
    public void storeBytes(long address, byte[] from, int offset, int byteCount) {
        boolean isMemory = world.isKernels(address);
        if (isMemory) {
            rules.storing(address, from, offset, byteCount);
        }
        cpu.storeBytes(address, from, offset, byteCount);
        stored(isMemory);
    }

    // Registers.

    private void writing(long address, int byteCount, long value) {
        CallSite site = world.sites.here();
        long number = world.records.add(Records.Kind.REGISTER, "cpu0", address, value, byteCount, site, world.now());
        world.registers.issued(new RegisterWrites.Write(number, address, value, byteCount, site, world.now()));
    }

    /// All that was written before has arrived, as the answer came behind it.
    private void read() {
        world.registers.flushed(world.now());
        world.values.ordered();
    }

    @Override
    public int mmioRead8(long address) {
        int value = cpu.mmioRead8(address);
        read();
        return value;
    }

    @Override
    public int mmioRead16(long address) {
        int value = cpu.mmioRead16(address);
        read();
        return value;
    }

    @Override
    public long mmioRead32(long address) {
        long value = cpu.mmioRead32(address);
        read();
        return value;
    }

    @Override
    public long mmioRead64(long address) {
        long value = cpu.mmioRead64(address);
        read();
        return value;
    }

    @Override
    public void mmioWrite8(long address, int value) {
        writing(address, 1, value);
        cpu.mmioWrite8(address, value);
        world.values.ordered();
    }

    @Override
    public void mmioWrite16(long address, int value) {
        writing(address, 2, value);
        cpu.mmioWrite16(address, value);
        world.values.ordered();
    }

    @Override
    public void mmioWrite32(long address, long value) {
        writing(address, 4, value);
        cpu.mmioWrite32(address, value);
        world.values.ordered();
    }

    @Override
    public void mmioWrite64(long address, long value) {
        writing(address, 8, value);
        cpu.mmioWrite64(address, value);
        world.values.ordered();
    }

    @Override
    public long mmioRead32Relaxed(long address) {
        long value = cpu.mmioRead32Relaxed(address);
        world.registers.flushed(world.now());
        return value;
    }

    @Override
    public void mmioWrite32Relaxed(long address, long value) {
        writing(address, 4, value);
        cpu.mmioWrite32Relaxed(address, value);
    }

    @Override
    public void mmioReadRepeat(long registerAddress, long address, int byteCount) {
        cpu.mmioReadRepeat(registerAddress, address, byteCount);
        if (world.isKernels(address)) {
            rules.filled(address, byteCount);
        }
        read();
    }

    @Override
    public void mmioWriteRepeat(long registerAddress, long address, int byteCount) {
        cpu.mmioWriteRepeat(registerAddress, address, byteCount);
    }

    @Override
    public int inb(int port) {
        return cpu.inb(port);
    }

    @Override
    public int inw(int port) {
        return cpu.inw(port);
    }

    @Override
    public void outb(int value, int port) {
        writing(port, 1, value);
        cpu.outb(value, port);
        read();
    }

    @Override
    public void outw(int value, int port) {
        writing(port, 2, value);
        cpu.outw(value, port);
        read();
    }

    // Caches and order.

    @Override
    public void cleanCache(long address, long byteCount) {
        cpu.cleanCache(address, byteCount);
        world.values.ordered();
    }

    @Override
    public void invalidateCache(long address, long byteCount) {
        cpu.invalidateCache(address, byteCount);
        world.values.ordered();
        rules.invalidated(address, byteCount);
        world.lines.invalidatedFor(0, 0, world.sites.here());
    }

    @Override
    public void cleanAndInvalidateCache(long address, long byteCount) {
        cpu.cleanAndInvalidateCache(address, byteCount);
        world.values.ordered();
        rules.invalidated(address, byteCount);
    }

    @Override
    public void barrier() {
        cpu.barrier();
        world.values.ordered();
    }

    @Override
    public void readBarrier() {
        cpu.readBarrier();
        world.values.ordered();
    }

    @Override
    public void writeBarrier() {
        cpu.writeBarrier();
    }

    @Override
    public void dmaReadBarrier() {
        cpu.dmaReadBarrier();
        world.values.ordered();
    }

    @Override
    public void dmaWriteBarrier() {
        cpu.dmaWriteBarrier();
    }

    @Override
    public void setMemoryType(long address, long byteCount, MemoryType type) {
        cpu.setMemoryType(address, byteCount, type);
    }

    // Interrupts, threads, time.

    @Override
    public void requestInterrupt(int line, Runnable handler) {
        cpu.requestInterrupt(line, () -> apart(handler));
    }

    /// What runs on top of a thread decides for itself.
    private void apart(Runnable handler) {
        world.values.ordered();
        handler.run();
        world.values.ordered();
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
    public Alarm timer(String name, Runnable action) {
        return cpu.timer(name, () -> apart(action));
    }

    @Override
    public void spawn(String name, Runnable body) {
        cpu.spawn(name, body);
    }

    @Override
    public void reschedule() {
        cpu.reschedule();
        world.values.ordered();
    }

    @Override
    public boolean await(Completion completion, long timeoutPicos) {
        boolean isComplete = cpu.await(completion, timeoutPicos);
        world.values.ordered();
        return isComplete;
    }

    @Override
    public void await(Completion completion) {
        cpu.await(completion);
        world.values.ordered();
    }

    @Override
    public void delay(long picos) {
        cpu.delay(picos);
        world.values.ordered();
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
