package flyby.kernel;

import flyby.bus.Completion;
import java.util.ArrayDeque;

/// What interrupt handlers leave to be done right after them: tasklets and NAPI. `kernel/softirq.c`.
///
/// It is done where the interrupt ends, at most ten rounds in a row; what is then left, and what is asked for
/// elsewhere, is left to a thread, `ksoftirqd`. Unlike in Linux, no interrupt is taken while it is done right after
/// one: handlers of one CPU do not nest here.
final class Softirqs {
    /// MAX_SOFTIRQ_RESTART.
    private static final int ROUNDS_MAX = 10;

    private final Kernel kernel;
    private final ArrayDeque<Runnable> pending = new ArrayDeque<>();
    private final Completion work = new Completion("soft interrupts");
    private boolean isRunning;
    private boolean hasThread;

    Softirqs(Kernel kernel) {
        this.kernel = kernel;
    }

    /// Has `action` done soon. `raise_softirq`.
    void raise(Runnable action) {
        pending.add(action);
        if (!isRunning && !kernel.cpu().inAtomicContext()) {
            wakeThread();
        }
    }

    /// An interrupt handler has ended. `irq_exit`.
    void interruptEnds() {
        if (isRunning || pending.isEmpty()) {
            return;
        }
        isRunning = true;
        for (int round = 0; round < ROUNDS_MAX && !pending.isEmpty(); round++) {
            round();
        }
        isRunning = false;
        if (!pending.isEmpty()) {
            wakeThread();
        }
    }

    /// What is pending now; what comes meanwhile is for the next.
    private void round() {
        for (int left = pending.size(); left > 0; left--) {
            pending.remove().run();
        }
    }

    private void wakeThread() {
        if (!hasThread) {
            hasThread = true;
            kernel.cpu().spawn("ksoftirqd", this::runThread);
        }
        work.complete();
    }

    private void runThread() {
        while (true) {
            kernel.cpu().await(work);
            work.reset();
            while (!pending.isEmpty()) {
                boolean interrupts = kernel.cpu().saveInterrupts();
                isRunning = true;
                round();
                isRunning = false;
                kernel.cpu().restoreInterrupts(interrupts);
                kernel.cpu().reschedule();
            }
        }
    }
}
