package flyby.experiment;

import flyby.base.Check;
import flyby.kernel.KernelMemory;
import flyby.sim.Time;

/// One kind of work that a [RingLoad] does, and what came of it.
///
/// @param byteCount of each transfer
/// @param depth transfers under way at once; mappings that live at once too, if each transfer has one
/// @param buffers that transfers go to: in turns, or if mappings are kept at random
/// @param batch transfers that share a mapping, which is unmapped when the last of them is done
/// @param count transfers that are measured
record RingWork(Mapping mapping, int byteCount, int depth, int buffers, int batch, int count) {
    private static final int WARM_UP_MAX = 4_096;

    /// How long mappings live.
    enum Mapping {
        /// Each is made before its transfers are posted, and goes when they are done.
        EACH,
        /// All buffers are mapped before, page by page.
        KEPT_PAGES,
        /// All buffers are mapped before, 2 MiB at a time.
        KEPT_HUGE
    }

    RingWork {
        Check.that(
                depth % batch == 0
                        && (batch == 1 || depth > batch)
                        && buffers % batch == 0
                        && count % batch == 0
                        && buffers >= depth,
                "%d transfers in %d buffers, %d at once, %d to a mapping",
                count,
                buffers,
                depth,
                batch);
    }

    /// With a mapping of its own for each transfer.
    static RingWork each(int byteCount, int depth, int count) {
        return new RingWork(Mapping.EACH, byteCount, depth, depth, 1, count);
    }

    /// Transfers that go before: every buffer some times, or where they are chosen at random about twice.
    int warmUp() {
        return mapping == Mapping.EACH ? 4 * buffers : Math.min(2 * buffers, WARM_UP_MAX);
    }

    /// Bytes from one buffer to the next: each has pages to itself.
    int stride() {
        return Math.ceilDiv(byteCount, KernelMemory.PAGE_BYTES) * KernelMemory.PAGE_BYTES;
    }

    /// Counters at one instant.
    ///
    /// @param sleptPicos that the core had nothing to do
    /// @param walks of the IOMMU's tables: pages that the IOTLB did not have
    /// @param reads of the IOMMU's tables
    /// @param invalidations descriptors of the invalidation queue, those that wait included
    record Counters(
            long nowPicos,
            long sleptPicos,
            long mapPicos,
            long unmapPicos,
            long walks,
            long reads,
            long invalidations) {}

    /// The difference of counters before and after all measured transfers.
    record Measured(RingWork work, Counters before, Counters after) {
        double bitsPerSecond() {
            return (double) Byte.SIZE * work.byteCount() * work.count() * Time.SECOND / elapsedPicos();
        }

        private long elapsedPicos() {
            return after.nowPicos() - before.nowPicos();
        }

        double picosPerTransfer() {
            return (double) elapsedPicos() / work.count();
        }

        double cpuPicosPerTransfer() {
            return picosPerTransfer() - (double) (after.sleptPicos() - before.sleptPicos()) / work.count();
        }

        double cpuPicosPerByte() {
            return cpuPicosPerTransfer() / work.byteCount();
        }

        private double calls() {
            return (double) work.count() / work.batch();
        }

        double mapPicosPerCall() {
            return (after.mapPicos() - before.mapPicos()) / calls();
        }

        double unmapPicosPerCall() {
            return (after.unmapPicos() - before.unmapPicos()) / calls();
        }

        private double pages() {
            return (double) work.count() * work.stride() / KernelMemory.PAGE_BYTES;
        }

        /// Walks for pages that were not in the IOTLB, those of the ring too.
        double missesPerPage() {
            return (after.walks() - before.walks()) / pages();
        }

        double readsPerPage() {
            return (after.reads() - before.reads()) / pages();
        }

        /// Descriptors of the invalidation queue.
        long invalidations() {
            return after.invalidations() - before.invalidations();
        }
    }
}
