package flyby.iommu;

import flyby.bus.AddressType;
import flyby.iommu.layout.FaultReason;
import flyby.iommu.layout.RemappingTables;
import flyby.memory.MemoryAgent;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds translations: in the caches at once, else by one of a few walkers, for which requests wait in order.
final class Walkers {
    /// Instead of a domain: all of them.
    static final int ANY_DOMAIN = -1;

    private static final int NOBODY = -1;

    private final Simulation simulation;
    private final IommuParameters parameters;
    private final PageFormat pageFormat;
    private final MemoryAgent memory;
    private final FaultRecords faults;
    private final IommuStatistics statistics;
    private final ContextCache contexts;
    private final Iotlb iotlb;
    private final WalkCaches walkCaches;
    private final Walk[] walks;
    private final int walkName;
    private final int track;
    private final int faultName;
    private final Runnable staleEnded;

    private @Nullable Translation firstWaiting;
    private @Nullable Translation lastWaiting;
    private long waitingCount;
    private int idleCount;
    private long rootTable;

    // The hit before this one. Most requests go where the one before went.
    private int lastRequester = NOBODY;
    private long lastPage;
    private long lastMapping;

    /// @param staleEnded told whenever a walk has ended whose findings were not to be kept
    Walkers(
            Simulation simulation,
            String name,
            IommuParameters parameters,
            MemoryAgent memory,
            FaultRecords faults,
            IommuStatistics statistics,
            Runnable staleEnded) {
        this.simulation = simulation;
        this.parameters = parameters;
        this.memory = memory;
        this.faults = faults;
        this.statistics = statistics;
        this.staleEnded = staleEnded;
        pageFormat = new PageFormat(parameters);
        Prng prng = simulation.prng().child(name);
        contexts = new ContextCache(parameters.contextCache(), prng.child("contexts"));
        iotlb = new Iotlb(parameters.iotlb(), prng.child("iotlb"));
        walkCaches = new WalkCaches(parameters, prng.child("walks"));
        walkName = simulation.trace().name("walk");
        track = simulation.trace().track(name, "faults");
        faultName = simulation.trace().name("fault");
        walks = new Walk[parameters.walkers()];
        for (int i = 0; i < walks.length; i++) {
            String walker = "walker " + i;
            walks[i] = new Walk(
                    simulation, this, name + " " + walker, simulation.trace().track(name, walker));
        }
        idleCount = walks.length;
    }

    boolean translate(Translation translation) {
        statistics.translations++;
        int requester = translation.requesterId();
        long page = translation.iova() >>> RemappingTables.PAGE_SHIFT;
        if (requester == lastRequester
                && page == lastPage
                && Mapping.allows(lastMapping, translation.isWrite())
                && translation.addressType() == AddressType.UNTRANSLATED) {
            statistics.hits++;
            Mapping.allow(lastMapping, translation);
            return true;
        }
        lastRequester = NOBODY;
        if (hits(translation)) {
            statistics.hits++;
            return true;
        }
        if (join(translation)) {
            statistics.merged++;
        } else if (firstWaiting == null && idleCount > 0) {
            begin(translation);
        } else {
            enqueue(translation);
        }
        return false;
    }

    /// Answers what the caches can answer.
    private boolean hits(Translation translation) {
        ContextEntry context = contexts.find(translation.requesterId());
        if (context == null) {
            return false;
        }
        if (settle(translation, context)) {
            return true;
        }
        long mapping = iotlb.find(context.domain, translation.iova());
        // An entry that does not allow it may be old, and is no reason to refuse: the tables are.
        if (!Mapping.allows(mapping, translation.isWrite())) {
            return false;
        }
        Mapping.allow(mapping, translation);
        lastRequester = translation.requesterId();
        lastPage = translation.iova() >>> RemappingTables.PAGE_SHIFT;
        lastMapping = mapping;
        return true;
    }

    /// Answers what needs no table: what the context entry blocks or passes through.
    boolean settle(Translation translation, ContextEntry context) {
        int refusal = context.refusal(translation);
        if (refusal != ContextEntry.FINE) {
            refuse(translation, refusal, context.recordsFaults);
            return true;
        }
        if (context.passesThrough(translation)) {
            translation.passThrough();
            return true;
        }
        return false;
    }

