package flyby.cli;

import flyby.study.Progress;
import java.util.List;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/// Shows on a terminal how far a command is; shows nothing anywhere else, and nothing of work that is soon done.
final class ProgressDisplay implements AutoCloseable {
    private static final int WIDTH = 79;
    private static final int UPDATE_MILLIS = 200;
    private static final long SHOW_AFTER_NANOS = 500_000_000L;
    private static final long MEBIBYTE = 1 << 20;

    private final Terminal terminal;
    private final String unit;
    private final long unitSize;
    private final long begunNanos = System.nanoTime();
    private int runs;
    private int run;
    private @Nullable ProgressBar bar;

    private ProgressDisplay(Terminal terminal, String unit, long unitSize) {
        this.terminal = terminal;
        this.unit = unit;
        this.unitSize = unitSize;
    }

    /// Of runs that move bytes.
    static ProgressDisplay ofBytes(Terminal terminal) {
        return new ProgressDisplay(terminal, " MiB", MEBIBYTE);
    }

    /// Of sections whose rows are checked.
    static ProgressDisplay ofRows(Terminal terminal) {
        return new ProgressDisplay(terminal, " rows", 1);
    }

    void planned(List<String> runNames) {
        runs = runNames.size();
    }

    /// The progress of the run that comes next.
    Progress of(String runName) {
        run++;
        if (!terminal.interactive()) {
            return Progress.silent();
        }
        String label = runName + " (" + run + "/" + runs + ")";
        return (done, total) -> show(label, done, total);
    }

    private void show(String label, long done, long total) {
        ProgressBar shown = bar;
        if (shown == null) {
            if (System.nanoTime() - begunNanos < SHOW_AFTER_NANOS) {
                return;
            }
            shown = new ProgressBarBuilder()
                    .setTaskName(label)
                    .setInitialMax(total)
                    .setUpdateIntervalMillis(UPDATE_MILLIS)
                    .setUnit(unit, unitSize)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), WIDTH))
                    .clearDisplayOnFinish()
                    .build();
            bar = shown;
        }
        shown.stepTo(done);
    }

    /// That run is over.
    void finished() {
        ProgressBar shown = bar;
        bar = null;
        if (shown != null) {
            shown.close();
        }
    }

    @Override
    public void close() {
        finished();
    }
}
