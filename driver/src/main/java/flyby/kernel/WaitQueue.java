package flyby.kernel;

import flyby.bus.Completion;
import java.util.function.BooleanSupplier;

/// Threads that wait until something holds. `wait_queue_head_t`.
public final class WaitQueue {
    private final Kernel kernel;
    private final Completion woken;

    /// @param what is waited for, as a person would say it
    public WaitQueue(Kernel kernel, String what) {
        this.kernel = kernel;
        this.woken = new Completion(what);
    }

    /// Returns when `condition` holds: it is looked at now and after each [#wakeUp]. `wait_event`.
    public void waitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            woken.reset();
            kernel.cpu().await(woken);
        }
    }

    /// As [#waitUntil], for at most `timeoutPicos`. `wait_event_timeout`.
    ///
    /// @return whether `condition` holds
    public boolean waitUntil(BooleanSupplier condition, long timeoutPicos) {
        long end = kernel.cpu().nowPicos() + timeoutPicos;
        while (!condition.getAsBoolean()) {
            long left = end - kernel.cpu().nowPicos();
            woken.reset();
            if (left <= 0 || !kernel.cpu().await(woken, left)) {
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    /// Something may hold now. Also from a handler. `wake_up`.
    public void wakeUp() {
        woken.complete();
    }
}
