package flyby.bus;

/// What a driver waits for and an interrupt handler completes. Linux's `struct completion`.
public final class Completion {
    private final String name;
    private boolean complete;

    /// @param name what is waited for, as a person would say it
    public Completion(String name) {
        this.name = name;
    }

    /// Lets the waiter go on.
    public void complete() {
        complete = true;
    }

    /// Makes it waitable again. `reinit_completion`.
    public void reset() {
        complete = false;
    }

    public boolean isComplete() {
        return complete;
    }

    @Override
    public String toString() {
        return name;
    }
}
