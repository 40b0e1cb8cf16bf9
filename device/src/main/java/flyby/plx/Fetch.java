package flyby.plx;

import flyby.base.LittleEndian;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.plx.layout.PlxDescriptor;

/// Reads descriptors from memory and keeps them until they are taken.
final class Fetch {
    private final DeviceHost host;
    private final Runnable arrived;
    private final Transaction transaction;
    private int keptCount;
    /// Which of those that were read is the oldest kept.
    private int first;

    private Status status = Status.SUCCESS;
    private boolean isDropped;

    Fetch(DeviceHost host, int descriptorsMax, Runnable arrived) {
        this.host = host;
        this.arrived = arrived;
        transaction = new Transaction(
                Transaction.Owner.saying("fetch of descriptors", this::completed),
                descriptorsMax * PlxDescriptor.BYTES);
    }

    /// Forgets what is kept or on its way.
    void drop() {
        isDropped = !transaction.isFree();
        keptCount = 0;
        status = Status.SUCCESS;
    }

    /// None is under way.
    void begin(long address, int descriptors, long transfer) {
        keptCount = 0;
        first = 0;
        transaction.begin(Kind.READ, address, descriptors * PlxDescriptor.BYTES, Tenure.RELEASE, transfer);
        host.submit(transaction);
    }

    private void completed(Transaction done, Status how) {
        if (isDropped) {
            isDropped = false;
        } else {
            status = how;
            keptCount = how == Status.SUCCESS ? done.byteCount() / PlxDescriptor.BYTES : 0;
        }
        arrived.run();
    }

    boolean isUnderWay() {
        return !transaction.isFree();
    }

    boolean hasFailed() {
        return status != Status.SUCCESS;
    }

    boolean hasDescriptor() {
        return keptCount > 0;
    }

    void take() {
        first++;
        keptCount--;
    }

    private long field(int offset, int byteCount) {
        return LittleEndian.get(transaction.data(), first * PlxDescriptor.BYTES + offset, byteCount);
    }

    long flags() {
        return field(PlxDescriptor.FLAGS, 4);
    }

    long source() {
        return (field(PlxDescriptor.SOURCE_HIGH, 2) << 32) | field(PlxDescriptor.SOURCE_LOW, 4);
    }

    long destination() {
        return (field(PlxDescriptor.DESTINATION_HIGH, 2) << 32) | field(PlxDescriptor.DESTINATION_LOW, 4);
    }
}
