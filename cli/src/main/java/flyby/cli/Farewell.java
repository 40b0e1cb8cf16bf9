package flyby.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What happens when the process is ended from outside, by Ctrl-C or a signal.
///
/// Three steps, in this order: the command falls silent, for what it may complain about from now on is only that
/// its files are being taken away; what is unfinished is removed; who pressed Ctrl-C is told that it was heard.
final class Farewell {
    private final Set<Runnable> unfinished = new LinkedHashSet<>();
    private final PrintStream err;
    private volatile boolean silent;
    private boolean ended;

    /// @param err where the last word goes
    Farewell(PrintStream err) {
        this.err = err;
    }

    /// Error output for the command: `err` until the process is ended from outside, then nowhere.
    PrintStream voice() {
        return new PrintStream(new Gate(err), true, StandardCharsets.UTF_8);
    }

    /// Has `removal` run if the process is ended before [#settled].
    synchronized void add(Runnable removal) {
        unfinished.add(removal);
    }

    /// Nothing is unfinished about `removal` any more.
    synchronized void settled(Runnable removal) {
        unfinished.remove(removal);
    }

    /// The command is over by itself: nothing more is to be said.
    synchronized void commandEnded() {
        ended = true;
    }

    /// The process is being ended; called once, by the virtual machine's shutdown.
    void interrupted() {
        List<Runnable> removals;
        synchronized (this) {
            if (ended) {
                return;
            }
            silent = true;
            removals = List.copyOf(unfinished);
        }
        removals.forEach(Runnable::run);
        err.print(Boolean.getBoolean("flyby.terminal") ? "\r\033[K" : "");
        err.println("flyby: interrupted; nothing half-written is left");
        err.flush();
    }

    /// Lets bytes through until the farewell.
    private final class Gate extends FilterOutputStream {
        Gate(OutputStream stream) {
            super(stream);
        }

        @Override
        public void write(int value) throws IOException {
            if (!silent) {
                out.write(value);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            if (!silent) {
                out.write(bytes, offset, count);
            }
        }
    }
}
