package flyby.sgdma;

import static flyby.sgdma.layout.SgRegisters.CHAIN;
import static flyby.sgdma.layout.SgRegisters.COMMAND;
import static flyby.sgdma.layout.SgRegisters.COMMAND_PAUSE;
import static flyby.sgdma.layout.SgRegisters.COMMAND_RESUME;
import static flyby.sgdma.layout.SgRegisters.COMMAND_START;
import static flyby.sgdma.layout.SgRegisters.COMMAND_TERMINATE;
import static flyby.sgdma.layout.SgRegisters.CONFIG;
import static flyby.sgdma.layout.SgRegisters.CONFIG_INTERRUPT;
import static flyby.sgdma.layout.SgRegisters.CONFIG_PRIORITY;
import static flyby.sgdma.layout.SgRegisters.CONFIG_RELAXED;
import static flyby.sgdma.layout.SgRegisters.CONFIG_UNCOUNTED;
import static flyby.sgdma.layout.SgRegisters.COUNT;
import static flyby.sgdma.layout.SgRegisters.CURRENT;
import static flyby.sgdma.layout.SgRegisters.ERROR_ALIGNMENT;
import static flyby.sgdma.layout.SgRegisters.ERROR_NONE;
import static flyby.sgdma.layout.SgRegisters.EVENTS;
import static flyby.sgdma.layout.SgRegisters.FAULT_ADDRESS;
import static flyby.sgdma.layout.SgRegisters.FETCHED;
import static flyby.sgdma.layout.SgRegisters.KNOWN;
import static flyby.sgdma.layout.SgRegisters.PROGRESS;
import static flyby.sgdma.layout.SgRegisters.PROGRESS_DONE;
import static flyby.sgdma.layout.SgRegisters.PROGRESS_WRITTEN;
import static flyby.sgdma.layout.SgRegisters.RECORD;
import static flyby.sgdma.layout.SgRegisters.STATE_HALTED;
import static flyby.sgdma.layout.SgRegisters.STATE_HALTING;
import static flyby.sgdma.layout.SgRegisters.STATE_IDLE;
import static flyby.sgdma.layout.SgRegisters.STATE_PAUSED;
import static flyby.sgdma.layout.SgRegisters.STATE_PAUSING;
import static flyby.sgdma.layout.SgRegisters.STATE_RUNNING;
import static flyby.sgdma.layout.SgRegisters.STATE_STOPPING;
import static flyby.sgdma.layout.SgRegisters.STATUS;
import static flyby.sgdma.layout.SgRegisters.STATUS_ERROR;
import static flyby.sgdma.layout.SgRegisters.STATUS_STATE;

import flyby.bus.AddressType;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Tenure;
import flyby.sgdma.layout.SgRecord;
import flyby.sim.Alarm;
import flyby.trace.Trace;

/// A channel: its state, and the descriptors that it keeps, from their arrival until they are done.
///
/// ```
///  Chain ---> [ kept: done? ... written? ... begun? ... to begin ] ---> units
///  (fetches)     ^ oldest        retired in order                   Report (status, record, interrupt)
/// ```
final class SgChannel {
    private static final long UNSIGNED_32 = 0xffff_ffffL;

    private final DeviceHost host;
    private final SgProfile profile;
    private final Runnable arbitrate;
    private final Chain chain;
    private final Report report;
    private final Alarm setup;
    private final Trace trace;
    private final int track;
    private final int busyName;
    private final int doneName;
    private final int enginePhase;

    /// The descriptors kept: `keptCount` from `oldest` on, round the end.
    private final Slot[] slots;

    private int oldest;
    private int keptCount;
    /// How many of them have begun all their units.
    private int begunCount;

    private int state;
    private int error;
    private long faultAddress;
    private long config;
    private long transfer;
    private boolean isStepping;
    private boolean isStepDue;

    SgChannel(DeviceHost host, String engine, int index, SgProfile profile, Runnable arbitrate) {
        this.host = host;
        this.profile = profile;
        this.arbitrate = arbitrate;
        slots = new Slot[profile.prefetch()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot();
        }
        chain = new Chain(host, this, profile);
        report = new Report(host, this, index);
        setup = host.alarm(engine + " channel " + index + " set-up", this::step);
        trace = host.trace();
        track = trace.track(engine, "channel " + index);
        busyName = trace.name("descriptors");
        doneName = trace.name("done");
        enginePhase = trace.name("engine");
    }

    void reset() {
        setup.cancel();
        forget();
        state = STATE_IDLE;
        error = ERROR_NONE;
        faultAddress = 0;
        config = 0;
        transfer = 0;
        chain.reset();
        report.reset();
    }

    private void forget() {
        kept(-keptCount);
        oldest = 0;
        begunCount = 0;
    }

