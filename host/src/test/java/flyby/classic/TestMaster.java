package flyby.classic;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// A bus master for tests: it runs a row of one-word accesses and notes when each of them ended.
public final class TestMaster implements Transaction.Owner {
    private final Slot slot;
    private final Transaction transaction = new Transaction(this, 8);
    private final IntFunction<Tenure> tenures;
    private final List<Long> endsPicos = new ArrayList<>();
    private final List<Status> statuses = new ArrayList<>();
    private final long address;
    private int left;

    /// @param tenures tenure of an access, by how many follow it
    public TestMaster(Slot slot, long address, IntFunction<Tenure> tenures) {
        this.slot = slot;
        this.address = address;
        this.tenures = tenures;
    }

    /// Bursts: the bus is kept until the last access.
    public static Tenure burst(int left) {
        return left > 0 ? Tenure.HOLD : Tenure.RELEASE;
    }

    /// Starts `count` accesses now.
    public void start(int count) {
        left = count;
        next();
    }

    /// When each access ended, in picoseconds.
    public List<Long> endsPicos() {
        return endsPicos;
    }

    public List<Status> statuses() {
        return statuses;
    }

    @Override
    public void started(Transaction started) {
        started.data()[0] = (byte) (endsPicos.size() + 1);
    }

    @Override
    public void completed(Transaction completed, Status status) {
        endsPicos.add(slot.nowPicos());
        statuses.add(status);
        if (left > 0) {
            next();
        }
    }

    private void next() {
        left--;
        transaction.begin(Kind.WRITE, address + endsPicos.size(), 1, tenures.apply(left), 0);
        slot.submit(transaction);
    }
}
