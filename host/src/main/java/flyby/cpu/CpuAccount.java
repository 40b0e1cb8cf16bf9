package flyby.cpu;

import flyby.base.Check;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import org.jspecify.annotations.Nullable;

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
    /// The names of what most runs do not have; -1 as long as nobody has asked for them.
    private int timerName = -1;

    private int scheduledOut = -1;
    private Work work = new Work();
    /// Of the open transfers, the one that was opened last.
    private @Nullable Work latest;

    /// The transfer that somebody works for, or 0, and the phase that it is in.
    static final class Work {
        private int phase;
        private long transfer;
    }

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

    /// The name of a slice on the track.
    int name(String text) {
        return simulation.trace().name(text);
    }

    /// What a driver's slices are called.
    int driverName() {
        return driverName;
    }

    /// The transfer that is open, or 0.
    public long transfer() {
        return work.transfer;
    }

    /// A transfer of `byteCount` bytes begins. One at a time, for each thread.
    public void beginTransfer(long byteCount) {
        Check.that(work.transfer == 0, "transfer %d is not over", work.transfer);
        Trace trace = simulation.trace();
        work.transfer = trace.newTransfer();
        work.phase = driver;
        latest = work;
        if (trace.isOn()) {
            trace.transferBegin(simulation.nowPicos(), work.transfer, driver, byteCount);
        }
    }

    /// The open transfer is over.
    public void endTransfer() {
        Check.that(work.transfer != 0, "no transfer is open");
        Trace trace = simulation.trace();
        if (trace.isOn()) {
            trace.transferEnd(simulation.nowPicos(), work.transfer);
        }
        work.transfer = 0;
        latest = isFor(latest) ? null : latest;
    }

    // Whom the CPU works for.

    /// What the CPU does from now on is done for `next`.
    void use(Work next) {
        work = next;
    }

    /// Whether the CPU works for `other`.
    @SuppressWarnings("ReferenceEquality") // Each thread has one of its own.
    boolean isFor(@Nullable Work other) {
        return work == other;
    }

    /// An interrupt is taken. On top of a thread that works for no transfer, it is taken for the one that was opened
    /// last, if one is open: it is most probably what was waited for.
    ///
    /// @return for whom the CPU worked: what to [#use] when it is over
    Work interrupt() {
        Work interrupted = work;
        if (work.transfer == 0 && latest != null) {
            work = latest;
        }
        return interrupted;
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

    /// Others run instead of whoever works for the transfer.
    int scheduledOut() {
        if (scheduledOut < 0) {
            scheduledOut = name("scheduled out");
        }
        return back(scheduledOut);
    }

    /// The phase that the CPU was in.
    public int back(int before) {
        int last = work.phase;
        work.phase = before;
        if (work.transfer != 0 && simulation.trace().isOn()) {
            simulation.trace().phase(simulation.nowPicos(), work.transfer, before);
        }
        return last;
    }

    /// Which phase the CPU is in.
    public int phase() {
        return work.phase;
    }

    /// The CPU executes what is called `name` from now on.
    void begin(int name) {
        begin(name, 0);
    }

    /// The CPU executes the action of a timer from now on, on top of what it does.
    void beginTimer() {
        if (timerName < 0) {
            timerName = name("timer");
        }
        begin(timerName, 0);
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
            simulation.trace().begin(simulation.nowPicos(), row, name, work.transfer, argument);
        }
    }
}
