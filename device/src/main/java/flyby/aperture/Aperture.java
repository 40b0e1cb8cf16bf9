package flyby.aperture;

import static flyby.aperture.layout.ApertureRegisters.COALESCE_COUNT;
import static flyby.aperture.layout.ApertureRegisters.COALESCE_NANOS;
import static flyby.aperture.layout.ApertureRegisters.CONTROL;
import static flyby.aperture.layout.ApertureRegisters.CONTROL_ENABLE;
import static flyby.aperture.layout.ApertureRegisters.CONTROL_INTERRUPT;
import static flyby.aperture.layout.ApertureRegisters.CONTROL_REPORT;
import static flyby.aperture.layout.ApertureRegisters.DONE_COUNT;
import static flyby.aperture.layout.ApertureRegisters.MEMORY;
import static flyby.aperture.layout.ApertureRegisters.MEMORY_BYTES;
import static flyby.aperture.layout.ApertureRegisters.REPORT;
import static flyby.aperture.layout.ApertureRegisters.RING;
import static flyby.aperture.layout.ApertureRegisters.RING_COUNT;
import static flyby.aperture.layout.ApertureRegisters.SEEN;
import static flyby.aperture.layout.ApertureRegisters.STATUS;
import static flyby.aperture.layout.ApertureRegisters.STATUS_END;
import static flyby.aperture.layout.ApertureRegisters.STATUS_ERROR;
import static flyby.aperture.layout.ApertureRegisters.TAIL;
import static flyby.aperture.layout.ApertureRegisters.WORK_NANOS;

import flyby.aperture.layout.ApertureDescriptor;
import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Alarm;
import flyby.sim.Time;

/// A device with memory of its own, as graphics cards and accelerators have it. CPUs load and store it through BAR
/// 2, and the device moves bytes between it and the host's memory by itself: the same bytes, two ways. Its registers
/// and what they mean: `flyby.aperture.layout`.
public final class Aperture implements Device {
    /// The only interrupt vector.
    public static final int VECTOR = 0;

    private static final long UNSIGNED_32 = 0xffff_ffffL;
    private static final int REPORT_BYTES = 4;

    private final DeviceHost host;
    private final byte[] memory = new byte[MEMORY_BYTES];
    private final Mover mover;
    private final Alarm work;
    private final Alarm patience;
    private Messenger descriptor;
    private Messenger report;

    private long ring;
    private long ringCount;
    private long tail;
    private long reportAddress;
    private long coalesceCount;
    private long coalesceNanos;
    private long workNanos;
    private boolean enabled;
    private boolean interrupts;
    private boolean reports;
    /// Whether somebody has waited for its interrupt for long enough.
    private boolean isLate;

    private boolean error;
    private boolean busy;
    private long done;
    private long writtenPicos;
    private long seen;
    private long transfer;

    private long hostAddress;
    private int local;
    private int byteCount;
    private boolean isToHost;

    /// A device in its state after power-on, its memory zero.
    ///
    /// @param name how traces call it
    public Aperture(DeviceHost host, String name) {
        this.host = host;
        mover = new Mover(host, memory, this::moved);
        work = host.alarm(name + " work", this::move);
        patience = host.alarm(name + " interrupt", this::late);
        descriptor = new Messenger(ApertureDescriptor.BYTES);
        report = new Messenger(REPORT_BYTES);
        reset();
    }

    /// The memory keeps what it holds.
    @Override
    public void reset() {
        work.cancel();
        patience.cancel();
        mover.reset();
        // What is under way cannot be called back; its answer goes to a messenger that nobody listens to.
        descriptor = descriptor.orAnother();
        report = report.orAnother();
        ring = 0;
        ringCount = 1;
        tail = 0;
        reportAddress = 0;
        coalesceCount = 1;
        coalesceNanos = 0;
        workNanos = 0;
        enabled = false;
        interrupts = false;
        reports = false;
        isLate = false;
        error = false;
        busy = false;
        done = 0;
        seen = 0;
        host.interrupt(VECTOR, false);
    }

