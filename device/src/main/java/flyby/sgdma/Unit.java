package flyby.sgdma;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.sgdma.layout.SgRegisters;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One unit under way: its bytes lie in the transaction, which first reads and then writes them.
final class Unit implements Transaction.Owner {
    private final SgDmaEngine engine;
    final Transaction transaction;

    @Nullable
    Slot slot;

    int byteCount;
    long source;
    long destination;
    boolean isFill;
    /// Its transaction was under way at a reset.
    boolean isStale;

    private @Nullable SgChannel channel;

    Unit(SgDmaEngine engine, int byteCountMax) {
        this.engine = engine;
        this.transaction = new Transaction(this, byteCountMax);
    }

    /// Begins the unit that was put into the fields, for `owner`.
    void begin(SgChannel owner) {
        channel = owner;
        if (isFill) {
            owner.submit(transaction, Kind.WRITE, destination, byteCount, slotOf().transfer);
        } else {
            owner.submit(transaction, Kind.READ, source, byteCount, slotOf().transfer);
        }
    }

    private Slot slotOf() {
        return Objects.requireNonNull(slot);
    }

    @Override
    public void completed(Transaction done, Status status) {
        SgChannel owner = Objects.requireNonNull(channel);
        if (isStale) {
            isStale = false;
            engine.free(this);
            engine.arbitrate();
        } else if (status != Status.SUCCESS) {
            boolean isRead = done.kind() == Kind.READ;
            engine.free(this);
            owner.failed(
                    slotOf(), isRead ? SgRegisters.ERROR_READ : SgRegisters.ERROR_WRITE, isRead ? source : destination);
        } else if (done.kind() == Kind.WRITE) {
            engine.free(this);
            owner.written(slotOf(), byteCount);
        } else if (owner.isStopping()) {
            engine.free(this);
            owner.written(slotOf(), 0);
        } else {
            owner.submit(transaction, Kind.WRITE, destination, byteCount, slotOf().transfer);
        }
    }
}
