package flyby.copy;

import static flyby.copy.layout.CopyEngineRegisters.BLOCKS;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL_INTERRUPT;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL_START;
import static flyby.copy.layout.CopyEngineRegisters.DONE_COUNT;
import static flyby.copy.layout.CopyEngineRegisters.DST;
import static flyby.copy.layout.CopyEngineRegisters.LENGTH;
import static flyby.copy.layout.CopyEngineRegisters.RING;
import static flyby.copy.layout.CopyEngineRegisters.SRC;
import static flyby.copy.layout.CopyEngineRegisters.STATUS;
import static flyby.copy.layout.CopyEngineRegisters.STATUS_BUSY;
import static flyby.copy.layout.CopyEngineRegisters.STATUS_END;
import static flyby.copy.layout.CopyEngineRegisters.STATUS_ERROR;
import static flyby.copy.layout.CopyEngineRegisters.UNIT;
import static flyby.copy.layout.CopyEngineRegisters.WINDOW;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import java.util.Arrays;

/// A device that copies memory to memory. Its registers and what they mean: `flyby.copy.layout`.
///
/// A block is copied as units, each a read followed by a write of the same bytes, with a window of units under
/// way. A unit that has been written makes room for the next. When all units of a block are written, the block
/// ends; the next one of the job begins after the set-up time, as the first one did after START.
///
/// Interrupt vector 0 is asserted while CONTROL.INTERRUPT is set and STATUS.END or STATUS.ERROR is.
public final class CopyEngine implements Device {
    /// The only interrupt vector.
    public static final int VECTOR = 0;

    /// What an engine is built with.
    ///
    /// @param windowMax the most units under way at once, 1 to 255
    /// @param unitBytesMax the largest unit in bytes, 1 or more; the engine has `windowMax` buffers of this size
    /// @param blockSetupPicos from START, or from the end of the block before, to the first read of a block: 0 or
    ///     more
    public record Profile(int windowMax, int unitBytesMax, long blockSetupPicos) {
        public Profile {
            Check.that(windowMax >= 1 && windowMax <= 255, "a window of %d units", windowMax);
            Check.that(unitBytesMax >= 1, "units of %d bytes", unitBytesMax);
            Check.that(blockSetupPicos >= 0, "a set-up time of %d ps", blockSetupPicos);
        }
    }

    private static final long UNSIGNED_32 = 0xffff_ffffL;

    private final DeviceHost host;
    private final Profile profile;
    private final Unit[] units;
    private final Alarm setup;
    private final Trace trace;
    private final int track;
    private final int blockName;

    private long src;
    private long dst;
    private long lengthBytes;
    private int unitBytes;
    private int window;
    private long blocks;
    private long ring;
    private boolean interruptEnabled;
    private boolean busy;
    private boolean end;
    private boolean error;
    private long doneCount;

    /// Whether a block is being copied, as opposed to set up.
    private boolean copying;

    private long transfer;
    private long readBase;
    private long writeBase;
    private long nextOffset;
    /// Units that are not under way, in the first `freeCount` places.
    private final Unit[] free;

    private int freeCount;
    private int staleCount;
    private boolean issuing;

    /// An engine in its state after power-on.
    ///
    /// @param name how traces call it
    public CopyEngine(DeviceHost host, String name, Profile profile) {
        this.host = host;
        this.profile = profile;
        this.units = new Unit[profile.windowMax()];
        Arrays.setAll(units, i -> new Unit(profile.unitBytesMax()));
        this.free = units.clone();
        this.setup = host.alarm(name + " set-up", this::beginBlock);
        this.trace = host.trace();
        this.track = trace.track(name, "copy");
        this.blockName = trace.name("block");
        reset();
    }

