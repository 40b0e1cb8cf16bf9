package flyby.cpu;

import flyby.base.Check;
import flyby.sim.Simulation;
import flyby.trace.Trace;

/// What a CPU tells the trace: what it executes, and for the transfer that its driver serves, which phase that is
/// in.
public final class CpuAccount {
    private final Simulation simulation;
    private final int row;
    private final int driver;
    private final int programmedIo;
    private final int maintenance;
    private final int copy;
    private final int handler;
    private final int wakeUp;
    private final int handlerName;
    private final int driverName;
    private int phase;
    private long transfer;

    /// @param process the group of tracks in which the CPU has one, called `execution`
    public CpuAccount(Simulation simulation, String process) {
        Trace trace = simulation.trace();
        this.simulation = simulation;
        row = trace.track(process, "execution");
        driver = trace.name("driver");
        programmedIo = trace.name("programmed I/O");
        maintenance = trace.name("cache maintenance");
        copy = trace.name("copy");
        handler = trace.name("handler");
        wakeUp = trace.name("wake-up");
        handlerName = trace.name("interrupt handler");
        driverName = trace.name("driver");
    }

    /// The track.
    public int row() {
        return row;
    }

    /// The transfer that is open, or 0.
    public long transfer() {
        return transfer;
    }

    /// A transfer of `byteCount` bytes begins. One at a time.
    public void beginTransfer(long byteCount) {
        Check.that(transfer == 0, "transfer %d is not over", transfer);
        Trace trace = simulation.trace();
        transfer = trace.newTransfer();
        phase = driver;
        if (trace.isOn()) {
            trace.transferBegin(simulation.nowPicos(), transfer, driver, byteCount);
        }
    }

    /// The open transfer is over.
    public void endTransfer() {
        Check.that(transfer != 0, "no transfer is open");
        Trace trace = simulation.trace();
        if (trace.isOn()) {
            trace.transferEnd(simulation.nowPicos(), transfer);
        }
        transfer = 0;
    }

    // What the CPU does from now on for the open transfer. Each answers what it did before, for [#back].

    /// Driver code between accesses.
    public int driver() {
        return back(driver);
    }

    /// String instructions between memory and a register.
    public int programmedIo() {
        return back(programmedIo);
    }

    /// Cache maintenance.
    public int maintenance() {
        return back(maintenance);
    }

    /// Copying.
    public int copy() {
        return back(copy);
    }

    /// An interrupt's handler.
    public int handler() {
        return back(handler);
    }

    /// From the handler's end to whoever waited for it.
    public int wakeUp() {
        return back(wakeUp);
    }

    /// The phase that the CPU was in.
    public int back(int before) {
        int last = phase;
        phase = before;
        if (transfer != 0 && simulation.trace().isOn()) {
            simulation.trace().phase(simulation.nowPicos(), transfer, before);
        }
        return last;
    }

    /// Which phase the CPU is in.
    public int phase() {
        return phase;
    }

    /// The CPU executes its driver from now on.
    public void beginDriver() {
        begin(driverName, 0);
    }

    /// The CPU executes an interrupt handler from now on, on top of what it does.
    public void beginHandler(int line) {
        begin(handlerName, line);
    }

    /// The CPU is done with what it began last.
    public void end() {
        if (simulation.trace().isOn()) {
            simulation.trace().end(simulation.nowPicos(), row);
        }
    }

    private void begin(int name, long argument) {
        if (simulation.trace().isOn()) {
            simulation.trace().begin(simulation.nowPicos(), row, name, transfer, argument);
        }
    }
}