    /// So many descriptors more, or fewer.
    private void kept(int change) {
        boolean wasBusy = keptCount > 0;
        keptCount += change;
        if (trace.isOn() && wasBusy != keptCount > 0) {
            if (wasBusy) {
                trace.end(host.nowPicos(), track);
            } else {
                trace.begin(host.nowPicos(), track, busyName, transfer, slots[oldest].address);
            }
        }
    }

    // Registers.

    long readRegister(int register) {
        return switch (register) {
            case CHAIN -> chain.begin;
            case RECORD -> report.address;
            case CONFIG -> config;
            case STATUS -> STATUS_STATE.to(state) | STATUS_ERROR.to(error);
            case COUNT -> chain.count & UNSIGNED_32;
            case KNOWN -> report.known & UNSIGNED_32;
            case EVENTS -> report.events;
            case FETCHED -> chain.fetched & UNSIGNED_32;
            case PROGRESS ->
                PROGRESS_DONE.to(report.doneCount)
                        | PROGRESS_WRITTEN.to(keptCount > 0 ? slots[oldest].writtenBytes : 0);
            case CURRENT -> keptCount > 0 ? slots[oldest].address : 0;
            case FAULT_ADDRESS -> faultAddress;
            default -> Device.ABSENT;
        };
    }

    void writeRegister(int register, long value) {
        switch (register) {
            case CHAIN -> chain.begin = state == STATE_IDLE ? value : chain.begin;
            case RECORD -> report.address = state == STATE_IDLE ? value : report.address;
            case CONFIG -> {
                long changeable = CONFIG_PRIORITY.mask() | CONFIG_INTERRUPT.mask();
                long writable =
                        state == STATE_IDLE ? changeable | CONFIG_UNCOUNTED.mask() | CONFIG_RELAXED.mask() : changeable;
                config = (config & ~writable) | (value & writable);
                report.drive();
            }
            case COMMAND -> command(value);
            case COUNT -> {
                chain.count = (int) value;
                hears();
            }
            case KNOWN -> report.know((int) value);
            case EVENTS -> report.clear(value);
            default -> {
                // The others can only be read, and between registers there is nothing.
            }
        }
        step();
    }

    private void command(long value) {
        if (COMMAND_TERMINATE.isSet(value)) {
            state = STATE_STOPPING;
        } else if (COMMAND_PAUSE.isSet(value) && state == STATE_RUNNING) {
            state = STATE_PAUSING;
        } else if (COMMAND_RESUME.isSet(value) && (state == STATE_PAUSED || state == STATE_PAUSING)) {
            state = STATE_RUNNING;
            report.resume();
        } else if (COMMAND_START.isSet(value) && state == STATE_IDLE) {
            start();
        }
    }

    private void start() {
        state = STATE_RUNNING;
        error = ERROR_NONE;
        faultAddress = 0;
        hears();
        report.start();
        chain.start();
        if (report.address % SgRecord.BYTES != 0) {
            report.isBroken = true;
            halt(ERROR_ALIGNMENT, report.address);
        }
    }

    /// Software has told it of work: from now on the transfer waits for the engine.
    private void hears() {
        transfer = host.currentTransfer();
        if (trace.isOn() && transfer != 0 && state == STATE_RUNNING) {
            trace.phase(host.nowPicos(), transfer, enginePhase);
        }
    }

    // What the others ask.

    int priority() {
        return (int) CONFIG_PRIORITY.of(config);
    }

    boolean isCounted() {
        return !CONFIG_UNCOUNTED.isSet(config);
    }

    boolean raisesInterrupts() {
        return CONFIG_INTERRUPT.isSet(config);
    }

    boolean isRunning() {
        return state == STATE_RUNNING;
    }

    boolean isStopping() {
        return state == STATE_STOPPING;
    }

    int state() {
        return state;
    }

    int error() {
        return error;
    }

    long transfer() {
        return transfer;
    }

    /// How many more descriptors it can keep.
    int room() {
        return slots.length - keptCount;
    }

    void submit(Transaction transaction, Kind kind, long address, int byteCount, long forTransfer) {
        transaction.begin(kind, address, byteCount, Tenure.RELEASE, forTransfer);
        if (CONFIG_RELAXED.isSet(config)) {
            transaction.attributes(true, false, AddressType.UNTRANSLATED);
        }
        host.submit(transaction);
    }

    // Descriptors come, begin, are written.

    /// A place for the descriptor that comes next.
    Slot fresh() {
        return slots[(oldest + keptCount) % slots.length];
    }

    /// The descriptor in [#fresh] is there.
    void arrived() {
        Slot slot = fresh();
        long after = host.nowPicos();
        if (keptCount > 0) {
            after = Math.max(after, slots[(oldest + keptCount - 1) % slots.length].readyPicos);
        }
        slot.readyPicos = after + profile.setupPicos();
        slot.transfer = transfer;
        kept(1);
    }

