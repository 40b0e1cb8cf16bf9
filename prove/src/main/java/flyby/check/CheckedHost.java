package flyby.check;

import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Status;
import flyby.check.Flights.Flight;
import flyby.dma.Dma;
import flyby.fault.DeviceFaults;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A device's world, watched.
final class CheckedHost implements DeviceHost, DeviceFaults {
    private final DeviceHost host;
    private final String name;
    private final World world;
    private final DeviceRules rules;
    private final Supplier<@Nullable Dma> dma;
    private final Deque<StandIn> free = new ArrayDeque<>();

    /// @param dma for which the device's driver maps, once there is one
    CheckedHost(DeviceHost host, String name, World world, DeviceRules rules, Supplier<@Nullable Dma> dma) {
        this.host = host;
        this.name = name;
        this.world = world;
        this.rules = rules;
        this.dma = dma;
    }

    @Override
    public long nowPicos() {
        return host.nowPicos();
    }

    @Override
    public Alarm alarm(String alarmName, Runnable action) {
        return host.alarm(alarmName, action);
    }

    @Override
    public void submit(Transaction transaction) {
        transaction.accept();
        Dma known = dma.get();
        StandIn standIn = free.isEmpty() ? new StandIn() : free.pop();
        standIn.submit(
                transaction,
                rules.submitted(known == null ? name : World.name(known), known, transaction, host.isMaster()));
    }

    /// A transaction of the device on its way.
    private final class StandIn implements Transaction.Owner {
        private final Transaction transaction = Transaction.standIn(this);
        private @Nullable Transaction original;
        private @Nullable Flight flight;

        void submit(Transaction own, Flight ownFlight) {
            original = own;
            flight = ownFlight;
            transaction.standFor(own);
            host.submit(transaction);
        }

        private Transaction original() {
            return java.util.Objects.requireNonNull(original);
        }

        @Override
        public void started(Transaction started) {
            original().start();
        }

        @Override
        public String purpose(Transaction asked) {
            return original().purpose();
        }

        @Override
        public void completed(Transaction over, Status status) {
            Flight ended = flight;
            if (ended != null && (!ended.isWrite || status != Status.SUCCESS)) {
                world.flights.end(ended);
            }
            Transaction own = original();
            original = null;
            flight = null;
            free.push(this);
            own.complete(status);
        }
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        if (asserted && world.policy.hasWires()) {
            Dma known = dma.get();
            world.flights.interrupted(known == null ? name : World.name(known));
        }
        host.interrupt(vector, asserted);
    }

    @Override
    public long currentTransfer() {
        return host.currentTransfer();
    }

    @Override
    public void objection(String what) {
        rules.objection(name, what, world.registers.arriving());
        host.objection(what);
    }

    @Override
    public boolean isMaster() {
        return host.isMaster();
    }

    @Override
    public Trace trace() {
        return host.trace();
    }

    @Override
    public long ask(String language, String question, String operation, long address, long count) {
        return host instanceof DeviceFaults faults ? faults.ask(language, question, operation, address, count) : NONE;
    }
}
