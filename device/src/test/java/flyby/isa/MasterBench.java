package flyby.isa;

import flyby.bus.BusMaster;
import flyby.bus.MasterHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The plainest host for a master: HLDA follows HOLD after a fixed time, memory is an array, all is written down.
final class MasterBench implements MasterHost {
    final Simulation simulation;
    final byte[] memory = new byte[1 << 24];
    /// One line for each change of HOLD and each bus cycle.
    final List<String> log = new ArrayList<>();
    private final long grantPicos;
    private final Alarm grant;
    private @Nullable BusMaster master;
    private boolean acknowledged;
    private long cycleBegan;

    MasterBench(Trace trace, long grantPicos) {
        simulation = new Simulation(0, trace);
        this.grantPicos = grantPicos;
        grant = simulation.event("grant", () -> tell(true));
    }

    void connect(BusMaster connected) {
        master = connected;
    }

    private void tell(boolean asserted) {
        acknowledged = asserted;
        if (master != null) {
            master.acknowledge(asserted);
        }
    }

    @Override
    public void hold(boolean asserted, boolean hidden, long needPicos) {
        log.add(nowPicos() + " HOLD " + asserted);
        if (asserted) {
            grant.in(grantPicos);
        } else {
            grant.cancel();
            tell(false);
        }
    }

    @Override
    public int readMemory(long address, int byteCount) {
        checkHlda();
        int at = (int) address;
        return byteCount == 1 ? memory[at] & 0xff : (memory[at] & 0xff) | ((memory[at + 1] & 0xff) << 8);
    }

    @Override
    public void writeMemory(long address, int byteCount, int value) {
        checkHlda();
        memory[(int) address] = (byte) value;
        if (byteCount == 2) {
            memory[(int) address + 1] = (byte) (value >> 8);
        }
        log.add(nowPicos() + " write " + Long.toHexString(address));
    }

    private void checkHlda() {
        if (!acknowledged) {
            throw new AssertionError("a cycle without HLDA");
        }
    }

    @Override
    public void cycleBegins(long picos, Kind kind, long address, long transfer) {
        cycleBegan = picos;
    }

    @Override
    public void cycleEnds(long picos, int byteCount) {
        log.add(cycleBegan + " to " + picos + (byteCount == 0 ? ", empty" : ""));
    }

    @Override
    public long horizonPicos() {
        return simulation.horizonPicos();
    }

    @Override
    public void advanceTo(long timePicos) {
        simulation.advanceTo(timePicos);
    }

    @Override
    public long nowPicos() {
        return simulation.nowPicos();
    }

    @Override
    public Alarm alarm(String name, Runnable action) {
        return simulation.event(name, action);
    }

    @Override
    public void submit(Transaction transaction) {
        throw new AssertionError("it runs its own cycles");
    }

    @Override
    public void interrupt(int vector, boolean asserted) {}

    @Override
    public long currentTransfer() {
        return 0;
    }

    @Override
    public Trace trace() {
        return simulation.trace();
    }
}
