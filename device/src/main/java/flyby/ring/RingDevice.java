package flyby.ring;

import static flyby.ring.layout.RingRegisters.ARM;
import static flyby.ring.layout.RingRegisters.CONTROL;
import static flyby.ring.layout.RingRegisters.CONTROL_ENABLE;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_ADDRESS;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_BYTES;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_LENGTH;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_STATUS;
import static flyby.ring.layout.RingRegisters.ENTRIES;
import static flyby.ring.layout.RingRegisters.HEAD;
import static flyby.ring.layout.RingRegisters.LENGTH_WRITE;
import static flyby.ring.layout.RingRegisters.RING;
import static flyby.ring.layout.RingRegisters.STAMP_BYTES;
import static flyby.ring.layout.RingRegisters.STATUS;
import static flyby.ring.layout.RingRegisters.STATUS_COUNT;
import static flyby.ring.layout.RingRegisters.STATUS_ERROR;
import static flyby.ring.layout.RingRegisters.STATUS_FAILED;
import static flyby.ring.layout.RingRegisters.STATUS_INTERRUPT;
import static flyby.ring.layout.RingRegisters.TAIL;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import org.jspecify.annotations.Nullable;

/// A device that works through a ring of buffers which software posts: it fills them as a network card that receives,
/// or reads them as one that sends, as fast as its link takes it. What it does with the bytes beyond that takes no
/// time. Its registers and descriptors: `flyby.ring.layout`.
///
/// Descriptors are fetched ahead, some at once. Buffers are moved in units, in the order of the ring, with a window
/// of units under way. Completions are written in the order of the ring too.
public final class RingDevice implements Device {
    /// The only interrupt vector.
    public static final int VECTOR = 0;

    /// What a device is built with.
    ///
    /// @param windowMax the most units under way at once, 1 or more; it has a buffer for each
    /// @param unitBytesMax the largest unit in bytes, at least 8
    /// @param fetchMax descriptors that are fetched by one read, 1 or more
    public record Profile(int windowMax, int unitBytesMax, int fetchMax) {
        public Profile {
            Check.that(windowMax >= 1 && fetchMax >= 1, "%d units, %d descriptors at once", windowMax, fetchMax);
            Check.that(unitBytesMax >= STAMP_BYTES, "units of %d bytes", unitBytesMax);
        }
    }

    private static final long UNSIGNED_32 = 0xffff_ffffL;
    private static final int ENTRIES_MAX = 1 << 16;
    /// Descriptors that it knows of at once.
    private static final int SLOTS = 256;

    private static final int FETCHES = 4;

    private final DeviceHost host;
    private final Profile profile;
    private final Fetch[] fetches = new Fetch[FETCHES];
    private final Unit[] units;
    private final Report[] reports;

    private long ring;
    private long entries;
    private long armed;
    private boolean isEnabled;
    private boolean isArmed;
    private boolean isInterrupting;
    private boolean isError;

    // Descriptors since the start: posted, asked for, moved up to, reported, and of which the report has left.
    private long posted;
    private long fetched;
    private long issued;
    private long reported;
    private long done;
    /// Of the descriptor `issued`.
    private long issuedBytes;

    private final long[] addresses = new long[SLOTS];
    private final long[] lengths = new long[SLOTS];
    private final long[] bytesLeft = new long[SLOTS];
    private final boolean[] isWrite = new boolean[SLOTS];
    private final boolean[] isKnown = new boolean[SLOTS];
    private final boolean[] hasFailed = new boolean[SLOTS];
    private boolean isGoingOn;

    /// A device in its state after power-on.
    public RingDevice(DeviceHost host, Profile profile) {
        this.host = host;
        this.profile = profile;
        for (int i = 0; i < FETCHES; i++) {
            fetches[i] = new Fetch();
        }
        units = new Unit[profile.windowMax()];
        reports = new Report[profile.windowMax()];
        for (int i = 0; i < units.length; i++) {
            units[i] = new Unit();
            reports[i] = new Report();
        }
        reset();
    }

    @Override
    public void reset() {
        ring = 0;
        entries = 1;
        isError = false;
        isInterrupting = false;
        enable(false);
        host.interrupt(VECTOR, false);
    }