    /// Whether it has a unit to begin.
    boolean hasUnit() {
        if (state != STATE_RUNNING) {
            return false;
        }
        while (begunCount < keptCount) {
            Slot slot = slots[(oldest + begunCount) % slots.length];
            if (slot.error != ERROR_NONE || !mayBegin(slot)) {
                return false;
            }
            if (!slot.isBegun()) {
                return !slot.isOrdered() || slot.underWay == 0;
            }
            begunCount++;
        }
        return false;
    }

    private boolean mayBegin(Slot slot) {
        if (slot.readyPicos > host.nowPicos()) {
            return false;
        }
        return begunCount == 0 || (!slot.isOrdered() && !slots[(oldest + begunCount - 1) % slots.length].isFence());
    }

    /// Begins the next unit: [#hasUnit] is true.
    void begin(Unit unit) {
        slots[(oldest + begunCount) % slots.length].begin(unit, profile.unitBytes());
        unit.begin(this);
    }

    /// A unit of `slot` is over.
    ///
    /// @param byteCount how many bytes it has written
    void written(Slot slot, int byteCount) {
        slot.underWay--;
        slot.writtenBytes += byteCount;
        step();
    }

    void failed(Slot slot, int why, long address) {
        slot.underWay--;
        if (slot.error == ERROR_NONE) {
            slot.error = why;
            slot.faultAddress = address;
        }
        if (state != STATE_STOPPING) {
            // The error is told when those before are done.
            state = STATE_HALTING;
        }
        step();
    }

    /// A status or record cannot be written, or a register makes no sense.
    void halt(int why, long address) {
        if (error == ERROR_NONE) {
            error = why;
            faultAddress = address;
        }
        if (state != STATE_STOPPING) {
            state = STATE_HALTING;
        }
    }

    /// Something has changed: does what can be done now.
    void step() {
        isStepDue = true;
        if (isStepping) {
            // A host completed something in the very call that submitted it.
            return;
        }
        isStepping = true;
        while (isStepDue) {
            isStepDue = false;
            retire();
            chain.fetch();
            report.tell();
            settle();
        }
        isStepping = false;
        wakeUp();
        arbitrate.run();
    }

    /// Whatever is done, from the oldest on.
    private void retire() {
        while (keptCount > 0 && !report.isStatusUnderWay()) {
            Slot slot = slots[oldest];
            if (slot.error != ERROR_NONE) {
                meet(slot);
                return;
            }
            boolean isThrough = slot.isWritten() && slot.readyPicos <= host.nowPicos();
            if (!isThrough || state == STATE_IDLE || state == STATE_PAUSED || state == STATE_HALTED) {
                return;
            }
            if (slot.wantsStatus() && !report.hasStatus) {
                report.status(slot);
                if (!report.hasStatus) {
                    return;
                }
            }
            report.done(slot);
            if (trace.isOn()) {
                trace.instant(host.nowPicos(), track, doneName, slot.transfer, slot.address);
            }
            oldest = (oldest + 1) % slots.length;
            begunCount = Math.max(begunCount - 1, 0);
            kept(-1);
        }
    }

    /// The oldest descriptor has failed.
    private void meet(Slot slot) {
        if (state == STATE_STOPPING || state == STATE_IDLE || state == STATE_HALTED || slot.underWay > 0) {
            return;
        }
        state = STATE_HALTING;
        if (error == ERROR_NONE) {
            error = slot.error;
            faultAddress = slot.faultAddress;
            if (slot.wantsStatus()) {
                report.status(slot);
            }
        }
    }

    /// If nothing is under way, the channel gets to where it is going, once that is told in the record.
    private void settle() {
        boolean isGoing = state == STATE_PAUSING || state == STATE_STOPPING || state == STATE_HALTING;
        if (!isGoing || chain.isUnderWay() || report.isUnderWay() || unitsUnderWay() > 0) {
            return;
        }
        if (state == STATE_STOPPING) {
            forget();
            error = ERROR_NONE;
            faultAddress = 0;
        }
        report.settle();
    }

    private int unitsUnderWay() {
        int sum = 0;
        for (int i = 0; i < keptCount; i++) {
            sum += slots[(oldest + i) % slots.length].underWay;
        }
        return sum;
    }

    /// Which state the current one leads to.
    int destinationState() {
        return switch (state) {
            case STATE_PAUSING -> STATE_PAUSED;
            case STATE_STOPPING -> STATE_IDLE;
            case STATE_HALTING -> STATE_HALTED;
            default -> state;
        };
    }

    /// The record says so: it is there.
    void settled() {
        state = destinationState();
    }

    /// Comes back when the set-up of a descriptor is over.
    private void wakeUp() {
        if (keptCount == 0 || state != STATE_RUNNING) {
            return;
        }
        int index = Math.min(begunCount, keptCount - 1);
        long ready = slots[(oldest + index) % slots.length].readyPicos;
        if (ready > host.nowPicos()) {
            setup.in(ready - host.nowPicos());
        }
    }
}
