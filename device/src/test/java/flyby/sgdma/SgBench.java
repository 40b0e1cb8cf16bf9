package flyby.sgdma;

import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.sgdma.layout.SgDescriptor;
import flyby.sgdma.layout.SgRegisters;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import flyby.workbench.Recorded;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/// An engine at a memory that answers after as long as the test likes, in any order: what is read is what is there
/// when the answer comes, and what is written is there from then on.
final class SgBench implements DeviceHost {
    static final int MEMORY_BYTES = 1 << 18;

    /// Accesses at and behind here get this answer instead of bytes.
    static final long NOWHERE = 1L << 40;

    static final long POISONED = 1L << 41;

    final Simulation simulation = new Simulation(0, Trace.off());
    final byte[] memory = new byte[MEMORY_BYTES];
    final Device engine;
    private final Recorded recorded = new Recorded();
    private final LongSupplier latencyPicos;
    private final boolean[] levels = new boolean[SgRegisters.CHANNELS_MAX];
    private final int[] edges = new int[SgRegisters.CHANNELS_MAX];
    int underWay;
    int underWayMax;
    int accesses;
    long lastWritePicos;

    SgBench(SgProfile profile, LongSupplier latencyPicos) {
        this.latencyPicos = latencyPicos;
        engine = recorded.around(maker(profile)).apply(this);
    }

    /// An engine with `around` at its seam.
    SgBench(SgProfile profile, LongSupplier latencyPicos, UnaryOperator<Function<DeviceHost, Device>> around) {
        this.latencyPicos = latencyPicos;
        engine = around.apply(maker(profile)).apply(this);
    }

    private static Function<DeviceHost, Device> maker(SgProfile profile) {
        return host -> new SgDmaEngine(host, "sg", profile);
    }

    /// Another engine does all that again. Nothing may be done after it.
    void replay() {
        recorded.replay();
    }

    long read(int channel, int register) {
        int byteCount = register == SgRegisters.PROGRESS || register >= SgRegisters.CURRENT ? 8 : 4;
        return engine.readRegister(0, SgRegisters.at(channel, register), byteCount);
    }

    void write(int channel, int register, long value) {
        engine.writeRegister(0, SgRegisters.at(channel, register), 8, value);
    }

    int state(int channel) {
        return (int) SgRegisters.STATUS_STATE.of(read(channel, SgRegisters.STATUS));
    }

    int error(int channel) {
        return (int) SgRegisters.STATUS_ERROR.of(read(channel, SgRegisters.STATUS));
    }

    int done(int channel) {
        return (int) SgRegisters.PROGRESS_DONE.of(read(channel, SgRegisters.PROGRESS));
    }

    long written(int channel) {
        return SgRegisters.PROGRESS_WRITTEN.of(read(channel, SgRegisters.PROGRESS));
    }

    /// How often the vector of `channel` was asserted.
    int interrupts(int channel) {
        return edges[channel];
    }

    boolean isAsserted(int channel) {
        return levels[channel];
    }

    long word(long address) {
        return LittleEndian.get(memory, (int) address, 8);
    }

    void put(long address, long value, int byteCount) {
        LittleEndian.put(value, memory, (int) address, byteCount);
    }

    /// Stores a descriptor.
    void descriptor(long at, int type, long flags, long source, long destination, long length, long next) {
        put(at + SgDescriptor.CONTROL, SgDescriptor.control(type, flags), 4);
        put(at + SgDescriptor.LENGTH, length, 4);
        put(at + SgDescriptor.SOURCE, source, 8);
        put(at + SgDescriptor.DESTINATION, destination, 8);
        put(at + SgDescriptor.NEXT, next, 8);
        put(at + SgDescriptor.FRAMES, 0, 8);
        put(at + SgDescriptor.SOURCE_GAP, 0, 8);
        put(at + SgDescriptor.STATUS, 0, 8);
    }

    void start(int channel, long chain, long record, long config, int count) {
        write(channel, SgRegisters.CHAIN, chain);
        write(channel, SgRegisters.RECORD, record);
        write(channel, SgRegisters.CONFIG, config);
        write(channel, SgRegisters.COUNT, count);
        write(channel, SgRegisters.COMMAND, SgRegisters.COMMAND_START.mask());
    }

    void terminate(int channel) {
        write(channel, SgRegisters.COMMAND, SgRegisters.COMMAND_TERMINATE.mask());
    }

    @Override
    public long nowPicos() {
        return simulation.nowPicos();
    }

    @Override
    public Alarm alarm(String name, Runnable action) {
        return simulation.event(name, action);
    }

    @Override
    public void submit(Transaction transaction) {
        transaction.accept();
        underWay++;
        accesses++;
        underWayMax = Math.max(underWayMax, underWay);
        long picos = latencyPicos.getAsLong();
        if (picos == 0) {
            finish(transaction);
        } else {
            simulation.event("access", () -> finish(transaction)).in(picos);
        }
    }

    private void finish(Transaction transaction) {
        underWay--;
        long address = transaction.iova();
        if (address < 0 || address + transaction.byteCount() > memory.length) {
            transaction.complete(address >= POISONED ? Status.POISONED : Status.ADDRESS_ERROR);
            return;
        }
        if (transaction.kind() == Kind.WRITE) {
            System.arraycopy(transaction.data(), 0, memory, (int) address, transaction.byteCount());
            lastWritePicos = nowPicos();
        } else {
            System.arraycopy(memory, (int) address, transaction.data(), 0, transaction.byteCount());
        }
        transaction.complete(Status.SUCCESS);
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        if (asserted && !levels[vector]) {
            edges[vector]++;
        }
        levels[vector] = asserted;
    }

    @Override
    public long currentTransfer() {
        return 0;
    }

    @Override
    public Trace trace() {
        return simulation.trace();
    }
}