    @Override
    public void reset() {
        setup.cancel();
        freeCount = 0;
        staleCount = 0;
        for (Unit unit : units) {
            // What is under way cannot be called back; its answer will be dropped.
            unit.stale = !unit.transaction.isFree();
            if (unit.stale) {
                staleCount++;
            } else {
                free[freeCount++] = unit;
            }
        }
        src = 0;
        dst = 0;
        lengthBytes = 0;
        unitBytes = profile.unitBytesMax();
        window = profile.windowMax();
        blocks = 1;
        ring = UNSIGNED_32;
        busy = false;
        end = false;
        error = false;
        doneCount = 0;
        interruptEnabled = false;
        endSlice();
        copying = false;
        host.interrupt(VECTOR, false);
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (region != 0 || offset < 0 || offset > DONE_COUNT) {
            return ABSENT;
        }
        return switch ((int) offset) {
            case SRC -> src;
            case DST -> dst;
            case LENGTH -> lengthBytes;
            case UNIT -> unitBytes;
            case WINDOW -> window;
            case BLOCKS -> blocks;
            case RING -> ring;
            case CONTROL -> CONTROL_INTERRUPT.to(interruptEnabled ? 1 : 0);
            case STATUS -> STATUS_BUSY.to(busy ? 1 : 0) | STATUS_END.to(end ? 1 : 0) | STATUS_ERROR.to(error ? 1 : 0);
            case DONE_COUNT -> doneCount & UNSIGNED_32;
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (region != 0 || offset < 0 || offset > DONE_COUNT) {
            return;
        }
        if (offset == STATUS) {
            end &= !STATUS_END.isSet(value);
            error &= !STATUS_ERROR.isSet(value);
            driveInterrupt();
        } else if (!busy) {
            program((int) offset, value);
        }
    }

    private void program(int offset, long value) {
        switch (offset) {
            case SRC -> src = value;
            case DST -> dst = value;
            case LENGTH -> lengthBytes = value & Long.MAX_VALUE;
            case UNIT -> unitBytes = Math.clamp(value & UNSIGNED_32, 1, profile.unitBytesMax());
            case WINDOW -> window = Math.clamp(value & UNSIGNED_32, 1, profile.windowMax());
            case BLOCKS -> blocks = Math.max(value & UNSIGNED_32, 1);
            case RING -> ring = Math.max(value & UNSIGNED_32, 1);
            case CONTROL -> writeControl(value);
            default -> {
                // DONE_COUNT can only be read, and between registers there is nothing.
            }
        }
    }

    private void writeControl(long value) {
        interruptEnabled = CONTROL_INTERRUPT.isSet(value);
        driveInterrupt();
        if (CONTROL_START.isSet(value)) {
            busy = true;
            doneCount = 0;
            transfer = host.currentTransfer();
            setup.in(profile.blockSetupPicos());
        }
    }

    private void beginBlock() {
        long slot = doneCount % ring * lengthBytes;
        readBase = src + slot;
        writeBase = dst + slot;
        nextOffset = 0;
        copying = true;
        if (trace.isOn()) {
            trace.begin(host.nowPicos(), track, blockName, transfer, readBase);
        }
        goOn();
    }

    /// `unit` is over: its bytes are written, or given up.
    private void free(Unit unit) {
        free[freeCount++] = unit;
        if (copying && !issuing) {
            goOn();
        }
    }

    /// Issues what there is room for, or ends the block if nothing is left of it.
    private void goOn() {
        // A host may complete a unit in the very call that submits it; that frees the unit for this loop.
        issuing = true;
        while (nextOffset < lengthBytes && !error && freeCount > 0 && underWay() < window) {
            int byteCount = (int) Math.min(unitBytes, lengthBytes - nextOffset);
            long offset = nextOffset;
            nextOffset += byteCount;
            free[--freeCount].read(offset, byteCount);
        }
        issuing = false;
        if ((nextOffset >= lengthBytes || error) && underWay() == 0) {
            endBlock();
        }
    }

    private int underWay() {
        return units.length - freeCount - staleCount;
    }

    private void endBlock() {
        endSlice();
        copying = false;
        if (error) {
            busy = false;
        } else {
            doneCount++;
            end = true;
            if (doneCount < blocks) {
                setup.in(profile.blockSetupPicos());
            } else {
                busy = false;
            }
        }
        driveInterrupt();
    }

    private void endSlice() {
        if (copying && trace.isOn()) {
            trace.end(host.nowPicos(), track);
        }
    }

    private void driveInterrupt() {
        host.interrupt(VECTOR, interruptEnabled && (end || error));
    }

    /// One unit under way: its bytes lie in the transaction, which first reads and then writes them.
    private final class Unit implements Transaction.Owner {
        private final Transaction transaction;
        private long offset;
        /// Its transaction was under way at a reset.
        private boolean stale;

        Unit(int byteCountMax) {
            this.transaction = new Transaction(this, byteCountMax);
        }

        void read(long offset, int byteCount) {
            this.offset = offset;
            transaction.begin(Kind.READ, readBase + offset, byteCount, Tenure.RELEASE, transfer);
            host.submit(transaction);
        }

        @Override
        public void completed(Transaction transaction, Status status) {
            if (stale) {
                stale = false;
                staleCount--;
                free(this);
            } else if (status != Status.SUCCESS) {
                error = true;
                free(this);
            } else if (transaction.kind() == Kind.READ) {
                transaction.begin(Kind.WRITE, writeBase + offset, transaction.byteCount(), Tenure.RELEASE, transfer);
                host.submit(transaction);
            } else {
                free(this);
            }
        }
    }
}
