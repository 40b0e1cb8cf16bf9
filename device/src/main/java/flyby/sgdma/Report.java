package flyby.sgdma;

import static flyby.sgdma.layout.SgRegisters.ERROR_NONE;
import static flyby.sgdma.layout.SgRegisters.ERROR_RECORD;
import static flyby.sgdma.layout.SgRegisters.EVENTS_HALTED;
import static flyby.sgdma.layout.SgRegisters.EVENTS_PAUSED;
import static flyby.sgdma.layout.SgRegisters.EVENTS_TERMINATED;
import static flyby.sgdma.layout.SgRegisters.STATE_HALTED;
import static flyby.sgdma.layout.SgRegisters.STATE_PAUSED;

import flyby.base.LittleEndian;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Tenure;
import flyby.sgdma.layout.SgDescriptor;
import flyby.sgdma.layout.SgRecord;

/// What a channel tells software: statuses of descriptors, its record, its interrupt; each after what it speaks of.
final class Report {
    private static final int UNTOLD = -1;

    private final DeviceHost host;
    private final SgChannel channel;
    private final int vector;
    private final Transaction status = new Transaction(this::statusWritten, Long.BYTES);
    private final Transaction record = new Transaction(this::recordWritten, SgRecord.BYTES);

    /// Register RECORD.
    long address;
    /// Register KNOWN.
    int known;
    /// Register EVENTS.
    long events;

    int doneCount;
    /// Whether the status of the oldest descriptor is written.
    boolean hasStatus;
    /// Whether no record can be written.
    boolean isBroken;

    private long last;
    private boolean isRecordDue;
    /// The count of descriptors at the last that wants an interrupt.
    private int interruptCount;
    /// The same, of what the record has told.
    private int toldCount;
    /// What it will be when the record that is under way is written.
    private int underWayCount;
    /// The state that the record under way tells, if the channel waits for that.
    private int underWayState;

    /// Whether the status under way is that of a descriptor that has failed: it stays the oldest.
    private boolean isFailure;

    private boolean isStatusStale;
    private boolean isRecordStale;

    Report(DeviceHost host, SgChannel channel, int vector) {
        this.host = host;
        this.channel = channel;
        this.vector = vector;
    }

    void reset() {
        isStatusStale = !status.isFree();
        isRecordStale = !record.isFree();
        address = 0;
        start();
    }

    void start() {
        known = 0;
        events = 0;
        doneCount = 0;
        hasStatus = false;
        isBroken = false;
        last = 0;
        isRecordDue = false;
        interruptCount = 0;
        toldCount = 0;
        underWayState = UNTOLD;
        drive();
    }

    boolean isStatusUnderWay() {
        return !status.isFree();
    }

    boolean isUnderWay() {
        return !status.isFree() || !record.isFree() || isRecordDue;
    }

    /// Writes the status of the oldest descriptor.
    void status(Slot slot) {
        long value = SgDescriptor.STATUS_DONE.mask()
                | SgDescriptor.STATUS_ERROR.to(slot.error)
                | SgDescriptor.STATUS_RESIDUE.to(slot.residueBytes());
        LittleEndian.put(value, status.data(), 0, Long.BYTES);
        isFailure = slot.error != ERROR_NONE;
        status.begin(Kind.WRITE, slot.address + SgDescriptor.STATUS, Long.BYTES, Tenure.RELEASE, slot.transfer);
        host.submit(status);
    }

    private void statusWritten(Transaction done, Transaction.Status how) {
        if (isStatusStale) {
            isStatusStale = false;
        } else {
            hasStatus = !isFailure;
            if (how != Transaction.Status.SUCCESS) {
                channel.halt(ERROR_RECORD, done.iova());
            }
        }
        channel.step();
    }

    /// The oldest descriptor is done.
    void done(Slot slot) {
        hasStatus = false;
        doneCount++;
        last = slot.address;
        isRecordDue |= slot.wantsRecord();
        if (slot.wantsInterrupt()) {
            interruptCount = doneCount;
        }
    }

    /// Writes the record if it is due.
    void tell() {
        if (isRecordDue && record.isFree()) {
            isRecordDue = false;
            underWayState = UNTOLD;
            write(channel.state());
        }
    }

    /// Writes the record that tells where the channel is going, unless that is under way.
    void settle() {
        underWayState = channel.destinationState();
        write(underWayState);
    }

    /// What a record has said of a pause is no longer true.
    void resume() {
        isRecordDue = true;
    }

    private void write(int state) {
        underWayCount = interruptCount;
        if (address == 0 || isBroken) {
            told();
            return;
        }
        long progress = SgRecord.DONE.to(doneCount) | SgRecord.STATE.to(state) | SgRecord.ERROR.to(channel.error());
        LittleEndian.put(progress, record.data(), SgRecord.PROGRESS, Long.BYTES);
        LittleEndian.put(last, record.data(), SgRecord.LAST, Long.BYTES);
        record.begin(Kind.WRITE, address, SgRecord.BYTES, Tenure.RELEASE, channel.transfer());
        host.submit(record);
    }

    private void recordWritten(Transaction done, Transaction.Status how) {
        if (isRecordStale) {
            isRecordStale = false;
            channel.step();
        } else if (how != Transaction.Status.SUCCESS) {
            isBroken = true;
            channel.halt(ERROR_RECORD, done.iova());
            channel.step();
        } else {
            told();
        }
    }

    private void told() {
        toldCount = underWayCount;
        if (underWayState != UNTOLD
                && underWayState == channel.destinationState()
                && underWayState != channel.state()) {
            channel.settled();
            events |= eventOf(underWayState);
        }
        underWayState = UNTOLD;
        drive();
        channel.step();
    }

    private static long eventOf(int state) {
        return switch (state) {
            case STATE_PAUSED -> EVENTS_PAUSED.mask();
            case STATE_HALTED -> EVENTS_HALTED.mask();
            default -> EVENTS_TERMINATED.mask();
        };
    }

    /// Software knows of so many.
    void know(int count) {
        known = count;
        // The message of MSI-X is an edge: taken back, and given anew if there is more.
        host.interrupt(vector, false);
        drive();
    }

    void clear(long bits) {
        events &= ~bits;
        host.interrupt(vector, false);
        drive();
    }

    void drive() {
        boolean isDue = toldCount - known > 0 || events != 0;
        host.interrupt(vector, isDue && channel.raisesInterrupts());
    }
}
