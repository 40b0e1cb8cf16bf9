package flyby.function;

import flyby.base.Check;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Status;
import flyby.pcie.WriteRun;
import org.jspecify.annotations.Nullable;

/// Something that waits for its turn in a function, with what must be remembered of it: a transaction, or an
/// interrupt message behind the data. Used again and again.
final class Flight implements WriteRun.Owner {
    private final Requester requester;

    /// Null for an interrupt message.
    @Nullable
    Transaction transaction;

    /// Of an interrupt message.
    int vector;
    /// Which one it is of all that the function was given; writes and interrupts may pass reads, but not the other
    /// way.
    long number;
    /// Its packets, if it is a write.
    final WriteRun run = new WriteRun(this);
    /// Bytes for which packets have been made.
    int sentBytes;
    /// Reads that have not been answered.
    int outstanding;

    boolean started;
    /// Of a read, whether all of it has been asked for, or the rest will not be.
    boolean isIssued;

    Status status = Status.SUCCESS;

    /// The one behind it in the queue that it is in.
    @Nullable
    Flight next;

    Flight(Requester requester) {
        this.requester = requester;
    }

    /// The transaction that it is.
    Transaction transaction() {
        Transaction mine = transaction;
        if (mine == null) {
            throw Check.bug("an interrupt message is no transaction");
        }
        return mine;
    }

    @Override
    public void sent(WriteRun sent) {
        requester.sent(this);
    }

    /// The first thing that went wrong is what its owner will be told.
    void fail(Status newStatus) {
        if (status == Status.SUCCESS) {
            status = newStatus;
        }
    }

    /// Flights in the order in which they came.
    static final class Queue {
        private @Nullable Flight head;
        private @Nullable Flight tail;
        private int count;

        @Nullable
        Flight head() {
            return head;
        }

        int count() {
            return count;
        }

        void add(Flight flight) {
            Flight last = tail;
            if (last == null) {
                head = flight;
            } else {
                last.next = flight;
            }
            tail = flight;
            count++;
        }

        /// Takes out the head, or returns null if there is none.
        @Nullable
        Flight poll() {
            Flight first = head;
            if (first != null) {
                head = first.next;
                first.next = null;
                count--;
                if (head == null) {
                    tail = null;
                }
            }
            return first;
        }
    }
}
