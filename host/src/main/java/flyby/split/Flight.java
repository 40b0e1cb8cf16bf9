package flyby.split;

import flyby.bus.Transaction;
import org.jspecify.annotations.Nullable;

/// A transaction under way, with what the bus must remember of it. Owned by a port and used again and again.
final class Flight {
    final BusPort port;
    Transaction transaction;
    boolean isRead;
    Transaction.Status status = Transaction.Status.SUCCESS;
    /// How long its request has its channel, and its response if all goes well, in picoseconds.
    long requestPicos;
    long responsePicos;
    /// When it becomes ready, in picoseconds; set at the end of its request.
    long readyPicos;
    /// The one behind it in the queue that it is in.
    @Nullable
    Flight next;

    Flight(BusPort port, Transaction transaction) {
        this.port = port;
        this.transaction = transaction;
    }

    /// Flights in the order in which they came. A flight is in one queue at a time, so queues need no room.
    static final class Queue {
        private @Nullable Flight head;
        private @Nullable Flight tail;

        @Nullable
        Flight head() {
            return head;
        }

        void add(Flight flight) {
            Flight last = tail;
            if (last == null) {
                head = flight;
            } else {
                last.next = flight;
            }
            tail = flight;
        }

        /// Takes out the head, or returns null if there is none.
        @Nullable
        Flight poll() {
            Flight first = head;
            if (first != null) {
                Flight second = first.next;
                head = second;
                if (second == null) {
                    tail = null;
                } else {
                    first.next = null;
                }
            }
            return first;
        }
    }
}
