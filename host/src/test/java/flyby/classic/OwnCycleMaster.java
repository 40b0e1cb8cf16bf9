package flyby.classic;

import flyby.bus.BusMaster;
import flyby.bus.Transaction.Kind;
import flyby.sim.Alarm;
import java.util.ArrayList;
import java.util.List;

/// A master for tests that runs its own cycles: on HLDA it writes a byte every `cyclePicos`, then drops HOLD.
final class OwnCycleMaster implements BusMaster {
    private final MasterSlot slot;
    private final long cyclePicos;
    private final boolean hidden;
    private final boolean runsAhead;
    private final Alarm cycleEnds;
    private final List<String> heard = new ArrayList<>();
    private int perTenure;
    private int leftInTenure;
    private int tenuresLeft;
    private int written;

    OwnCycleMaster(MasterSlot slot, long cyclePicos, boolean hidden, boolean runsAhead) {
        this.slot = slot;
        this.cyclePicos = cyclePicos;
        this.hidden = hidden;
        this.runsAhead = runsAhead;
        this.cycleEnds = slot.alarm("cycle", this::cycle);
        slot.connect(this);
    }

    /// Holds `tenures` times, for `cycles` cycles each, and asks again as soon as it has given the bus back.
    void start(int tenures, int cycles) {
        tenuresLeft = tenures;
        perTenure = cycles;
        hold();
    }

    void withdraw() {
        slot.hold(false, hidden, 0);
    }

    /// `HLDA 1000`, `cycle 5000`, `free 5000`.
    List<String> heard() {
        return heard;
    }

    @Override
    public void acknowledge(boolean asserted) {
        heard.add((asserted ? "HLDA " : "free ") + slot.nowPicos());
        if (!asserted) {
            return;
        }
        leftInTenure = perTenure;
        goOn();
    }

    private void hold() {
        tenuresLeft--;
        slot.hold(true, hidden, perTenure * cyclePicos);
    }

    private void goOn() {
        long end = slot.nowPicos() + cyclePicos;
        while (runsAhead && leftInTenure > 0 && end < slot.horizonPicos()) {
            slot.advanceTo(end);
            write();
            end = slot.nowPicos() + cyclePicos;
        }
        if (leftInTenure > 0) {
            cycleEnds.at(end);
        } else {
            release();
        }
    }

    private void cycle() {
        write();
        goOn();
    }

    private void write() {
        long now = slot.nowPicos();
        slot.cycleBegins(now - cyclePicos, Kind.WRITE, 0x100 + written, 0);
        slot.writeMemory(0x100 + written, 1, ++written);
        slot.cycleEnds(now, 1);
        heard.add("cycle " + now);
        leftInTenure--;
    }

    private void release() {
        slot.hold(false, hidden, 0);
        if (tenuresLeft > 0) {
            hold();
        }
    }
}
