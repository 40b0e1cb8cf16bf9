package flyby.core;

import flyby.root.ProcessorPort;
import flyby.sim.Coroutine;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A core's loads of whole lines from write-combining registers: MOVNTDQA, which fetches a line into a streaming load
/// buffer (SDM volume 1, section 12.10.3). Such loads are weakly ordered, and so several are on their way at once, as
/// many as there are fill buffers. Its methods are called by the coroutine that has the core and let time pass.
final class StreamingLoads {
    static final int LINE_BYTES = 64;

    private final ProcessorPort port;
    private final Supplier<Coroutine> core;
    private final int max;
    private final Runnable arrived = this::arrived;
    /// Who waits for lines; null if nobody does.
    private @Nullable Coroutine waiting;

    private int underWay;

    /// @param max how many lines are on their way at once
    /// @param core who waits
    StreamingLoads(ProcessorPort port, int max, Supplier<Coroutine> core) {
        this.port = port;
        this.max = max;
        this.core = core;
    }

    /// Begins to load the line at `address` as soon as a buffer is free.
    void begin(long address, byte[] into, int offset, long transfer) {
        waitWhileMoreThan(max - 1, "a streaming load buffer");
        underWay++;
        port.readLine(address, into, offset, LINE_BYTES, transfer, arrived);
    }

    /// Waits until all lines have come.
    void finish() {
        waitWhileMoreThan(0, "lines of streaming loads");
    }

    private void waitWhileMoreThan(int count, String reason) {
        while (underWay > count) {
            Coroutine self = core.get();
            waiting = self;
            self.park(reason);
            waiting = null;
        }
    }

    private void arrived() {
        underWay--;
        if (waiting != null) {
            waiting.wake();
        }
    }
}
