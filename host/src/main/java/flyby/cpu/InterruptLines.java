package flyby.cpu;

import flyby.base.Check;
import flyby.bus.InterruptSink;
import flyby.classic.ClassicBus;
import org.jspecify.annotations.Nullable;

/// The interrupt lines between a bus and its CPU, each with its handler. Line 0 has the highest priority.
public final class InterruptLines implements InterruptSink {
    private final @Nullable Runnable[] handlers = new @Nullable Runnable[ClassicBus.LINES_MAX];
    private int asserted;
    private int handled;
    private Runnable whenPending = () -> {};

    public InterruptLines() {}

    @Override
    public void interrupt(int line, boolean level) {
        asserted = level ? asserted | (1 << line) : asserted & ~(1 << line);
        if (isPending()) {
            whenPending.run();
        }
    }

    /// Has `action` called whenever a line that has a handler is asserted. Once, at set-up.
    void whenPending(Runnable action) {
        whenPending = action;
    }

    void handler(int line, Runnable handler) {
        Check.that(handlers[line] == null, "interrupt %d has a handler", line);
        handlers[line] = handler;
        handled |= 1 << line;
    }

    /// Whether a line that has a handler is asserted.
    boolean isPending() {
        return (asserted & handled) != 0;
    }

    /// The pending line of the highest priority.
    int pendingLine() {
        return Integer.numberOfTrailingZeros(asserted & handled);
    }

    /// Runs the handler of the pending line of the highest priority; if none is pending any more, does nothing.
    void handle() {
        if (isPending()) {
            Runnable handler = handlers[pendingLine()];
            if (handler != null) {
                handler.run();
            }
        }
    }
}
