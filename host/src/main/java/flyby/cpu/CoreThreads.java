package flyby.cpu;

import flyby.base.Check;
import flyby.bus.Completion;
import flyby.sim.Coroutine;
import flyby.sim.Simulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The threads of a core: who has the core, and who gets it next.
///
/// They are cooperative: a thread that has the core keeps it until it waits, gives way, or ends. Then the core goes
/// round them in the order in which they were spawned, from the one that had it on, and takes the first that can
/// run. If none can, the core idles on the stack of the thread that had it last, which also takes the interrupts;
/// going on with that same thread costs nothing.
final class CoreThreads {
    private final Simulation simulation;
    private final ThreadedCpu cpu;
    private final CpuAccount account;
    private final List<CoreThread> threads = new ArrayList<>();
    private @Nullable CoreThread current;
    /// Where in [#threads] the current one is; one before the next, if it has ended.
    private int place = -1;

    CoreThreads(Simulation simulation, ThreadedCpu cpu, CpuAccount account) {
        this.simulation = simulation;
        this.cpu = cpu;
        this.account = account;
    }

    /// Adds a thread, which runs when the core gets to it.
    ///
    /// @param traceName what its slices are called
    void add(String name, int traceName, Runnable body) {
        CoreThread thread = new CoreThread(name, traceName);
        threads.add(thread);
        boolean isFirst =
                threads.size() == 1 && (current == null || current.coroutine().isFinished());
        if (isFirst) {
            current = thread;
            place = 0;
            account.use(thread.work);
        }
        thread.runBy(simulation.coroutine(name, self -> {
            while (current != thread) {
                self.park(thread.reason());
            }
            account.begin(traceName);
            body.run();
            end();
        }));
        if (!isFirst) {
            // It may idle.
            cpu.wake();
        }
    }

    /// The coroutine of the thread that has the core.
    Coroutine self() {
        return current().coroutine();
    }

    /// The thread that has the core.
    CoreThread current() {
        return Objects.requireNonNull(current, "the core does not run");
    }

    boolean isRunning() {
        return current != null;
    }

    /// Lets others have the core until `completion` is complete or the current thread's time is out.
    void await(Completion completion) {
        CoreThread thread = current();
        thread.await(completion);
        CoreThread next = thread.canRun() ? thread : choose();
        while (next != thread) {
            give(next);
            next = thread.canRun() ? thread : choose();
        }
        thread.goOn();
    }

    /// Lets one other thread run that can.
    void reschedule() {
        CoreThread next = next();
        if (next != null && next != current) {
            int before = account.scheduledOut();
            give(next);
            account.back(before);
        }
    }

    /// The current thread has ended.
    private void end() {
        threads.remove(place);
        place--;
        if (threads.isEmpty()) {
            account.end();
            cpu.halt();
            return;
        }
        cpu.checkMayWait("the end of its thread");
        CoreThread next = choose();
        account.end();
        cpu.switchContext();
        take(next);
    }

    /// The next that can run, once there is one.
    private CoreThread choose() {
        CoreThread next = cpu.hasInterrupts() ? null : next();
        while (next == null) {
            if (cpu.hasInterrupts()) {
                cpu.takeInterrupts();
            } else {
                cpu.idle(current().reason());
            }
            next = cpu.hasInterrupts() ? null : next();
        }
        return next;
    }

    private @Nullable CoreThread next() {
        int count = threads.size();
        for (int i = 1; i <= count; i++) {
            CoreThread thread = threads.get((place + i) % count);
            if (thread.canRun()) {
                return thread;
            }
        }
        return null;
    }

    /// Gives the core to `next`, and returns when the one that has it now gets it back.
    private void give(CoreThread next) {
        CoreThread thread = current();
        account.end();
        cpu.switchContext();
        take(next);
        while (current != thread) {
            thread.coroutine().park(thread.reason());
        }
        account.begin(thread.traceName());
    }

    private void take(CoreThread next) {
        place = threads.indexOf(next);
        Check.that(place >= 0, "%s has ended", next.name());
        current = next;
        account.use(next.work);
        next.coroutine().wake();
    }
}
