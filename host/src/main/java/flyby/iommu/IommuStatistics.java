package flyby.iommu;

import flyby.sim.Tally;

/// What a remapping unit has done since the start.
public final class IommuStatistics {
    long translations;
    long hits;
    long merged;
    long contextMisses;
    long memoryReads;
    long faults;
    long invalidations;
    long waitingMax;
    final Tally walkPicos = new Tally();

    IommuStatistics() {}

    /// Requests that were asked for.
    public long translations() {
        return translations;
    }

    /// Of these, those that were answered at once: by the IOTLB, or because they pass through.
    public long hits() {
        return hits;
    }

    /// Of those that were not, those that found a walk for the same page under way and joined it.
    public long merged() {
        return merged;
    }

    /// Walks that had to read the root and the context table first.
    public long contextMisses() {
        return contextMisses;
    }

    /// Reads of tables: of pages, root and contexts.
    public long memoryReads() {
        return memoryReads;
    }

    /// Requests that were refused.
    public long faults() {
        return faults;
    }

    /// Descriptors of the invalidation queue that were carried out.
    public long invalidations() {
        return invalidations;
    }

    /// The most requests that have waited for a walker at one time.
    public long waitingMax() {
        return waitingMax;
    }

    /// How long walks have taken, from their start to their answer: one value for each walk.
    public Tally walkPicos() {
        return walkPicos;
    }
}