    @Override
    public long readRegister(int region, long offset, int count) {
        if (region == MEMORY && offset >= 0 && offset + count <= MEMORY_BYTES) {
            return LittleEndian.get(memory, (int) offset, count);
        }
        if (region != 0 || offset < 0 || offset > SEEN) {
            return ABSENT;
        }
        return switch ((int) offset) {
            case RING -> ring;
            case RING_COUNT -> ringCount;
            case TAIL -> tail;
            case REPORT -> reportAddress;
            case COALESCE_COUNT -> coalesceCount;
            case COALESCE_NANOS -> coalesceNanos;
            case CONTROL ->
                CONTROL_ENABLE.to(enabled ? 1 : 0)
                        | CONTROL_INTERRUPT.to(interrupts ? 1 : 0)
                        | CONTROL_REPORT.to(reports ? 1 : 0);
            case STATUS -> STATUS_END.to(isDue() ? 1 : 0) | STATUS_ERROR.to(error ? 1 : 0);
            case DONE_COUNT -> done & UNSIGNED_32;
            case WORK_NANOS -> workNanos;
            case SEEN -> seen;
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int count, long value) {
        if (region == MEMORY && offset >= 0 && offset + count <= MEMORY_BYTES) {
            LittleEndian.put(value, memory, (int) offset, count);
            writtenPicos = host.nowPicos();
            return;
        }
        if (region != 0 || offset < 0 || offset > SEEN) {
            return;
        }
        switch ((int) offset) {
            case TAIL -> {
                tail = value & UNSIGNED_32;
                transfer = host.currentTransfer();
                next();
            }
            case COALESCE_COUNT -> coalesceCount = Math.max(value & UNSIGNED_32, 1);
            case COALESCE_NANOS -> coalesceNanos = value & UNSIGNED_32;
            case WORK_NANOS -> workNanos = value & UNSIGNED_32;
            case CONTROL -> {
                enabled = CONTROL_ENABLE.isSet(value);
                interrupts = CONTROL_INTERRUPT.isSet(value);
                reports = CONTROL_REPORT.isSet(value);
                driveInterrupt();
                next();
            }
            case STATUS -> {
                error &= !STATUS_ERROR.isSet(value);
                driveInterrupt();
            }
            case SEEN -> {
                seen = value & UNSIGNED_32;
                isLate = false;
                patience.cancel();
                // A message is sent when the level rises: what has ended meanwhile is worth another one.
                host.interrupt(VECTOR, false);
                count();
            }
            default -> writeRing((int) offset, value);
        }
    }

    /// When its memory was last written, by whomever: for studies, no register tells it.
    public long writtenPicos() {
        return writtenPicos;
    }

    private void writeRing(int offset, long value) {
        if (!enabled) {
            switch (offset) {
                case RING -> ring = value;
                case RING_COUNT -> ringCount = Math.max(value & UNSIGNED_32, 1);
                case REPORT -> reportAddress = value;
                default -> {
                    // DONE_COUNT can only be read, and between registers there is nothing.
                }
            }
        }
    }

    private void next() {
        if (enabled && !busy && (done & UNSIGNED_32) != tail) {
            busy = true;
            descriptor.send(Kind.READ, ring + done % ringCount * ApertureDescriptor.BYTES);
        }
    }

    private void fetched(byte[] bytes) {
        hostAddress = LittleEndian.get(bytes, ApertureDescriptor.HOST, 8);
        long from = LittleEndian.get(bytes, ApertureDescriptor.LOCAL, 4);
        long length = LittleEndian.get(bytes, ApertureDescriptor.LENGTH, 4);
        isToHost = ApertureDescriptor.FLAGS_TO_HOST.isSet(LittleEndian.get(bytes, ApertureDescriptor.FLAGS, 4));
        if (from > MEMORY_BYTES || length > MEMORY_BYTES - from) {
            fail();
            return;
        }
        local = (int) from;
        byteCount = (int) length;
        work.in(workNanos * Time.NANOSECOND);
    }

    private void move() {
        mover.move(isToHost, hostAddress, local, byteCount, transfer);
    }

    private void moved(boolean isGood) {
        if (!isGood) {
            fail();
            return;
        }
        done++;
        if (!isToHost && byteCount > 0) {
            writtenPicos = host.nowPicos();
        }
        if (reports) {
            LittleEndian.put(done & UNSIGNED_32, report.bytes(), 0, REPORT_BYTES);
            report.send(Kind.WRITE, reportAddress);
        } else {
            ended();
        }
    }

    /// An operation is over, and its report is on its way: an interrupt will not overtake it.
    private void ended() {
        busy = false;
        count();
        next();
    }

    private void count() {
        if (isDue()) {
            patience.cancel();
        } else if (unseen() > 0 && coalesceNanos > 0 && !patience.isPending()) {
            patience.in(coalesceNanos * Time.NANOSECOND);
        }
        driveInterrupt();
    }

    private long unseen() {
        return done - seen & UNSIGNED_32;
    }

    private boolean isDue() {
        return isLate || unseen() >= coalesceCount;
    }

    private void late() {
        isLate = true;
        driveInterrupt();
    }

    private void fail() {
        busy = false;
        enabled = false;
        error = true;
        driveInterrupt();
    }

    private void driveInterrupt() {
        host.interrupt(VECTOR, interrupts && (isDue() || error));
    }

    /// Fetches a descriptor, or reports.
    private final class Messenger implements Transaction.Owner {
        private final int count;
        private final Transaction transaction;

        Messenger(int count) {
            this.count = count;
            transaction = new Transaction(this, count);
        }

        Messenger orAnother() {
            return transaction.isFree() ? this : new Messenger(count);
        }

        byte[] bytes() {
            return transaction.data();
        }

        void send(Kind kind, long address) {
            transaction.begin(kind, address, count, Tenure.RELEASE, transfer);
            host.submit(transaction);
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // Of two messengers, the one in use.
        public void completed(Transaction over, Status status) {
            if (this != descriptor && this != report) {
                return;
            }
            if (status != Status.SUCCESS) {
                fail();
            } else if (over.kind() == Kind.READ) {
                fetched(over.data());
            } else {
                ended();
            }
        }
    }
}