    /// What is under way cannot be called back: its answer will be dropped.
    private void enable(boolean isWanted) {
        isEnabled = isWanted;
        isArmed = false;
        posted = 0;
        fetched = 0;
        issued = 0;
        issuedBytes = 0;
        reported = 0;
        done = 0;
        for (int i = 0; i < SLOTS; i++) {
            isKnown[i] = false;
        }
        for (Access access : fetches) {
            access.drop();
        }
        for (int i = 0; i < units.length; i++) {
            units[i].drop();
            reports[i].drop();
        }
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (region != 0 || offset < 0 || offset > STATUS) {
            return ABSENT;
        }
        return switch ((int) offset) {
            case RING -> ring;
            case ENTRIES -> entries;
            case TAIL -> posted & UNSIGNED_32;
            case HEAD -> done & UNSIGNED_32;
            case ARM -> armed;
            case CONTROL -> CONTROL_ENABLE.to(isEnabled ? 1 : 0);
            case STATUS -> STATUS_INTERRUPT.to(isInterrupting ? 1 : 0) | STATUS_ERROR.to(isError ? 1 : 0);
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (region != 0 || offset < 0 || offset > STATUS) {
            return;
        }
        switch ((int) offset) {
            case RING -> ring = isEnabled ? ring : value & -DESCRIPTOR_BYTES;
            case ENTRIES -> entries = isEnabled ? entries : Math.clamp(value & UNSIGNED_32, 1, ENTRIES_MAX);
            case TAIL -> post(value);
            case ARM -> {
                armed = value & UNSIGNED_32;
                isArmed = isEnabled;
                interruptIfDue();
            }
            case CONTROL -> {
                if (CONTROL_ENABLE.isSet(value) != isEnabled) {
                    enable(CONTROL_ENABLE.isSet(value));
                }
            }
            case STATUS -> {
                isError &= !STATUS_ERROR.isSet(value);
                isInterrupting &= !STATUS_INTERRUPT.isSet(value);
                host.interrupt(VECTOR, isInterrupting);
            }
            default -> {
                // HEAD can only be read, and between registers there is nothing.
            }
        }
    }

    private void post(long tail) {
        if (isEnabled) {
            // No more than the ring holds: what software gets wrong here would be fetched twice.
            long more = tail - posted & UNSIGNED_32;
            if (more <= entries - (posted - reported)) {
                posted += more;
            } else {
                isError = true;
            }
            goOn();
        }
    }

    /// Does all that there is room for.
    private void goOn() {
        // A host may complete an access in the very call that submits it; that makes room for this loop.
        if (isGoingOn) {
            return;
        }
        isGoingOn = true;
        boolean hasMoved = true;
        while (hasMoved && isEnabled) {
            hasMoved = fetch() || issue() || report();
        }
        isGoingOn = false;
    }

    private boolean fetch() {
        Fetch free = free(fetches);
        long place = fetched % entries;
        long count = Math.min(Math.min(profile.fetchMax(), posted - fetched), entries - place);
        count = Math.min(count, SLOTS - (fetched - reported));
        if (free == null || count == 0) {
            return false;
        }
        free.first = fetched;
        fetched += count;
        free.submit(Kind.READ, ring + place * DESCRIPTOR_BYTES, (int) count * DESCRIPTOR_BYTES);
        return true;
    }

    private boolean issue() {
        int slot = (int) (issued % SLOTS);
        if (issued == fetched || !isKnown[slot]) {
            return false;
        }
        if (issuedBytes == lengths[slot]) {
            issued++;
            issuedBytes = 0;
            return true;
        }
        Unit free = free(units);
        if (free == null) {
            return false;
        }
        int count = (int) Math.min(profile.unitBytesMax(), lengths[slot] - issuedBytes);
        free.descriptor = issued;
        free.isFirst = issuedBytes == 0;
        long address = addresses[slot] + issuedBytes;
        issuedBytes += count;
        if (isWrite[slot]) {
            fill(free.bytes(), count, issued);
        }
        free.submit(isWrite[slot] ? Kind.WRITE : Kind.READ, address, count);
        return true;
    }

    private static void fill(byte[] bytes, int count, long stamp) {
        for (int at = 0; at < count; at += STAMP_BYTES) {
            LittleEndian.put(stamp, bytes, at, Math.min(STAMP_BYTES, count - at));
        }
    }

    private boolean report() {
        int slot = (int) (reported % SLOTS);
        if (reported == issued || bytesLeft[slot] > 0) {
            return false;
        }
        Report free = free(reports);
        if (free == null) {
            return false;
        }
        long address = ring + reported % entries * DESCRIPTOR_BYTES + DESCRIPTOR_STATUS;
        isKnown[slot] = false;
        reported++;
        long status = (reported & STATUS_COUNT) | (hasFailed[slot] ? STATUS_FAILED : 0);
        LittleEndian.put(status, free.bytes(), 0, Integer.BYTES);
        free.submit(Kind.WRITE, address, Integer.BYTES);
        return true;
    }

    private void interruptIfDue() {
        if (isArmed && (done & UNSIGNED_32) != armed) {
            isArmed = false;
            isInterrupting = true;
            host.interrupt(VECTOR, true);
        }
    }

    private static <A extends Access> @Nullable A free(A[] accesses) {
        for (A access : accesses) {
            if (access.isFree()) {
                return access;
            }
        }
        return null;
    }

    /// An access of its own, used again and again.
    private abstract class Access implements Transaction.Owner {
        private final Transaction transaction;
        /// It was under way when the device was stopped.
        private boolean isStale;

        Access(int byteCountMax) {
            transaction = new Transaction(this, byteCountMax);
        }

        boolean isFree() {
            return transaction.isFree();
        }

        byte[] bytes() {
            return transaction.data();
        }

        void submit(Kind kind, long iova, int byteCount) {
            transaction.begin(kind, iova, byteCount, Tenure.RELEASE, 0);
            host.submit(transaction);
        }

        void drop() {
            isStale = !transaction.isFree();
        }

        @Override
        public void completed(Transaction over, Status status) {
            boolean wasStale = isStale;
            isStale = false;
            if (!wasStale) {
                isError |= status != Status.SUCCESS;
                over(over, status == Status.SUCCESS);
            }
            goOn();
        }

        abstract void over(Transaction over, boolean isWell);
    }

    /// A read of descriptors.
    private final class Fetch extends Access {
        private long first;

        Fetch() {
            super(profile.fetchMax() * DESCRIPTOR_BYTES);
        }

        @Override
        void over(Transaction over, boolean isWell) {
            for (int at = 0; at < over.byteCount(); at += DESCRIPTOR_BYTES) {
                int slot = (int) ((first + at / DESCRIPTOR_BYTES) % SLOTS);
                long length = LittleEndian.get(bytes(), at + DESCRIPTOR_LENGTH, Integer.BYTES);
                addresses[slot] = LittleEndian.get(bytes(), at + DESCRIPTOR_ADDRESS, Long.BYTES);
                isWrite[slot] = (length & LENGTH_WRITE) != 0;
                // What could not be fetched is reported as failed, with nothing moved.
                lengths[slot] = isWell ? length & LENGTH_WRITE - 1 : 0;
                bytesLeft[slot] = lengths[slot];
                hasFailed[slot] = !isWell;
                isKnown[slot] = true;
            }
        }
    }

    /// A part of a buffer.
    private final class Unit extends Access {
        private long descriptor;
        private boolean isFirst;

        Unit() {
            super(profile.unitBytesMax());
        }

        @Override
        void over(Transaction over, boolean isWell) {
            int slot = (int) (descriptor % SLOTS);
            bytesLeft[slot] -= over.byteCount();
            boolean isRight = isWell && (over.kind() == Kind.WRITE || !isFirst || hasStamp(over));
            hasFailed[slot] |= !isRight;
            isError |= !isRight;
        }

        private boolean hasStamp(Transaction over) {
            int count = Math.min(STAMP_BYTES, over.byteCount());
            return LittleEndian.get(bytes(), 0, count) == (descriptor & LittleEndian.ones(count));
        }
    }

    /// The word that says that a descriptor is done.
    private final class Report extends Access {
        Report() {
            super(Integer.BYTES);
        }

        @Override
        void over(Transaction over, boolean isWell) {
            done++;
            interruptIfDue();
        }
    }
}
