package flyby.traffic;

import static flyby.traffic.layout.TrafficRegisters.ADDRESS;
import static flyby.traffic.layout.TrafficRegisters.CONTROL;
import static flyby.traffic.layout.TrafficRegisters.CONTROL_CHECK;
import static flyby.traffic.layout.TrafficRegisters.CONTROL_INTERRUPT;
import static flyby.traffic.layout.TrafficRegisters.CONTROL_RANDOM;
import static flyby.traffic.layout.TrafficRegisters.CONTROL_READ_BACK;
import static flyby.traffic.layout.TrafficRegisters.CONTROL_START;
import static flyby.traffic.layout.TrafficRegisters.CONTROL_STOP;
import static flyby.traffic.layout.TrafficRegisters.COUNT;
import static flyby.traffic.layout.TrafficRegisters.DEPTH;
import static flyby.traffic.layout.TrafficRegisters.DONE_COUNT;
import static flyby.traffic.layout.TrafficRegisters.INTERVAL;
import static flyby.traffic.layout.TrafficRegisters.OFFSET;
import static flyby.traffic.layout.TrafficRegisters.READS;
import static flyby.traffic.layout.TrafficRegisters.SEED;
import static flyby.traffic.layout.TrafficRegisters.SIZE;
import static flyby.traffic.layout.TrafficRegisters.STATUS;
import static flyby.traffic.layout.TrafficRegisters.STATUS_BUSY;
import static flyby.traffic.layout.TrafficRegisters.STATUS_END;
import static flyby.traffic.layout.TrafficRegisters.STATUS_ERROR;
import static flyby.traffic.layout.TrafficRegisters.STRIDE;
import static flyby.traffic.layout.TrafficRegisters.UNIT;
import static flyby.traffic.layout.TrafficRegisters.WARM_UP;
import static flyby.traffic.layout.TrafficRegisters.WINDOW;
import static flyby.traffic.layout.TrafficRegisters.WRITES;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import flyby.traffic.layout.Stamps;
import java.util.Arrays;

/// A device that reads and writes memory as its registers say (`flyby.traffic.layout`), and measures how that goes.
///
/// An operation is taken up by an engine, waits inside the device as [DmaEngine] says, goes to the host, and if it
/// has read, waits until its bytes have been passed on. That is its latency; what it waits inside the device holds
/// nothing of the host's.
///
/// Each write of 8 bytes or more begins with a number of its own, which is how what is read back is known.
public final class TrafficGenerator implements Device {
    /// The only interrupt vector.
    public static final int VECTOR = 0;

    private static final long UNSIGNED_32 = 0xffff_ffffL;

    private final DeviceHost host;
    private final DmaEngine engine;
    private final int byteCountMax;
    private final Operation[] operations;
    /// Those that are not under way, in the first `freeCount` places.
    private final Operation[] free;

    private final TrafficResults results = new TrafficResults();
    private final Places places = new Places();
    private final DelayLine beforeRead;
    private final DelayLine beforeWrite;
    private final DelayLine afterRead;
    private final Alarm nextStart;
    /// The write of an operation that reads back: over for the engine when the host has it.
    private final Transaction backWrite;

    private final Trace trace;
    private final int enginePhase;
    private final int requestPhase;

    private long address;
    private long window;
    private long seed;
    private long count;
    private long warmUp;
    private long intervalPicos;
    private int size;
    private long offset;
    private long unit;
    private long stride;
    private long reads;
    private long writes;
    private long depth;
    private boolean random;
    private boolean readBack;
    private boolean interruptEnabled;
    private boolean checked;
    private boolean busy;
    private boolean stopping;
    private boolean end;
    private boolean error;

    private int freeCount;
    private int staleCount;
    private boolean backWriteStale;
    private long startedCount;
    private long doneCount;
    /// Whose turn it is: a read's from WRITES on. A read takes WRITES from it, a write adds READS.
    private long turn;

    private long readEngineFreePicos;
    private long writeEngineFreePicos;
    private long nextStartPicos;
    private boolean starting;

    /// A generator in its state after power-on.
    ///
    /// @param name how traces call it
    /// @param depthMax the most operations under way at once, 1 or more; it has a buffer for each
    /// @param byteCountMax the largest operation, 1 or more
    public TrafficGenerator(DeviceHost host, String name, DmaEngine engine, int depthMax, int byteCountMax) {
        Check.that(depthMax >= 1 && byteCountMax >= 1, "%d operations of %d bytes", depthMax, byteCountMax);
        this.host = host;
        this.engine = engine;
        this.byteCountMax = byteCountMax;
        this.operations = new Operation[depthMax];
        Arrays.setAll(operations, _ -> new Operation(this::over, byteCountMax));
        this.free = operations.clone();
        this.beforeRead = new DelayLine(host, name + " read", depthMax, this::read);
        this.beforeWrite = new DelayLine(host, name + " write", depthMax, this::write);
        this.afterRead = new DelayLine(host, name + " data", depthMax, this::finish);
        this.nextStart = host.alarm(name + " start", this::goOn);
        this.backWrite = new Transaction(this::backWritten, byteCountMax);
        this.trace = host.trace();
        this.enginePhase = trace.name("device");
        this.requestPhase = trace.name("request");
        reset();
    }

