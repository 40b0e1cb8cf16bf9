package flyby.dmac;

import static flyby.dmac.layout.DmacRegisters.ADDRESS;
import static flyby.dmac.layout.DmacRegisters.CONTROL;
import static flyby.dmac.layout.DmacRegisters.CONTROL_INTERRUPT_ENABLE;
import static flyby.dmac.layout.DmacRegisters.CONTROL_START;
import static flyby.dmac.layout.DmacRegisters.COUNT;
import static flyby.dmac.layout.DmacRegisters.MODE;
import static flyby.dmac.layout.DmacRegisters.MODE_FROM_MEMORY;
import static flyby.dmac.layout.DmacRegisters.MODE_TENURE;
import static flyby.dmac.layout.DmacRegisters.STATUS;
import static flyby.dmac.layout.DmacRegisters.STATUS_BUSY;
import static flyby.dmac.layout.DmacRegisters.STATUS_ERROR;
import static flyby.dmac.layout.DmacRegisters.STATUS_TC;
import static flyby.dmac.layout.DmacRegisters.TENURE_BURST;
import static flyby.dmac.layout.DmacRegisters.TENURE_TRANSPARENT;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.trace.Trace;
import org.jspecify.annotations.Nullable;

/// A one-channel DMA controller: program it, go on, and be interrupted when it is done.
///
/// It moves one bus word at a time between the peripheral on its channel and memory, fly-by: in one and the same
/// bus cycle the peripheral drives the data lines and memory takes them, or the other way round. Its three modes
/// are three ways of asking for the bus; what each costs the CPU is decided by the bus, not here.
public final class Dmac implements Device, DmaChannel, Transaction.Owner {
    private static final long COUNT_MASK = 0xffff;

    private final DeviceHost host;
    private final int beatBytes;
    private final Transaction transaction;
    private final DmacTrace trace;
    private @Nullable DmaPeripheral peripheral;

    // Registers.
    private long address;
    private long count;
    private long mode;
    private long control;
    private long status;

    /// MODE as it was at START.
    private long activeMode;

    private boolean requested;
    private boolean inFlight;
    /// Whether what is in flight is from before a reset.
    private boolean abandoned;
    private long transfer;

    /// @param beatBytes how many bytes one bus cycle moves at most: the width of the data path
    public Dmac(DeviceHost host, int beatBytes) {
        this.host = host;
        this.beatBytes = beatBytes;
        this.transaction = new Transaction(this, beatBytes);
        this.trace = new DmacTrace(host.trace());
    }

    /// Wires `wired` to the channel. Once, at set-up.
    public void wire(DmaPeripheral wired) {
        this.peripheral = wired;
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return switch ((int) offset) {
            case ADDRESS -> address;
            case COUNT -> count;
            case MODE -> mode;
            case CONTROL -> control;
            case STATUS -> status;
            default -> ABSENT;
        };
    }

