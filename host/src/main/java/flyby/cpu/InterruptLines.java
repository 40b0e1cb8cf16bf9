package flyby.cpu;

import flyby.base.Check;
import flyby.classic.ClassicBus;
import org.jspecify.annotations.Nullable;

/// The interrupt lines between a bus and its CPU, each with its handler. Line 0 has the highest priority.
public final class InterruptLines implements InterruptController {
    private final @Nullable Runnable[] handlers = new @Nullable Runnable[ClassicBus.LINES_MAX];
    private int asserted;
    private final int[] disabled = new int[ClassicBus.LINES_MAX];
    /// Those that have a handler and are not disabled.
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

    @Override
    public void whenPending(Runnable action) {
        whenPending = action;
    }

    @Override
    public void handler(int line, Runnable handler) {
        Check.that(handlers[line] == null, "interrupt %d has a handler", line);
        handlers[line] = handler;
        disabled[line] = 0;
        handled |= 1 << line;
    }

    @Override
    public void free(int line) {
        handlers[line] = null;
        handled &= ~(1 << line);
    }

    @Override
    public void disable(int line) {
        disabled[line]++;
        handled &= ~(1 << line);
    }

    @Override
    public void enable(int line) {
        if (disabled[line] == 0) {
            return;
        }
        disabled[line]--;
        if (disabled[line] == 0 && handlers[line] != null) {
            handled |= 1 << line;
        }
    }

    @Override
    public boolean isPending() {
        return (asserted & handled) != 0;
    }

    @Override
    public int pendingLine() {
        return isPending() ? Integer.numberOfTrailingZeros(asserted & handled) : -1;
    }

    @Override
    public void handle() {
        if (isPending()) {
            Runnable handler = handlers[pendingLine()];
            if (handler != null) {
                handler.run();
            }
        }
    }
}
