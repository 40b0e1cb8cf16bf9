package flyby.kernel;

import flyby.bus.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Who handles which interrupt: hard handlers, and threads that do what takes longer. `kernel/irq`.
///
/// A line may be shared: all its handlers are asked, each says whether it was its device. A line that nobody claims
/// again and again is switched off, with Linux's words.
public final class Interrupts {
    /// What a handler says. `irqreturn_t`.
    public enum Result {
        /// Not its device. `IRQ_NONE`.
        NONE,
        /// `IRQ_HANDLED`.
        HANDLED,
        /// The thread has to do the rest. `IRQ_WAKE_THREAD`.
        WAKE_THREAD
    }

    /// What is called for an interrupt. It must not wait, unless it is a thread's.
    @FunctionalInterface
    public interface Handler {
        Result handle();
    }

    /// After so many interrupts of a line it is looked how many nobody claimed: `note_interrupt`.
    private static final int LOOK_AFTER = 100_000;

    /// So many of them are too many.
    private static final int UNCLAIMED_MAX = 99_900;

    private final Kernel kernel;
    private final Map<Integer, Line> lines = new TreeMap<>();

    Interrupts(Kernel kernel) {
        this.kernel = kernel;
    }

    /// Has `handler` called for interrupt `line`, beside others that there are. `request_irq` with `IRQF_SHARED`.
    ///
    /// @param name of the device, unique on its line
    /// @return 0, or -EBUSY if the name is taken
    public int request(int line, String name, Handler handler) {
        return add(line, new Action(name, handler, null));
    }

    /// As [#request], with a thread of its own that runs `thread` when `handler` says so; the line stays off until it
    /// is through. `request_threaded_irq` with `IRQF_ONESHOT`.
    ///
    /// @param handler null if all is left to the thread
    public int requestThreaded(int line, String name, @Nullable Handler handler, Handler thread) {
        return add(line, new Action(name, handler == null ? () -> Result.WAKE_THREAD : handler, thread));
    }

    private int add(int number, Action action) {
        Line line = lines.computeIfAbsent(number, Line::new);
        if (line.find(action.name) != null) {
            return -Errno.EBUSY;
        }
        line.actions.add(action);
        if (action.thread != null) {
            kernel.cpu().spawn("irq/" + number + "-" + action.name, () -> line.runThread(action));
        }
        if (line.actions.size() == 1) {
            kernel.cpu().requestInterrupt(number, line::interrupt);
        }
        return 0;
    }

    /// The handler called `name` is not called any more, and its thread is over, when this returns. `free_irq`.
    public void free(int number, String name) {
        Line line = lines.get(number);
        Action action = line == null ? null : line.find(name);
        if (line == null || action == null) {
            kernel.warn("Trying to free already-free IRQ %d", number);
            return;
        }
        line.actions.remove(action);
        if (line.actions.isEmpty()) {
            kernel.cpu().freeInterrupt(number);
        }
        if (action.thread != null) {
            action.isFreed = true;
            action.wake.complete();
            kernel.cpu().await(action.over);
        }
    }

    /// The line is off, and no handler or thread of it runs, until [#enable] was called as often. `disable_irq`.
    public void disable(int number) {
        disableNosync(number);
        synchronize(number);
    }

    /// As [#disable], without waiting for a thread; also from a handler. `disable_irq_nosync`.
    public void disableNosync(int number) {
        kernel.cpu().disableInterrupt(number);
    }

    /// `enable_irq`.
    public void enable(int number) {
        kernel.cpu().enableInterrupt(number);
    }

    /// Returns when no thread of the line has anything to do. `synchronize_irq`.
    public void synchronize(int number) {
        Line line = lines.get(number);
        if (line != null) {
            for (Action action : List.copyOf(line.actions)) {
                if (action.isAwake) {
                    kernel.cpu().await(action.idle);
                }
            }
        }
    }

    /// One who handles a line.
    private static final class Action {
        final String name;
        final Handler handler;
        final @Nullable Handler thread;
        final Completion wake;
        final Completion idle;
        final Completion over;
        /// Whether the thread has something to do.
        boolean isAwake;

        boolean isFreed;

        Action(String name, Handler handler, @Nullable Handler thread) {
            this.name = name;
            this.handler = handler;
            this.thread = thread;
            wake = new Completion("an interrupt of " + name);
            idle = new Completion("the interrupt thread of " + name + " to finish");
            over = new Completion("the interrupt thread of " + name + " to end");
        }
    }

    /// One line with those who handle it.
    private final class Line {
        private final int number;
        private final List<Action> actions = new ArrayList<>();
        private int count;
        private int unclaimed;

        Line(int number) {
            this.number = number;
        }

        @Nullable
        Action find(String name) {
            for (Action action : actions) {
                if (action.name.equals(name)) {
                    return action;
                }
            }
            return null;
        }

        private void interrupt() {
            boolean isClaimed = false;
            for (int i = 0; i < actions.size(); i++) {
                Action action = actions.get(i);
                Result result = action.handler.handle();
                isClaimed |= result != Result.NONE;
                if (result == Result.WAKE_THREAD && !action.isAwake) {
                    wake(action);
                }
            }
            note(isClaimed);
            kernel.softirqs().interruptEnds();
        }

        private void wake(Action action) {
            if (action.thread == null) {
                kernel.warn(
                        "IRQ %d device %s returned IRQ_WAKE_THREAD but no thread function available.",
                        number, action.name);
                return;
            }
            action.isAwake = true;
            action.idle.reset();
            kernel.cpu().disableInterrupt(number);
            action.wake.complete();
        }

        private void runThread(Action action) {
            while (true) {
                kernel.cpu().await(action.wake);
                action.wake.reset();
                if (action.isAwake && action.thread != null) {
                    action.thread.handle();
                    action.isAwake = false;
                    action.idle.complete();
                    kernel.cpu().enableInterrupt(number);
                }
                if (action.isFreed) {
                    action.over.complete();
                    return;
                }
            }
        }

        private void note(boolean isClaimed) {
            unclaimed += isClaimed ? 0 : 1;
            count++;
            if (count == LOOK_AFTER) {
                if (unclaimed > UNCLAIMED_MAX) {
                    kernel.warn("irq %d: nobody cared; Disabling IRQ #%d", number, number);
                    kernel.cpu().disableInterrupt(number);
                }
                count = 0;
                unclaimed = 0;
            }
        }
    }
}
