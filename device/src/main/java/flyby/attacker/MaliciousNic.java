package flyby.attacker;

import static flyby.attacker.layout.NicRegisters.CONTROL;
import static flyby.attacker.layout.NicRegisters.CONTROL_ENABLE;
import static flyby.attacker.layout.NicRegisters.CONTROL_INTERRUPT;
import static flyby.attacker.layout.NicRegisters.DONE;
import static flyby.attacker.layout.NicRegisters.DONE_BYTES;
import static flyby.attacker.layout.NicRegisters.DROPPED;
import static flyby.attacker.layout.NicRegisters.NOTHING;
import static flyby.attacker.layout.NicRegisters.RX_BYTES;
import static flyby.attacker.layout.NicRegisters.RX_POST;
import static flyby.attacker.layout.NicRegisters.STATUS;
import static flyby.attacker.layout.NicRegisters.STATUS_DONE;
import static flyby.attacker.layout.NicRegisters.TX_BYTES;
import static flyby.attacker.layout.NicRegisters.TX_POST;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.sim.Alarm;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// A network card whose driver sees nothing wrong with it: it receives, sends, and raises interrupts. See
/// `flyby.attacker.layout`. What it does beside that is its [Plan], which somebody has put into its firmware.
///
/// It works on one packet at a time. Interrupt vector 0 is asserted while CONTROL.INTERRUPT and STATUS.DONE are set.
public final class MaliciousNic implements Device {
    /// The only interrupt vector.
    public static final int VECTOR = 0;

    private static final int RX_BYTES_AFTER_RESET = 2_048;
    private static final int BUFFER_BYTES_MAX = Malice.PAGE_BYTES;

    /// What comes in by the cable.
    ///
    /// @param packetBytes of each packet, 1 to 4096
    /// @param intervalPicos from one to the next
    public record Wire(int packetBytes, long intervalPicos) {
        public Wire {
            Check.that(packetBytes > 0 && packetBytes <= BUFFER_BYTES_MAX, "packets of %d bytes", packetBytes);
            Check.that(intervalPicos > 0, "a packet every %d ps", intervalPicos);
        }
    }

    private record Buffer(long address, int byteCount) {}

    private final DeviceHost host;
    private final String name;
    private final Wire wire;
    private final Alarm arrival;
    private final Mover receiver = new Mover(Kind.WRITE);
    private final Mover sender = new Mover(Kind.READ);
    private final ArrayDeque<Buffer> empty = new ArrayDeque<>();
    private final ArrayDeque<Buffer> toSend = new ArrayDeque<>();
    /// Worked on, but its page has not been read yet.
    private final List<Buffer> kept = new ArrayList<>();
    private final ArrayDeque<Buffer> done = new ArrayDeque<>();
    private Plan plan = Plan.HONEST;
    private Malice malice;
    private int rxBytes;
    private int txBytes;
    private int doneBytes;
    private boolean isEnabled;
    private boolean isInterruptEnabled;
    private long dropped;
    private int packets;
    private int held;

    /// A card in its state after power-on, with an honest plan.
    ///
    /// @param name how traces call it
    public MaliciousNic(DeviceHost host, String name, Wire wire) {
        this.host = host;
        this.name = name;
        this.wire = wire;
        arrival = host.alarm(name + " packet", this::arrive);
        malice = new Malice(host, name, plan, Spoils.NONE, () -> {});
        reset();
    }

    /// Puts a plan into the firmware. For set-up only: before the driver is loaded.
    ///
    /// @param spoils told of each access of the plan
    public void corrupt(Plan newPlan, Spoils spoils) {
        plan = newPlan;
        malice = new Malice(host, name, newPlan, spoils, this::giveBackRead);
    }

    /// What it does on the side.
    public Malice malice() {
        return malice;
    }

    /// Begins with the part of the plan that needs no driver: the attacker's cable says so.
    public void attack() {
        malice.start();
    }

    /// Ends all that is not asked for.
    public void desist() {
        malice.stop();
    }

