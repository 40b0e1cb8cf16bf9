package flyby.cpu;

import flyby.bus.InterruptSink;

/// What collects the interrupts of one CPU, and says which it takes next.
public interface InterruptController extends InterruptSink {
    /// Has `action` called whenever an interrupt that has a handler may be pending. Once, at set-up.
    void whenPending(Runnable action);

    /// Has `handler` called for interrupt `line`, which nobody handles.
    void handler(int line, Runnable handler);

    /// Nobody handles interrupt `line` any more, and none of it is remembered.
    void free(int line);

    /// Interrupt `line` is not pending until [#enable] was called as often. What comes meanwhile is remembered.
    void disable(int line);

    /// Takes one [#disable] back; does nothing without one.
    void enable(int line);

    /// Whether an interrupt that has a handler, and is not disabled, waits to be taken.
    boolean isPending();

    /// The pending interrupt of the highest priority, or -1.
    int pendingLine();

    /// Runs the handler of the pending interrupt of the highest priority; if none is pending any more, does nothing.
    void handle();
}
