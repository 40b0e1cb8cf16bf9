package flyby.transfer;

import flyby.base.Check;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Alarm;
import java.util.Arrays;

/// The part of an engine that copies memory to memory, one copy at a time, in units of which several are under way:
/// each a read followed by a write of the same bytes. A copy is over when all that it wrote is in memory.
///
/// Where source and destination overlap, a window of one unit copies unit by unit from the lowest address on; a
/// larger one promises nothing. Addresses are modulo 2^64.
///
/// A host may complete accesses in the very call that submits them. So that one event never does more than a
/// bounded amount of work, whatever software has programmed, a copy pauses after some hundreds of those until an
/// alarm.
public final class Copier {
    /// What an engine is built with.
    ///
    /// @param window the most units under way at once, 1 to 255
    /// @param unitBytes the largest unit in bytes, 1 or more; there are `window` buffers of this size
    public record Shape(int window, int unitBytes) {
        public Shape {
            Check.that(window >= 1 && window <= 255, "a window of %d units", window);
            Check.that(unitBytes >= 1, "units of %d bytes", unitBytes);
        }
    }

    /// What became of a copy.
    public enum Outcome {
        /// All bytes were written, or it was stopped.
        DONE,
        /// A read was not answered.
        READ_FAILED,
        /// A write was not accepted.
        WRITE_FAILED
    }

    private static final int BURST_UNITS = 256;
    private static final long BREATH_PICOS = 1_000;

    private final DeviceHost host;
    private final Shape shape;
    private final Runnable ended;
    private final Alarm breath;
    private final Unit[] units;
    /// Units that are not under way, in the first `freeCount` places.
    private final Unit[] free;

    private int freeCount;
    private int underWay;
    private boolean isUnderWay;
    private boolean isIssuing;

    private long source;
    private long destination;
    private long byteCount;
    private long begunBytes;
    private long writtenBytes;
    private long transfer;
    private Outcome outcome = Outcome.DONE;
    private Status failure = Status.SUCCESS;

    /// An idle one.
    ///
    /// @param name how its alarm is called
    /// @param ended told when a copy is over, perhaps in the call that began it
    public Copier(DeviceHost host, String name, Shape shape, Runnable ended) {
        this.host = host;
        this.shape = shape;
        this.ended = ended;
        breath = host.alarm(name + " copies on", this::goOn);
        units = new Unit[shape.window()];
        Arrays.setAll(units, _ -> new Unit());
        free = units.clone();
        freeCount = free.length;
    }

    /// Forgets the copy; nobody is told.
    public void reset() {
        breath.cancel();
        isUnderWay = false;
        underWay = 0;
        freeCount = 0;
        for (Unit unit : units) {
            // What is under way cannot be called back; its answer will be dropped.
            unit.isStale = !unit.transaction.isFree();
            if (!unit.isStale) {
                free[freeCount++] = unit;
            }
        }
    }

    /// Begins a copy of `byteCount` bytes, 0 or more, for `transfer`. None is under way.
    public void begin(long source, long destination, long byteCount, long transfer) {
        assert !isUnderWay : "one copy at a time";
        this.source = source;
        this.destination = destination;
        this.byteCount = byteCount;
        this.transfer = transfer;
        begunBytes = 0;
        writtenBytes = 0;
        outcome = Outcome.DONE;
        failure = Status.SUCCESS;
        isUnderWay = true;
        goOn();
    }

    /// Begins no more units; the copy is over when those under way are.
    public void stop() {
        byteCount = begunBytes;
        breath.cancel();
        goOn();
    }

    /// Whether a copy has begun and is not over.
    public boolean isUnderWay() {
        return isUnderWay;
    }

    /// What became of the last copy.
    public Outcome outcome() {
        return outcome;
    }

    /// With what the first access failed that did; SUCCESS if none.
    public Status failure() {
        return failure;
    }

    /// How many bytes the last copy has written.
    public long writtenBytes() {
        return writtenBytes;
    }

    private void goOn() {
        if (isIssuing || !isUnderWay) {
            // A host completed a unit in the very call that submitted it: the loop below goes on with it.
            return;
        }
        isIssuing = true;
        int burst = 0;
        while (hasUnit() && freeCount > 0 && burst < BURST_UNITS) {
            int unitBytes = (int) Math.min(shape.unitBytes(), byteCount - begunBytes);
            long offset = begunBytes;
            begunBytes += unitBytes;
            underWay++;
            burst++;
            free[--freeCount].read(offset, unitBytes);
        }
        isIssuing = false;
        if (underWay == 0 && !hasUnit()) {
            isUnderWay = false;
            ended.run();
        } else if (burst == BURST_UNITS && hasUnit() && freeCount > 0) {
            breath.in(BREATH_PICOS);
        }
    }

    private boolean hasUnit() {
        return begunBytes < byteCount && outcome == Outcome.DONE;
    }

    private void over(Unit unit) {
        free[freeCount++] = unit;
        underWay--;
        if (!breath.isPending()) {
            goOn();
        }
    }

    private void failed(Unit unit, Kind kind, Status status) {
        if (outcome == Outcome.DONE) {
            outcome = kind == Kind.READ ? Outcome.READ_FAILED : Outcome.WRITE_FAILED;
            failure = status;
            breath.cancel();
        }
        over(unit);
    }

    /// One unit under way: its bytes lie in the transaction, which first reads and then writes them.
    private final class Unit implements Transaction.Owner {
        private final Transaction transaction = new Transaction(this, shape.unitBytes());
        private long offset;
        /// Its transaction was under way at a reset.
        private boolean isStale;

        void read(long unitOffset, int unitBytes) {
            offset = unitOffset;
            transaction.begin(Kind.READ, source + offset, unitBytes, Tenure.RELEASE, transfer);
            host.submit(transaction);
        }

        @Override
        public String purpose(Transaction of) {
            return "copy of %d bytes from 0x%x to 0x%x".formatted(byteCount, source, destination);
        }

        @Override
        public void completed(Transaction done, Status status) {
            if (isStale) {
                isStale = false;
                free[freeCount++] = this;
                if (!breath.isPending()) {
                    goOn();
                }
            } else if (status != Status.SUCCESS) {
                failed(this, done.kind(), status);
            } else if (done.kind() == Kind.READ) {
                transaction.begin(Kind.WRITE, destination + offset, done.byteCount(), Tenure.RELEASE, transfer);
                host.submit(transaction);
            } else {
                writtenBytes += done.byteCount();
                over(this);
            }
        }
    }
}
