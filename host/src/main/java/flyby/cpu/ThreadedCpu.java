package flyby.cpu;

import flyby.base.LabException;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.sim.Alarm;
import flyby.sim.Coroutine;
import flyby.sim.Simulation;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A CPU's threads, interrupts and timers: what all CPUs have in common beyond [SizedAccesses].
///
/// Between two accesses a CPU takes interrupts, and runs their handlers on top of whatever it was doing. A timer is an
/// interrupt of its own, and goes before those of devices. Handlers do not nest. Whoever waits where nothing can wake
/// it is told so by name: Linux would hang, or say "scheduling while atomic".
public abstract class ThreadedCpu extends SizedAccesses {
    /// A wait of that long is one without end. `MAX_SCHEDULE_TIMEOUT`.
    private static final long FOREVER_PICOS = Long.MAX_VALUE / 4;

    private final Simulation simulation;
    private final String name;
    private final CpuAccount account;
    private final InterruptController interrupts;
    private final CoreThreads threads;
    private final CoreTimers timers;
    /// Whether interrupts are taken: not within a handler, and not after [#saveInterrupts].
    private boolean enabled = true;
    /// Where the CPU is while it runs no thread: `an interrupt handler`.
    private @Nullable String handler;
    private UnaryOperator<Cpu> view = UnaryOperator.identity();

    /// @param name of the CPU, as traces and the watchdog show it
    protected ThreadedCpu(Simulation simulation, String name, InterruptController interrupts) {
        this.simulation = simulation;
        this.name = name;
        this.interrupts = interrupts;
        this.account = new CpuAccount(simulation, name);
        this.threads = new CoreThreads(simulation, this, account);
        this.timers = new CoreTimers(simulation, this::wake);
        interrupts.whenPending(this::wake);
    }

    /// As traces show it.
    public final String name() {
        return name;
    }

    /// Programs that start from now on see the CPU through `newView`, which may watch them. For set-up.
    public final void view(UnaryOperator<Cpu> newView) {
        view = newView;
    }

    // What the CPU itself does. All but [#wake] let time pass.

    /// From taking an interrupt to the first instruction of its handler.
    protected abstract void enterInterrupt();

    /// From the last instruction of a handler to the interrupted code.
    protected abstract void leaveInterrupt();

    /// Saves the state of a thread and loads that of another.
    protected abstract void switchContext();

    /// An instruction that reaches nothing outside the CPU.
    protected abstract void instruction();

    /// What others have done before is seen from now on: the lock of what was waited for is taken.
    protected abstract void acquire();

    /// Nothing can run. Begins with [#sleeps], ends with [#wokeUp], and returns at the latest when an interrupt is
    /// pending.
    ///
    /// @param reason what is waited for
    protected abstract void idle(String reason);

    /// No thread is left.
    protected abstract void halt();

    /// Ends what waits in [#idle]. Called by anybody.
    protected abstract void wake();

    // What it has for that.

    /// What is told to the trace.
    protected final CpuAccount account() {
        return account;
    }

    /// Whose time passes when an instruction takes some.
    protected final Coroutine self() {
        return threads.self();
    }

    /// Whether any program was ever run.
    protected final boolean hasRun() {
        return threads.isRunning();
    }

    /// Nothing is executed from now on.
    protected final void sleeps() {
        account.end();
    }

    /// The thread that had the CPU last has it again.
    protected final void wokeUp() {
        account.begin(threads.current().traceName());
    }

    /// Lets the CPU run `program` from the current time on, as a thread of its own.
    protected final void start(Consumer<Cpu> program) {
        threads.add(name, account.driverName(), () -> program.accept(view.apply(this)));
    }

    /// Takes the interrupts that are pending, unless they are off.
    protected final void takeInterrupts() {
        while (hasInterrupts()) {
            takeInterrupt();
        }
    }

    /// Whether one is pending and may be taken.
    protected final boolean hasInterrupts() {
        return enabled && (timers.isPending() || interrupts.isPending());
    }

    private void takeInterrupt() {
        enabled = false;
        boolean isTimer = timers.isPending();
        handler = isTimer ? "a timer" : "an interrupt handler";
        CpuAccount.Work interrupted = account.interrupt();
        int before = account.phase();
        if (isTimer) {
            account.beginTimer();
        } else {
            account.beginHandler(interrupts.pendingLine());
        }
        enterInterrupt();
        account.handler();
        if (isTimer) {
            timers.handle();
        } else {
            interrupts.handle();
        }
        account.wakeUp();
        leaveInterrupt();
        if (!threads.current().isWaiting() && account.isFor(interrupted)) {
            account.back(before);
        }
        account.end();
        account.use(interrupted);
        handler = null;
        enabled = true;
    }

    /// Says what is wrong with a driver that waits for `what` where it must not.
    final void checkMayWait(Object what) {
        if (!enabled) {
            String where = handler == null ? "with interrupts off" : "in " + handler;
            throw new LabException(
                    LabException.Kind.STUCK,
                    "%s waits for %s %s, where nothing can wake it: scheduling while atomic"
                            .formatted(name, what, where));
        }
    }

    // Threads and waiting.

    @Override
    public final void spawn(String threadName, Runnable body) {
        threads.add(name + " " + threadName, account.name(threadName), body);
    }

    @Override
    public final void reschedule() {
        checkMayWait("its turn");
        takeInterrupts();
        threads.reschedule();
    }

    @Override
    public final void await(Completion completion) {
        checkMayWait(completion);
        threads.await(completion);
        account.driver();
        acquire();
    }

    @Override
    public final boolean await(Completion completion, long timeoutPicos) {
        if (timeoutPicos >= FOREVER_PICOS) {
            await(completion);
            return true;
        }
        checkMayWait(completion);
        if (!completion.isComplete()) {
            Alarm timeout = threads.current().timeout(this);
            timeout.in(Math.max(0, timeoutPicos));
            threads.await(completion);
            timeout.cancel();
            account.driver();
        }
        acquire();
        return completion.isComplete();
    }

    // Interrupts and timers.

    @Override
    public final void requestInterrupt(int line, Runnable newHandler) {
        interrupts.handler(line, newHandler);
    }

    @Override
    public final void freeInterrupt(int line) {
        interrupts.free(line);
    }

    @Override
    public final void disableInterrupt(int line) {
        instruction();
        interrupts.disable(line);
    }

    @Override
    public final void enableInterrupt(int line) {
        instruction();
        interrupts.enable(line);
        takeInterrupts();
    }

    @Override
    public final boolean saveInterrupts() {
        instruction();
        boolean before = enabled;
        enabled = false;
        return before;
    }

    @Override
    public final void restoreInterrupts(boolean before) {
        instruction();
        enabled = before && handler == null;
        takeInterrupts();
    }

    @Override
    public final boolean inAtomicContext() {
        return !enabled;
    }

    @Override
    public final Alarm timer(String timerName, Runnable action) {
        return timers.timer(timerName, action);
    }

    // Time.

    @Override
    public final long nowPicos() {
        return simulation.nowPicos();
    }

    @Override
    public final void beginTransfer(long byteCount) {
        account.beginTransfer(byteCount);
    }

    @Override
    public final void endTransfer() {
        account.endTransfer();
    }
}
