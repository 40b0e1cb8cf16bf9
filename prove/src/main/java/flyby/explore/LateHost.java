package flyby.explore;

import flyby.base.Check;
import flyby.bus.AddressType;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.choice.Decisions.Point;
import flyby.choice.Footprint;
import flyby.fault.DeviceFaults;
import flyby.sim.Alarm;
import flyby.trace.Trace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The host of a device that may be late: with its accesses to memory, with its interrupts, and with hearing of writes
/// to its registers.
///
/// It keeps what PCI Express keeps (Base Specification, section 2.4.1): a write and a message do not overtake a write,
/// unless it is a write with relaxed ordering; a read does not overtake a write; the answer to a read overtakes nothing
/// that was posted, so a read of a register has everything that is held up done first. An interrupt by a wire is bound
/// to nothing.
final class LateHost implements DeviceHost, DeviceFaults {
    private static final long RELEASED = 0;

    private final DeviceHost host;
    private final String name;
    private final Lateness lateness;
    private final DeviceFaults faults;
    /// Whether an interrupt may come before the writes that the device made before it.
    private final BooleanSupplier interruptsOvertake;
    /// Whether addresses are physical.
    private final boolean isDirect;

    private final Pending upstream;
    private final Pending downstream;
    private final Deque<Flight> free = new ArrayDeque<>();
    private final LongFunction<Footprint> aboutInterrupt;
    private @Nullable Device device;
    private long interruptPicos;
    private long heldTransfer = RELEASED;

    LateHost(DeviceHost host, String name, Lateness lateness, boolean isDirect, BooleanSupplier interruptsOvertake) {
        this.host = host;
        this.name = name;
        this.lateness = lateness;
        this.isDirect = isDirect;
        this.interruptsOvertake = interruptsOvertake;
        faults = DeviceFaults.of(host);
        upstream = new Pending(host, name + " is late");
        downstream = new Pending(host, "posted writes to " + name);
        Footprint interrupt = Footprint.unknown(name);
        aboutInterrupt = _ -> interrupt;
    }

    void made(Device newDevice) {
        device = newDevice;
    }

    private Device device() {
        Device mine = device;
        if (mine == null) {
            throw Check.bug("an access to a device that is being made");
        }
        return mine;
    }

    // What the host does.

    long readRegister(int region, long offset, int byteCount) {
        downstream.flush();
        long value = device().readRegister(region, offset, byteCount);
        flushUpstream();
        return value;
    }

    void writeRegister(int region, long offset, int byteCount, long value) {
        long transfer = host.currentTransfer();
        long picos = lateness.picos(Point.POSTED_WRITE, aboutInterrupt);
        downstream.inOrder(picos, true, () -> {
            heldTransfer = transfer;
            device().writeRegister(region, offset, byteCount, value);
            heldTransfer = RELEASED;
        });
    }

    void reset() {
        downstream.flush();
        flushUpstream();
        device().reset();
    }

    private void flushUpstream() {
        upstream.flush();
        interruptPicos = host.nowPicos();
    }

    // What the device does.

    @Override
    public void submit(Transaction transaction) {
        transaction.accept();
        Flight flight = free.isEmpty() ? new Flight() : free.removeFirst();
        flight.original = transaction;
        long picos = lateness.picos(Point.DEVICE, _ -> footprint(transaction));
        boolean isWrite = transaction.kind() == Kind.WRITE;
        if (isWrite && transaction.relaxedOrdering()) {
            upstream.anytime(picos, flight::send);
        } else {
            upstream.inOrder(picos, isWrite, flight::send);
        }
    }

    private Footprint footprint(Transaction access) {
        return isDirect && access.addressType() == AddressType.UNTRANSLATED
                ? new Footprint(name, access.iova(), access.byteCount(), access.kind() == Kind.WRITE)
                : Footprint.unknown(name);
    }

    @Override
    public void interrupt(int vector, boolean asserted) {
        // Lines keep the order of what happens to them.
        long now = host.nowPicos();
        long picos = asserted ? lateness.picos(Point.INTERRUPT, aboutInterrupt) : 0;
        interruptPicos = Math.max(interruptPicos, now + picos);
        Runnable drive = () -> host.interrupt(vector, asserted);
        if (interruptsOvertake.getAsBoolean()) {
            upstream.anytime(interruptPicos - now, drive);
        } else {
            upstream.inOrder(interruptPicos - now, false, drive);
        }
    }

    @Override
    public long currentTransfer() {
        return heldTransfer == RELEASED ? host.currentTransfer() : heldTransfer;
    }

    private final class Flight implements Transaction.Owner {
        private final Transaction standIn = Transaction.standIn(this);
        private @Nullable Transaction original;

        private Transaction original() {
            Transaction mine = original;
            if (mine == null) {
                throw Check.bug("%s: what is over goes on", name);
            }
            return mine;
        }

        void send() {
            standIn.standFor(original());
            host.submit(standIn);
        }

        @Override
        public void started(Transaction started) {
            original().start();
        }

        @Override
        public String purpose(Transaction transaction) {
            Transaction mine = original;
            return mine == null ? "" : mine.purpose();
        }

        @Override
        public void completed(Transaction over, Status status) {
            Transaction mine = original();
            original = null;
            free.addLast(this);
            mine.complete(status);
        }
    }

    // What is passed on.

    @Override
    public long nowPicos() {
        return host.nowPicos();
    }

    @Override
    public Alarm alarm(String alarmName, Runnable action) {
        return host.alarm(alarmName, action);
    }

    @Override
    public void objection(String what) {
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
    public long ask(String language, String fault, String operation, long address, long count) {
        return faults.ask(language, fault, operation, address, count);
    }
}