    @Override
    public void reset() {
        arrival.cancel();
        empty.clear();
        toSend.clear();
        kept.clear();
        done.clear();
        receiver.forget();
        sender.forget();
        rxBytes = RX_BYTES_AFTER_RESET;
        txBytes = 1;
        doneBytes = 0;
        isEnabled = false;
        isInterruptEnabled = false;
        dropped = 0;
        driveInterrupt();
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (region != 0 || offset < 0 || offset > DROPPED) {
            return ABSENT;
        }
        return switch ((int) offset) {
            case RX_BYTES -> rxBytes;
            case TX_BYTES -> txBytes;
            case DONE -> nextDone();
            case DONE_BYTES -> doneBytes;
            case CONTROL -> CONTROL_ENABLE.to(isEnabled ? 1 : 0) | CONTROL_INTERRUPT.to(isInterruptEnabled ? 1 : 0);
            case STATUS -> STATUS_DONE.to(done.isEmpty() ? 0 : 1);
            case DROPPED -> dropped;
            default -> ABSENT;
        };
    }

    private long nextDone() {
        Buffer buffer = done.poll();
        driveInterrupt();
        if (buffer == null) {
            return NOTHING;
        }
        doneBytes = buffer.byteCount();
        return buffer.address();
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (region != 0 || offset < 0 || offset > DROPPED) {
            return;
        }
        switch ((int) offset) {
            case RX_BYTES -> rxBytes = clip(value);
            case TX_BYTES -> txBytes = clip(value);
            case RX_POST -> {
                empty.add(new Buffer(value, rxBytes));
                malice.given(value, rxBytes);
            }
            case TX_POST -> {
                toSend.add(new Buffer(value, txBytes));
                malice.given(value, txBytes);
                sender.next();
            }
            case CONTROL -> control(value);
            default -> {
                // The others can only be read, and between registers there is nothing.
            }
        }
    }

    private static int clip(long value) {
        return Math.clamp(value & 0xffff_ffffL, 1, BUFFER_BYTES_MAX);
    }

    private void control(long value) {
        isInterruptEnabled = CONTROL_INTERRUPT.isSet(value);
        boolean wasEnabled = isEnabled;
        isEnabled = CONTROL_ENABLE.isSet(value);
        if (isEnabled && !wasEnabled) {
            arrival.in(wire.intervalPicos());
        } else if (!isEnabled) {
            arrival.cancel();
            empty.clear();
            toSend.clear();
            kept.clear();
            done.clear();
        }
        driveInterrupt();
    }

    private void arrive() {
        arrival.in(wire.intervalPicos());
        Buffer buffer = receiver.isBusy() ? null : empty.poll();
        if (buffer == null) {
            dropped++;
        } else {
            packets++;
            receiver.move(new Buffer(buffer.address(), Math.min(buffer.byteCount(), wire.packetBytes())), packets);
        }
    }

    /// The card is through with `buffer`.
    private void finish(Buffer buffer, boolean isSent) {
        if (!isEnabled) {
            return;
        }
        if (isSent && held < plan.holds()) {
            // The driver will wait for it, and leave the page mapped.
            held++;
            return;
        }
        kept.add(buffer);
        giveBackRead();
    }

    /// Gives back what need not be kept any longer.
    private void giveBackRead() {
        for (Iterator<Buffer> each = kept.iterator(); each.hasNext(); ) {
            Buffer buffer = each.next();
            if (malice.isRead(buffer.address())) {
                each.remove();
                malice.givenBack(buffer.address());
                done.add(buffer);
            }
        }
        driveInterrupt();
    }

    private void driveInterrupt() {
        host.interrupt(VECTOR, isInterruptEnabled && !done.isEmpty());
    }

    /// Carries one packet after the other between memory and the cable.
    private final class Mover implements Transaction.Owner {
        private final Kind kind;
        private final Transaction transaction = new Transaction(this, BUFFER_BYTES_MAX);
        private Buffer buffer = new Buffer(0, 1);
        private boolean isForgotten;

        Mover(Kind kind) {
            this.kind = kind;
        }

        boolean isBusy() {
            return !transaction.isFree();
        }

        void forget() {
            isForgotten = isBusy();
        }

        /// A packet that comes in, whose bytes say which one it is.
        void move(Buffer into, int number) {
            for (int i = 0; i < into.byteCount(); i++) {
                transaction.data()[i] = (byte) (number + i);
            }
            submit(into);
        }

        void next() {
            if (!isBusy() && !toSend.isEmpty()) {
                submit(toSend.remove());
            }
        }

        private void submit(Buffer moved) {
            buffer = moved;
            transaction.begin(kind, moved.address(), moved.byteCount(), Tenure.RELEASE, 0);
            host.submit(transaction);
        }

        @Override
        public void completed(Transaction over, Status status) {
            if (!isForgotten) {
                finish(buffer, kind == Kind.READ);
            }
            isForgotten = false;
            if (kind == Kind.READ) {
                next();
            }
        }
    }
}
