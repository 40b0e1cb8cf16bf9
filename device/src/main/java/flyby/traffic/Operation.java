package flyby.traffic;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Status;

/// One operation under way, used again and again.
final class Operation implements Transaction.Owner {
    /// Who is told what the host has made of it.
    @FunctionalInterface
    interface Listener {
        void over(Operation operation, Status status);
    }

    private final Listener listener;
    final Transaction transaction;
    /// When its engine took it up.
    long startPicos;
    /// When what it waits for inside the device is over.
    long duePicos;
    /// Where its bytes go to or come from.
    long iova;
    /// The number that its write carries.
    long stamp;
    /// The transfer that it is for traces, or 0.
    long transfer;
    /// Its job was forgotten while the host had its transaction.
    boolean stale;

    Operation(Listener listener, int byteCountMax) {
        this.listener = listener;
        this.transaction = new Transaction(this, byteCountMax);
    }

    @Override
    public void completed(Transaction transaction, Status status) {
        listener.over(this, status);
    }
}