    /// What the current or last job has measured. For whoever owns the device; software sees its registers.
    public TrafficResults results() {
        return results;
    }

    @Override
    public void reset() {
        nextStart.cancel();
        freeCount = 0;
        staleCount = 0;
        beforeRead.clear();
        beforeWrite.clear();
        afterRead.clear();
        for (Operation operation : operations) {
            // What the host has cannot be called back; its answer will be dropped.
            operation.stale = !operation.transaction.isFree();
            if (operation.stale) {
                staleCount++;
            } else {
                free[freeCount++] = operation;
            }
        }
        backWriteStale = !backWrite.isFree();
        address = 0;
        window = 0;
        seed = 0;
        count = 0;
        warmUp = 0;
        intervalPicos = 0;
        size = byteCountMax;
        offset = 0;
        unit = 64;
        stride = 1;
        reads = 1;
        writes = 0;
        depth = operations.length;
        random = false;
        readBack = false;
        interruptEnabled = false;
        checked = false;
        busy = false;
        stopping = false;
        end = false;
        error = false;
        startedCount = 0;
        doneCount = 0;
        host.interrupt(VECTOR, false);
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (region != 0 || offset < 0 || offset > STATUS) {
            return ABSENT;
        }
        return switch ((int) offset) {
            case ADDRESS -> address;
            case WINDOW -> window;
            case SEED -> seed;
            case COUNT -> count;
            case WARM_UP -> warmUp;
            case INTERVAL -> intervalPicos;
            case DONE_COUNT -> doneCount;
            case SIZE -> size;
            case OFFSET -> this.offset;
            case UNIT -> unit;
            case STRIDE -> stride;
            case READS -> reads;
            case WRITES -> writes;
            case DEPTH -> depth;
            case CONTROL ->
                CONTROL_RANDOM.to(random ? 1 : 0)
                        | CONTROL_READ_BACK.to(readBack ? 1 : 0)
                        | CONTROL_INTERRUPT.to(interruptEnabled ? 1 : 0)
                        | CONTROL_CHECK.to(checked ? 1 : 0);
            case STATUS -> STATUS_BUSY.to(busy ? 1 : 0) | STATUS_END.to(end ? 1 : 0) | STATUS_ERROR.to(error ? 1 : 0);
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (region != 0 || offset < 0 || offset > STATUS) {
            return;
        }
        if (offset == STATUS) {
            end &= !STATUS_END.isSet(value);
            error &= !STATUS_ERROR.isSet(value);
            driveInterrupt();
        } else if (!busy) {
            program((int) offset, value);
        } else if (offset == CONTROL && CONTROL_STOP.isSet(value)) {
            stopping = true;
            endIfOver();
        }
    }

    private void program(int register, long value) {
        switch (register) {
            case ADDRESS -> address = value;
            case WINDOW -> window = value & Long.MAX_VALUE;
            case SEED -> seed = value;
            case COUNT -> count = value & Long.MAX_VALUE;
            case WARM_UP -> warmUp = value & Long.MAX_VALUE;
            case INTERVAL -> intervalPicos = value & UNSIGNED_32;
            case SIZE -> size = Math.clamp(value & UNSIGNED_32, 1, byteCountMax);
            case OFFSET -> offset = value & UNSIGNED_32;
            case UNIT -> unit = Math.max(value & UNSIGNED_32, 1);
            case STRIDE -> stride = value & UNSIGNED_32;
            case READS -> reads = value & UNSIGNED_32;
            case WRITES -> writes = value & UNSIGNED_32;
            case DEPTH -> depth = Math.clamp(value & UNSIGNED_32, 1, operations.length);
            case CONTROL -> writeControl(value);
            default -> {
                // DONE_COUNT can only be read, and between registers there is nothing.
            }
        }
    }

    private void writeControl(long value) {
        random = CONTROL_RANDOM.isSet(value);
        readBack = CONTROL_READ_BACK.isSet(value);
        interruptEnabled = CONTROL_INTERRUPT.isSet(value);
        checked = CONTROL_CHECK.isSet(value);
        driveInterrupt();
        if (CONTROL_START.isSet(value)) {
            start();
        }
    }

    private void start() {
        busy = true;
        stopping = false;
        startedCount = 0;
        doneCount = 0;
        turn = 0;
        places.begin(address, window, unit, stride, random, seed);
        long now = host.nowPicos();
        results.begin(now);
        readEngineFreePicos = now;
        writeEngineFreePicos = now;
        nextStartPicos = now;
        goOn();
    }

    /// Starts what there is room for, as soon as its engine is free.
    private void goOn() {
        // A host may complete a transaction in the very call that submits it; that makes room for this loop.
        if (starting) {
            return;
        }
        starting = true;
        while (mayStart()) {
            boolean isRead = !readBack && turn >= writes;
            long engineFreePicos = isRead ? readEngineFreePicos : writeEngineFreePicos;
            long startPicos = Math.max(nextStartPicos, engineFreePicos);
            if (startPicos > host.nowPicos()) {
                nextStart.at(startPicos);
                break;
            }
            start(free[--freeCount], isRead);
        }
        starting = false;
        endIfOver();
    }

    private boolean mayStart() {
        boolean isRoom = readBack ? underWay() == 0 && backWrite.isFree() : underWay() < depth && freeCount > 0;
        return busy && !stopping && isRoom && (count == 0 || startedCount < count);
    }

    private void start(Operation operation, boolean isRead) {
        long now = host.nowPicos();
        operation.startPicos = now;
        operation.iova = places.next() + offset;
        operation.stamp = checked ? Stamps.of(operation.iova - address) : startedCount;
        startedCount++;
        turn += isRead ? -writes : reads;
        nextStartPicos = now + intervalPicos;
        operation.transfer = 0;
        if (trace.isOn()) {
            operation.transfer = trace.newTransfer();
            trace.transferBegin(now, operation.transfer, enginePhase, size);
        }
        if (isRead) {
            readEngineFreePicos = now + engine.readPicos();
            beforeRead.enter(operation, engine.readLatencyPicos());
        } else {
            writeEngineFreePicos = now + engine.writeEnginePicos(size);
            beforeWrite.enter(operation, engine.writeLatencyPicos() + engine.bytesPicos(size));
        }
    }

    private void read(Operation operation) {
        submit(operation, Kind.READ);
    }

    private void write(Operation operation) {
        if (!readBack) {
            stamp(operation.transaction, operation.stamp);
            submit(operation, Kind.WRITE);
            return;
        }
        stamp(backWrite, operation.stamp);
        backWrite.begin(Kind.WRITE, operation.iova, size, Tenure.RELEASE, operation.transfer);
        host.submit(backWrite);
        stamp(operation.transaction, ~operation.stamp);
        beforeRead.enter(operation, engine.readLatencyPicos());
    }

    private void stamp(Transaction transaction, long value) {
        LittleEndian.put(value, transaction.data(), 0, Math.min(size, Stamps.BYTES));
    }

    private void submit(Operation operation, Kind kind) {
        if (trace.isOn()) {
            trace.phase(host.nowPicos(), operation.transfer, requestPhase);
        }
        operation.transaction.begin(kind, operation.iova, size, Tenure.RELEASE, operation.transfer);
        host.submit(operation.transaction);
    }

    /// The write of an operation that reads back has left the host.
    private void backWritten(Transaction transaction, Status status) {
        if (backWriteStale) {
            backWriteStale = false;
        } else if (status != Status.SUCCESS) {
            error = true;
            results.failed(host.nowPicos());
        }
        goOn();
    }

    /// The host is done with `operation`.
    private void over(Operation operation, Status status) {
        if (operation.stale) {
            operation.stale = false;
            staleCount--;
            free[freeCount++] = operation;
            goOn();
            return;
        }
        if (trace.isOn()) {
            trace.phase(host.nowPicos(), operation.transfer, enginePhase);
        }
        boolean isRead = operation.transaction.kind() == Kind.READ;
        if (status != Status.SUCCESS) {
            error = true;
            results.failed(host.nowPicos());
            release(operation);
        } else if (isRead) {
            afterRead.enter(operation, engine.bytesPicos(size));
        } else {
            results.done(host.nowPicos(), host.nowPicos() - operation.startPicos, 0, size);
            release(operation);
        }
    }

    /// The bytes of a read are where they belong.
    private void finish(Operation operation) {
        if ((readBack || checked) && !hasStamp(operation)) {
            error = true;
            results.wrong();
        }
        results.done(host.nowPicos(), host.nowPicos() - operation.startPicos, size, readBack ? size : 0);
        release(operation);
    }

    private boolean hasStamp(Operation operation) {
        int count = Math.min(size, Stamps.BYTES);
        int unusedBits = Long.SIZE - Byte.SIZE * count;
        long stamp = LittleEndian.get(operation.transaction.data(), 0, count);
        return stamp == operation.stamp << unusedBits >>> unusedBits;
    }

    private void release(Operation operation) {
        if (trace.isOn()) {
            trace.transferEnd(host.nowPicos(), operation.transfer);
        }
        free[freeCount++] = operation;
        doneCount++;
        if (doneCount == warmUp) {
            results.begin(host.nowPicos());
        }
        goOn();
    }

    private int underWay() {
        return operations.length - freeCount - staleCount;
    }

    private void endIfOver() {
        boolean noneFollows = stopping || (count != 0 && startedCount >= count);
        if (busy && !starting && noneFollows && underWay() == 0 && backWrite.isFree()) {
            nextStart.cancel();
            busy = false;
            end = true;
            driveInterrupt();
        }
    }

    private void driveInterrupt() {
        host.interrupt(VECTOR, interruptEnabled && end);
    }
}
