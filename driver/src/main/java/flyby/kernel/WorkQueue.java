package flyby.kernel;

import flyby.bus.Completion;
import flyby.sim.Alarm;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Work for a thread, which may wait: what interrupt handlers and timers cannot do themselves. One item at a time, in
/// the
/// order in which they were queued. `alloc_ordered_workqueue`.
public final class WorkQueue {
    private final Kernel kernel;
    private final String name;
    private final ArrayDeque<Work> queue = new ArrayDeque<>();
    private final Completion wake;
    private final Completion over;
    private @Nullable Work running;
    private boolean isDestroyed;

    public WorkQueue(Kernel kernel, String name) {
        this.kernel = kernel;
        this.name = name;
        wake = new Completion("work for " + name);
        over = new Completion(name + " to end");
        kernel.cpu().spawn(name, this::run);
    }

    /// Something to do. `struct work_struct`, and `struct delayed_work`.
    public final class Work {
        private final Runnable action;
        private final Completion done;
        private boolean isPending;
        private @Nullable Alarm timer;

        private Work(String what, Runnable action) {
            this.action = action;
            this.done = new Completion(what + " of " + name);
        }

        /// Has it done, once, however often this is called before. Also from a handler. `queue_work`.
        ///
        /// @return false if it was pending already
        public boolean queue() {
            if (isPending || isDestroyed) {
                return false;
            }
            isPending = true;
            add(this);
            return true;
        }

        /// As [#queue], after `delayPicos`. `queue_delayed_work`.
        public boolean queueDelayed(long delayPicos) {
            if (isPending || isDestroyed) {
                return false;
            }
            isPending = true;
            Alarm alarm = timer;
            if (alarm == null) {
                alarm = kernel.timer(name, () -> add(this));
                timer = alarm;
            }
            alarm.in(delayPicos);
            return true;
        }

        /// It is not pending and does not run when this returns. `cancel_delayed_work_sync`.
        ///
        /// @return whether it was pending
        public boolean cancelSync() {
            boolean was = isPending;
            isPending = false;
            if (timer != null) {
                timer.cancel();
            }
            queue.remove(this);
            if (running == this) {
                kernel.cpu().await(done);
            }
            return was;
        }

        /// Returns when it does not run and is not queued. `flush_work`.
        public void flush() {
            if (running == this || queue.contains(this)) {
                kernel.cpu().await(done);
            }
        }
    }

    /// `INIT_WORK`.
    public Work work(String what, Runnable action) {
        return new Work(what, action);
    }

    /// Does what is queued, and ends. `destroy_workqueue`.
    public void destroy() {
        isDestroyed = true;
        wake.complete();
        kernel.cpu().await(over);
    }

    private void add(Work work) {
        work.done.reset();
        queue.add(work);
        wake.complete();
    }

    private void run() {
        while (!isDestroyed || !queue.isEmpty()) {
            kernel.cpu().await(wake);
            wake.reset();
            Work work = queue.poll();
            while (work != null) {
                work.isPending = false;
                running = work;
                work.action.run();
                running = null;
                work.done.complete();
                work = queue.poll();
            }
        }
        over.complete();
    }
}