    /// Writes of four bytes only; others are ignored.
    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (byteCount != 4) {
            return;
        }
        switch ((int) offset) {
            case ADDRESS -> address = value & 0xffff_ffffL;
            case COUNT -> count = value & COUNT_MASK;
            case MODE -> mode = value & (MODE_TENURE.mask() | MODE_FROM_MEMORY.mask());
            case CONTROL -> writeControl(value);
            case STATUS -> writeStatus(value);
            default -> {
                // Nobody takes it, as on hardware.
            }
        }
    }

    @Override
    public void reset() {
        if (STATUS_BUSY.isSet(status)) {
            trace.ends(host.nowPicos());
        }
        if (inFlight && !abandoned) {
            abandoned = true;
            transaction.giveBusBack();
        }
        address = 0;
        count = 0;
        mode = 0;
        control = 0;
        status = 0;
        transfer = 0;
        updateInterrupt();
    }

    @Override
    public void request(boolean asserted) {
        if (asserted != requested) {
            requested = asserted;
            trace.request(host.nowPicos(), asserted);
        }
        if (asserted) {
            goOn();
        }
    }

    @Override
    public void started(Transaction started) {
        long now = host.nowPicos();
        trace.acknowledge(now, true);
        trace.moves(now, transfer);
        if (started.kind() == Kind.WRITE && peripheral != null) {
            peripheral.give(started.data(), started.byteCount());
        }
    }

    @Override
    public void completed(Transaction completed, Status how) {
        trace.acknowledge(host.nowPicos(), false);
        if (completed.kind() == Kind.READ && how == Status.SUCCESS && peripheral != null) {
            // May answer with DREQ at once, which must find the cycle still on its way.
            peripheral.take(completed.data(), completed.byteCount());
        }
        inFlight = false;
        if (abandoned) {
            abandoned = false;
            goOn();
            return;
        }
        if (how != Status.SUCCESS) {
            finish(STATUS_ERROR.mask());
            return;
        }
        address = (address + completed.byteCount()) & 0xffff_ffffL;
        long left = count + 1 - completed.byteCount();
        count = (left - 1) & COUNT_MASK;
        if (left == 0) {
            if (peripheral != null) {
                peripheral.terminalCount();
            }
            finish(STATUS_TC.mask());
        } else {
            goOn();
        }
    }

    private void writeControl(long value) {
        control = value & CONTROL_INTERRUPT_ENABLE.mask();
        if (CONTROL_START.isSet(value) && !STATUS_BUSY.isSet(status)) {
            status = STATUS_BUSY.mask();
            activeMode = mode;
            transfer = host.currentTransfer();
            trace.begins(host.nowPicos(), transfer, count + 1);
            goOn();
        }
        updateInterrupt();
    }

    private void writeStatus(long value) {
        status &= ~(value & (STATUS_TC.mask() | STATUS_ERROR.mask()));
        updateInterrupt();
    }

    private void updateInterrupt() {
        boolean isOver = STATUS_TC.isSet(status) || STATUS_ERROR.isSet(status);
        host.interrupt(0, isOver && CONTROL_INTERRUPT_ENABLE.isSet(control));
    }

    /// Asks for the next bus cycle, if there is something to move and nothing on its way.
    private void goOn() {
        if (inFlight || !STATUS_BUSY.isSet(status) || peripheral == null) {
            return;
        }
        Kind kind = MODE_FROM_MEMORY.isSet(activeMode) ? Kind.READ : Kind.WRITE;
        int ready = requested ? peripheral.ready(kind) : 0;
        if (ready == 0) {
            trace.waitsForDevice(host.nowPicos(), transfer);
            return;
        }
        long left = count + 1;
        int byteCount = (int) Math.min(Math.min(beatBytes - address % beatBytes, ready), left);
        inFlight = true;
        trace.waitsForBus(host.nowPicos(), transfer);
        transaction.begin(kind, address, byteCount, tenure(left - byteCount), transfer);
        host.submit(transaction);
    }

    private Tenure tenure(long leftAfterwards) {
        return switch ((int) MODE_TENURE.of(activeMode)) {
            case TENURE_BURST -> leftAfterwards > 0 ? Tenure.HOLD : Tenure.RELEASE;
            case TENURE_TRANSPARENT -> Tenure.HIDDEN;
            default -> Tenure.RELEASE;
        };
    }

    private void finish(long outcome) {
        status = outcome;
        trace.ends(host.nowPicos());
        if (CONTROL_INTERRUPT_ENABLE.isSet(control)) {
            trace.interrupts(host.nowPicos(), transfer);
        }
        transfer = 0;
        updateInterrupt();
    }

    /// What the controller tells the trace: its row, its wires, and the phases of a transfer that it has in hand.
    private static final class DmacTrace {
        private final Trace trace;
        private final int row;
        private final int transferName;
        private final int busWait;
        private final int move;
        private final int deviceWait;
        private final int interrupt;
        private final int dreq;
        private final int dack;

        DmacTrace(Trace trace) {
            this.trace = trace;
            row = trace.track("dma controller", "transfer");
            transferName = trace.name("transfer");
            busWait = trace.name("bus wait");
            move = trace.name("bus transfer");
            deviceWait = trace.name("device wait");
            interrupt = trace.name("interrupt");
            dreq = trace.signal("dmac", "DREQ", 1);
            dack = trace.signal("dmac", "DACK", 1);
            if (trace.isSignalsOn()) {
                trace.signal(0, dreq, 0);
                trace.signal(0, dack, 0);
            }
        }

        void request(long now, boolean level) {
            if (trace.isSignalsOn()) {
                trace.signal(now, dreq, level ? 1 : 0);
            }
        }

        void acknowledge(long now, boolean level) {
            if (trace.isSignalsOn()) {
                trace.signal(now, dack, level ? 1 : 0);
            }
        }

        void begins(long now, long transfer, long byteCount) {
            if (trace.isOn()) {
                trace.begin(now, row, transferName, transfer, byteCount);
            }
        }

        void ends(long now) {
            if (trace.isOn()) {
                trace.end(now, row);
            }
        }

        void waitsForBus(long now, long transfer) {
            phase(now, transfer, busWait);
        }

        void moves(long now, long transfer) {
            phase(now, transfer, move);
        }

        void waitsForDevice(long now, long transfer) {
            phase(now, transfer, deviceWait);
        }

        void interrupts(long now, long transfer) {
            if (trace.isOn()) {
                trace.instant(now, row, interrupt, transfer, 0);
            }
            phase(now, transfer, interrupt);
        }

        private void phase(long now, long transfer, int phase) {
            if (transfer != 0 && trace.isOn()) {
                trace.phase(now, transfer, phase);
            }
        }
    }
}