    /// Answers with what the tables say. A device that asks for a translation hears that there is none: that is no
    /// fault. Section 4.2.
    void answer(Translation translation, long mapping, ContextEntry context) {
        if (settle(translation, context)) {
            return;
        }
        if (Mapping.allows(mapping, translation.isWrite())
                || translation.addressType() == AddressType.TRANSLATION_REQUEST) {
            Mapping.allow(mapping, translation);
        } else {
            int reason = translation.isWrite() ? FaultReason.WRITE_DENIED : FaultReason.READ_DENIED;
            refuse(translation, reason, context.recordsFaults);
        }
    }

    void refuse(Translation translation, int reason, boolean isRecorded) {
        statistics.faults++;
        if (trace().isOn()) {
            trace().instant(nowPicos(), track, faultName, 0, translation.iova());
        }
        if (isRecorded) {
            faults.record(
                    translation.requesterId(),
                    translation.iova(),
                    reason,
                    translation.isWrite(),
                    translation.addressType());
        }
        translation.refuse();
    }

    private boolean join(Translation translation) {
        if (idleCount == walks.length) {
            return false;
        }
        for (Walk walk : walks) {
            if (walk.isFor(translation)) {
                walk.join(translation);
                return true;
            }
        }
        return false;
    }

    private void begin(Translation translation) {
        for (Walk walk : walks) {
            if (walk.isIdle()) {
                idleCount--;
                walk.begin(translation, simulation.nowPicos());
                return;
            }
        }
    }

    private void enqueue(Translation translation) {
        translation.next = null;
        if (lastWaiting == null) {
            firstWaiting = translation;
        } else {
            lastWaiting.next = translation;
        }
        lastWaiting = translation;
        waitingCount++;
        statistics.waitingMax = Math.max(statistics.waitingMax, waitingCount);
    }

    /// A walk has ended: those who wait go on, as far as they can.
    void ended(long startPicos, boolean wasStale) {
        idleCount++;
        statistics.walkPicos.add(simulation.nowPicos() - startPicos);
        if (wasStale) {
            staleEnded.run();
        }
        Translation translation = firstWaiting;
        while (translation != null) {
            Translation after = translation.next;
            boolean isHit = hits(translation);
            boolean isJoined = !isHit && join(translation);
            if (!isHit && !isJoined && idleCount == 0) {
                return;
            }
            firstWaiting = after;
            lastWaiting = after == null ? null : lastWaiting;
            waitingCount--;
            if (isHit) {
                translation.done();
            } else if (isJoined) {
                statistics.merged++;
            } else {
                begin(translation);
            }
            translation = firstWaiting;
        }
    }

    /// Walks under way that may have read something old answer those who wait, and are not kept.
    ///
    /// @param domain whose tables have changed, or [#ANY_DOMAIN]
    /// @param rangeShift log2 of the size of the aligned range around `iova` that has changed; 64 for all addresses
    void becomeStale(int domain, long iova, int rangeShift) {
        lastRequester = NOBODY;
        for (Walk walk : walks) {
            walk.becomeStale(domain, iova, rangeShift);
        }
    }

    /// Whether a walk is under way whose findings are not kept.
    boolean isAnyStale() {
        for (Walk walk : walks) {
            if (walk.isStale()) {
                return true;
            }
        }
        return false;
    }

    /// The IOTLB has lost or gained something: the shortcut to the last hit would hide it.
    void translationsChanged() {
        lastRequester = NOBODY;
    }

    void rootTable(long address) {
        rootTable = address;
    }

    long rootTable() {
        return rootTable;
    }

    void reset() {
        becomeStale(ANY_DOMAIN, 0, Long.SIZE);
        contexts.clear();
        iotlb.clear();
        walkCaches.clear();
        rootTable = 0;
    }

    /// What is under way, one sentence each.
    List<String> waiting() {
        List<String> sentences = new ArrayList<>();
        for (Walk walk : walks) {
            if (!walk.isIdle()) {
                sentences.add(walk.describe());
            }
        }
        if (waitingCount > 0) {
            sentences.add(waitingCount + " translations wait for a walker");
        }
        return sentences;
    }

    long nowPicos() {
        return simulation.nowPicos();
    }

    Trace trace() {
        return simulation.trace();
    }

    int walkName() {
        return walkName;
    }

    IommuParameters parameters() {
        return parameters;
    }

    PageFormat pageFormat() {
        return pageFormat;
    }

    MemoryAgent memory() {
        return memory;
    }

    IommuStatistics statistics() {
        return statistics;
    }

    ContextCache contexts() {
        return contexts;
    }

    Iotlb iotlb() {
        return iotlb;
    }

    WalkCaches walkCaches() {
        return walkCaches;
    }
}
