package flyby.coherence;

import flyby.choice.Decisions;
import flyby.choice.Decisions.Point;
import flyby.choice.Footprint;

/// What a core's cache does by itself, where somebody decides it: after each access it may give up one of the lines
/// that the core used last, or fetch one of them that it has lost, or the one behind a line that was missed.
///
/// A cache may evict and fetch any line at any time. Only the last ones are offered, because what a driver gets wrong
/// it gets wrong with what it has just used.
final class LineChoices {
    private static final int RECENT = 32;

    private final CoreCache cache;
    private final Decisions decisions;
    private final String party;
    private final CoherenceParameters parameters;
    /// The latest first.
    private final long[] recent = new long[RECENT];

    private int count;
    private final long[] candidates = new long[RECENT + 1];

    LineChoices(CoreCache cache, Decisions decisions, String party, CoherenceParameters parameters) {
        this.cache = cache;
        this.decisions = decisions;
        this.party = party;
        this.parameters = parameters;
    }

    /// The core has used `line`.
    void accessed(long line, boolean loadMissed) {
        use(line);
        CoherenceParameters.Disturbances allowed = parameters.disturbances();
        if (allowed.prefetchOneIn() > 0) {
            decidePrefetch(line, loadMissed);
        }
        if (allowed.evictOneIn() > 0) {
            decideEviction();
        }
    }

    private void use(long line) {
        int at = 0;
        while (at < count && recent[at] != line) {
            at++;
        }
        if (at == count) {
            count = Math.min(count + 1, RECENT);
            at = count - 1;
        }
        System.arraycopy(recent, 0, recent, 1, at);
        recent[0] = line;
    }

    private void decidePrefetch(long line, boolean loadMissed) {
        int found = 0;
        if (loadMissed && (line + 2) * parameters.lineBytes() <= parameters.memoryBytes() && !isHere(line + 1)) {
            candidates[found++] = line + 1;
        }
        for (int i = 0; i < count; i++) {
            if (!isHere(recent[i])) {
                candidates[found++] = recent[i];
            }
        }
        long chosen = ask(Point.PREFETCH, found);
        if (chosen > 0) {
            cache.prefetch(candidates[(int) chosen - 1]);
        }
    }

    private void decideEviction() {
        int found = 0;
        for (int i = 0; i < count; i++) {
            if (isHere(recent[i])) {
                candidates[found++] = recent[i];
            }
        }
        long chosen = ask(Point.EVICTION, found);
        if (chosen > 0) {
            cache.evictLine(candidates[(int) chosen - 1]);
        }
    }

    private boolean isHere(long line) {
        return cache.holds(line * parameters.lineBytes());
    }

    private long ask(Point point, int found) {
        return found == 0 ? 0 : decisions.below(point, found + 1, this::footprint);
    }

    private Footprint footprint(long chosen) {
        long address = candidates[(int) chosen - 1] * parameters.lineBytes();
        return new Footprint(party, address, parameters.lineBytes(), true);
    }
}
