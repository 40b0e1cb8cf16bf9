package flyby.dmar;

import flyby.sim.Alarm;
import java.util.Arrays;

/// IOVAs that are no longer mapped, but of which devices may still know: they are given out again only after the
/// next flush of all translations. Linux's `iova_fq` in `drivers/iommu/dma-iommu.c`, here for one CPU.
///
/// Until the flush a device that misbehaves still reaches the pages. The window closes when the queue is full or
/// the timer fires, whichever is first.
public final class FlushQueue {
    /// IOVA_DEFAULT_FQ_SIZE.
    public static final int ENTRIES = 256;
    /// IOVA_DEFAULT_FQ_TIMEOUT: 10 ms.
    public static final long TIMEOUT_PICOS = 10_000_000_000L;

    /// What happens to entries.
    interface Flusher {
        /// Has the unit forget all translations of the domain, and waits until it has.
        void flush();

        /// The unit has forgotten these.
        void free(long iova, long byteCount);
    }

    private final Flusher flusher;
    private final Alarm timer;
    private long[] iovas = new long[ENTRIES];
    private long[] sizes = new long[ENTRIES];
    private int count;
    private boolean isFlushing;
    private long flushes;

    /// @param timer whose action is to have a CPU call [#flush]
    FlushQueue(Flusher flusher, Alarm timer) {
        this.flusher = flusher;
        this.timer = timer;
    }

    /// `byteCount` bytes at `iova` are no longer mapped. `queue_iova`: a ring of 256 is full with 255, so every
    /// flush but for those of the timer comes with the unmapping of one more, which it is for too.
    void add(long iova, long byteCount) {
        // An interrupt handler may unmap while its driver waits for the unit: that waits for the next flush.
        if (count >= ENTRIES - 1 && !isFlushing) {
            flush();
        }
        if (count == iovas.length) {
            iovas = Arrays.copyOf(iovas, 2 * count);
            sizes = Arrays.copyOf(sizes, 2 * count);
        }
        iovas[count] = iova;
        sizes[count] = byteCount;
        count++;
        if (!timer.isPending()) {
            timer.in(TIMEOUT_PICOS);
        }
    }

    /// Closes the window now: for the timer, and for whoever cannot wait. `fq_flush_timeout`. If that is going on
    /// already, what came later waits for the timer.
    public void flush() {
        if (isFlushing) {
            timer.in(TIMEOUT_PICOS);
            return;
        }
        isFlushing = true;
        int forgotten = count;
        flusher.flush();
        isFlushing = false;
        flushes++;
        for (int i = 0; i < forgotten; i++) {
            flusher.free(iovas[i], sizes[i]);
        }
        count -= forgotten;
        System.arraycopy(iovas, forgotten, iovas, 0, count);
        System.arraycopy(sizes, forgotten, sizes, 0, count);
    }

    /// IOVAs that wait for the flush.
    public int waiting() {
        return count;
    }

    /// How often everything was flushed.
    public long flushes() {
        return flushes;
    }
}
