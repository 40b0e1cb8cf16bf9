package flyby.kernel;

/// A function that runs soon after the interrupt handler that asks for it, and once however often it was asked for
/// before. `struct tasklet_struct`.
public final class Tasklet {
    private final Kernel kernel;
    private final Runnable action;
    private boolean isScheduled;
    private boolean isKilled;

    /// `tasklet_setup`.
    public Tasklet(Kernel kernel, Runnable action) {
        this.kernel = kernel;
        this.action = action;
    }

    /// `tasklet_schedule`.
    public void schedule() {
        if (!isScheduled && !isKilled) {
            isScheduled = true;
            kernel.softirqs().raise(this::run);
        }
    }

    /// It does not run any more. `tasklet_kill`.
    public void kill() {
        isKilled = true;
    }

    private void run() {
        isScheduled = false;
        if (!isKilled) {
            action.run();
        }
    }
}
