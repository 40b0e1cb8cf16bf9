package flyby.fault;

import flyby.base.Check;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The accesses of the device on their way, each by a transaction that stands in for it, and what befalls them.
final class FaultyFlights {
    /// A completion that is to be overtaken, and by which nothing comes, is told after this time all the same.
    private static final long PATIENCE_PICOS = 100_000_000;

    private final DeviceHost host;
    private final FaultInjector injector;
    private final Deque<Flight> free = new ArrayDeque<>();
    /// Completions that wait for others to be told first, and those that wait for the device to hear again.
    private final List<Flight> overtaken = new ArrayList<>();

    private final List<Flight> held = new ArrayList<>();

    FaultyFlights(DeviceHost host, FaultInjector injector) {
        this.host = host;
        this.injector = injector;
    }

    /// `transaction` has been accepted.
    void submit(Transaction transaction) {
        FaultTarget target = transaction.kind() == Kind.READ ? FaultTarget.READ : FaultTarget.WRITE;
        ArmedRule rule = injector.choose(target, transaction.iova(), transaction.byteCount(), 0);
        Flight flight = free.isEmpty() ? new Flight() : free.removeFirst();
        flight.begin(transaction, rule);
    }

    /// The device hears again: of what came in the meantime.
    void release() {
        List<Flight> waiting = List.copyOf(held);
        held.clear();
        waiting.forEach(Flight::tell);
    }

    /// Nobody is there to hear.
    void drop() {
        held.clear();
        overtaken.clear();
    }

    private static String name(Transaction transaction) {
        return "%s 0x%x+%d"
                .formatted(
                        transaction.kind() == Kind.READ ? "read" : "write",
                        transaction.iova(),
                        transaction.byteCount());
    }

    private final class Flight implements Transaction.Owner {
        private final Transaction standIn = Transaction.standIn(this);
        private @Nullable Transaction original;
        private @Nullable ArmedRule rule;
        private @Nullable Corruption corruption;
        /// Whether the bytes of a write are those that are to arrive, and no longer the device's own.
        private boolean isFlipped;
        private Status status = Status.SUCCESS;
        /// Completions that have to be told before this one.
        private long behind;

        void begin(Transaction transaction, @Nullable ArmedRule hitBy) {
            original = transaction;
            rule = hitBy;
            isFlipped = false;
            if (hitBy == null) {
                send();
            } else {
                spoil(hitBy);
            }
        }

        private Transaction original() {
            Transaction mine = original;
            if (mine == null) {
                throw Check.bug("a fault befalls what is not under way");
            }
            return mine;
        }

        private void send() {
            if (!injector.isRemoved) {
                standIn.standFor(original());
                if (rule != null && rule.rule().action() == FaultAction.MISDIRECT) {
                    standIn.misdirect(rule.rule().effect().away());
                }
                host.submit(standIn);
            }
        }

        private void spoil(ArmedRule hitBy) {
            FaultRule.Effect effect = hitBy.rule().effect();
            String name = name(original());
            boolean isWrite = original().kind() == Kind.WRITE;
            switch (hitBy.rule().action()) {
                case DROP -> {
                    injector.tell(hitBy, name + " lost");
                    original().start();
                    // A posted write has no answer that could be missed.
                    answer(isWrite ? Status.SUCCESS : Status.TIMEOUT, isWrite ? 0 : effect.picos());
                }
                case FAIL -> {
                    injector.tell(hitBy, name + " fails: " + effect.status());
                    if (effect.status() == Status.POISONED && !isWrite) {
                        send();
                    } else {
                        original().start();
                        answer(effect.status(), effect.picos());
                    }
                }
                case DELAY -> {
                    injector.tell(hitBy, "%s %d ps later".formatted(name, effect.picos()));
                    if (isWrite) {
                        injector.deferred().in(effect.picos(), this::send);
                    } else {
                        send();
                    }
                }
                case CORRUPT -> {
                    Corruption mine = Corruption.of(hitBy, original().byteCount());
                    corruption = mine;
                    injector.tell(hitBy, "%s: %s".formatted(name, mine));
                    send();
                }
                case DUPLICATE -> {
                    injector.tell(hitBy, name + " twice");
                    send();
                }
                case MISDIRECT -> {
                    injector.tell(
                            hitBy, "%s goes to 0x%x".formatted(name, original().iova() + effect.away()));
                    send();
                }
                default -> {
                    injector.tell(hitBy, "%s completes behind %d others".formatted(name, effect.behind()));
                    send();
                }
            }
        }

        private void answer(Status how, long delayPicos) {
            status = how;
            if (delayPicos == 0) {
                tell();
            } else {
                injector.deferred().in(delayPicos, this::tell);
            }
        }

        @Override
        public void started(Transaction started) {
            original().start();
            if (started.kind() == Kind.WRITE && corruption != null) {
                isFlipped = true;
                corrupt(started);
            }
        }

        private void corrupt(Transaction bytes) {
            if (corruption != null) {
                corruption.apply(bytes.data());
            }
        }

        @Override
        public String purpose(Transaction transaction) {
            Transaction mine = original;
            return mine == null ? "" : mine.purpose();
        }

        @Override
        public void completed(Transaction over, Status how) {
            status = how;
            // A second time for a write: the device gets its own bytes back.
            if (over.kind() == Kind.WRITE ? isFlipped : how == Status.SUCCESS) {
                corrupt(over);
            }
            ArmedRule hitBy = rule;
            if (hitBy == null) {
                tell();
                return;
            }
            FaultRule.Effect effect = hitBy.rule().effect();
            switch (hitBy.rule().action()) {
                case DELAY -> answer(how, over.kind() == Kind.READ ? effect.picos() : 0);
                case FAIL -> answer(how == Status.SUCCESS ? effect.status() : how, 0);
                case DUPLICATE -> {
                    repeat(over);
                    tell();
                }
                case REORDER -> {
                    behind = effect.behind();
                    overtaken.add(this);
                    injector.deferred().in(PATIENCE_PICOS, this::tellIfOvertaken);
                }
                default -> tell();
            }
        }

        private void repeat(Transaction over) {
            Transaction again = new Transaction((_, _) -> {}, over.byteCount());
            System.arraycopy(over.data(), 0, again.data(), 0, over.byteCount());
            again.begin(Kind.WRITE, over.iova(), over.byteCount(), Tenure.RELEASE, 0);
            again.attributes(over.relaxedOrdering(), over.noSnoop(), over.addressType());
            host.submit(again);
        }

        private void tellIfOvertaken() {
            if (overtaken.remove(this)) {
                tell();
            }
        }

        void tell() {
            if (injector.isRemoved) {
                return;
            }
            if (injector.isHung) {
                held.add(this);
                return;
            }
            Transaction mine = original();
            original = null;
            rule = null;
            corruption = null;
            free.addLast(this);
            mine.complete(status);
            overtake();
        }
    }

    /// One completion more has been told.
    private void overtake() {
        for (int i = 0; i < overtaken.size(); i++) {
            Flight waiting = overtaken.get(i);
            waiting.behind--;
            if (waiting.behind == 0) {
                overtaken.remove(i);
                waiting.tell();
                return;
            }
        }
    }
}
