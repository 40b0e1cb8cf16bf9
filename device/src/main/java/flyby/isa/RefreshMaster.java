package flyby.isa;

import flyby.base.Check;
import flyby.bus.BusMaster;
import flyby.bus.MasterHost;
import flyby.bus.Transaction.Kind;
import flyby.sim.Alarm;

/// The refresh controller of a PC/AT: takes the bus at a steady pace, for one read of a row, and is no DMA. PC/AT
/// Technical Reference, "System Performance".
///
/// A request that has not been served when the next one is due is lost, as a flip-flop holds only one.
public final class RefreshMaster implements BusMaster {
    private static final int ROWS = 256;

    private final MasterHost host;
    private final long periodPicos;
    private final long cyclePicos;
    private final Alarm due;
    private final Alarm done;
    private int row;

    /// @param periodPicos from one refresh to the next
    /// @param cyclePicos how long one has the bus
    public RefreshMaster(MasterHost host, long periodPicos, long cyclePicos) {
        Check.that(periodPicos > 0 && cyclePicos > 0, "%d ps every %d ps", cyclePicos, periodPicos);
        this.host = host;
        this.periodPicos = periodPicos;
        this.cyclePicos = cyclePicos;
        this.due = host.alarm("due", this::ask);
        this.done = host.alarm("done", this::finish);
    }

    /// Refreshes from now on.
    public void start() {
        due.in(periodPicos);
    }

    @Override
    public void acknowledge(boolean asserted) {
        if (asserted) {
            host.cycleBegins(host.nowPicos(), Kind.READ, row, 0);
            done.in(cyclePicos);
        }
    }

    private void ask() {
        due.in(periodPicos);
        host.hold(true, false, 0);
    }

    private void finish() {
        host.cycleEnds(host.nowPicos(), 0);
        row = (row + 1) % ROWS;
        host.hold(false, false, 0);
    }
}
