package flyby.classic;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.bus.BusMaster;
import flyby.bus.MasterHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.trace.TraceSink;
import org.jspecify.annotations.Nullable;

/// A place on the bus for a device that runs bus cycles of its own.
///
/// HOLD and HLDA keep the rules of [ClassicBus]. HLDA falls as HOLD does; the CPU drives the bus again
/// `releaseClocks` after the next clock edge. HOLD may rise again at once. A hidden hold has no handshake to pay
/// for: HLDA rises at a clock edge, and the CPU may drive the bus from the edge on at which HOLD is seen to fall.
///
/// The master may run ahead with [#advanceTo] as the last act of an alarm's action, or of
/// [BusMaster#acknowledge] of a rising HLDA.
public final class MasterSlot extends Slot implements MasterHost {
    private @Nullable BusMaster master;
    private boolean holds;
    private boolean isHidden;
    private long needPicos;
    private boolean acknowledged;
    private long beganPicos;
    /// What this cycle has put on the data lines.
    private long lines = TraceSink.HIGH_IMPEDANCE;

    MasterSlot(ClassicBus bus, String name, int index, int firstLine) {
        super(bus, name, index, firstLine);
    }

    /// Lets `connected` hear HLDA. Once, at set-up.
    public void connect(BusMaster connected) {
        master = connected;
    }

    /// Only a change counts. Not while a transaction of this device is in flight.
    @Override
    public void hold(boolean asserted, boolean hidden, long neededPicos) {
        if (asserted == holds) {
            return;
        }
        holds = asserted;
        if (asserted) {
            if (transaction != null || bus.isMaster(this)) {
                throw Check.bug("%s raises HOLD while a transaction of its own has the bus or waits for it", this);
            }
            isHidden = hidden;
            needPicos = neededPicos;
            bus.request(this, hidden);
        } else if (acknowledged) {
            acknowledged = false;
            bus.returned(this, isHidden);
            tell(false);
        } else {
            bus.withdrawn(this, isHidden);
        }
    }

    @Override
    public void submit(Transaction submitted) {
        if (holds) {
            throw Check.bug("%s submits %s while it raises HOLD", this, submitted);
        }
        super.submit(submitted);
    }

    @Override
    public int readMemory(long address, int byteCount) {
        checkAcknowledged();
        AddressMap map = bus.map();
        int value = (int)
                (map.isMemory(address, byteCount) ? map.masterRead(address, byteCount) : LittleEndian.ones(byteCount));
        lines = value;
        return value;
    }

    @Override
    public void writeMemory(long address, int byteCount, int value) {
        checkAcknowledged();
        if (bus.map().isMemory(address, byteCount)) {
            bus.map().masterWrite(address, byteCount, value);
        }
        lines = value;
    }

    @Override
    public void cycleBegins(long picos, Kind kind, long address, long transfer) {
        beganPicos = picos;
        lines = TraceSink.HIGH_IMPEDANCE;
        bus.probe().ownBegins(picos, kind, address, transfer, isHidden);
    }

    @Override
    public void cycleEnds(long picos, int byteCount) {
        bus.ownCycle(picos - beganPicos, byteCount);
        bus.probe().ownEnds(picos, lines);
    }

    @Override
    public long horizonPicos() {
        return bus.horizonPicos();
    }

    @Override
    public void advanceTo(long timePicos) {
        assert timePicos < bus.horizonPicos() : timePicos;
        bus.simulation().advanceTo(timePicos);
    }

    @Override
    boolean isHolding() {
        return holds ? !isHidden && !acknowledged : super.isHolding();
    }

    @Override
    boolean isHidden() {
        return holds ? isHidden && !acknowledged : super.isHidden();
    }

    @Override
    long hiddenPicos() {
        return holds ? needPicos : super.hiddenPicos();
    }

    @Override
    void takeOver() {
        acknowledged = true;
        tell(true);
    }

    private void tell(boolean asserted) {
        if (master != null) {
            master.acknowledge(asserted);
        }
    }

    private void checkAcknowledged() {
        if (!acknowledged) {
            throw Check.bug("%s runs a cycle without HLDA", this);
        }
    }
}
