package flyby.cpu;

import flyby.base.Check;
import flyby.bus.Completion;
import flyby.sim.Alarm;
import flyby.sim.Coroutine;
import org.jspecify.annotations.Nullable;

/// One thread of a core.
final class CoreThread {
    private final String name;
    /// Its slices in traces; negative as long as nobody has asked for it.
    private final int traceName;

    /// The transfer that it works for.
    final CpuAccount.Work work = new CpuAccount.Work();

    private @Nullable Coroutine coroutine;
    private @Nullable Completion awaited;
    private boolean timedOut;
    private @Nullable Alarm timeout;

    CoreThread(String name, int traceName) {
        this.name = name;
        this.traceName = traceName;
    }

    String name() {
        return name;
    }

    int traceName() {
        return traceName;
    }

    void runBy(Coroutine own) {
        coroutine = own;
    }

    Coroutine coroutine() {
        Coroutine own = coroutine;
        if (own == null) {
            throw Check.bug("%s does not run", name);
        }
        return own;
    }

    /// It cannot run until `completion` is complete or [#timeOut] was called.
    void await(Completion completion) {
        awaited = completion;
        timedOut = false;
    }

    void timeOut() {
        timedOut = true;
    }

    /// It has got what it waited for.
    void goOn() {
        awaited = null;
    }

    boolean isWaiting() {
        return awaited != null;
    }

    boolean canRun() {
        return awaited == null || awaited.isComplete() || timedOut;
    }

    /// What it waits for, as a person would say it.
    String reason() {
        return awaited == null ? "its turn" : awaited.toString();
    }

    /// The alarm of [flyby.bus.Cpu#await(Completion, long)], made when it is needed first.
    Alarm timeout(ThreadedCpu cpu) {
        if (timeout == null) {
            timeout = cpu.timer(name + " timeout", this::timeOut);
        }
        return timeout;
    }
}
