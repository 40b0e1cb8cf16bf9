package flyby.fault;

import flyby.sim.Prng;

/// A rule at work at one device.
final class ArmedRule {
    private final FaultRule rule;
    private final Prng prng;
    private long considered;
    private long injected;

    ArmedRule(FaultRule rule, int index) {
        this.rule = rule;
        long seed = rule.selection().seed().orElse(0);
        prng = new Prng(seed).child("rule " + index);
    }

    FaultRule rule() {
        return rule;
    }

    long considered() {
        return considered;
    }

    long injected() {
        return injected;
    }

    Prng prng() {
        return prng;
    }

    /// Counts an event, if it is one that the rule is about, and says whether it is to be hit.
    boolean wants(long address, long count, int number, long picos) {
        Selection selection = rule.selection();
        if (!selection.covers(address, count, number, picos)) {
            return false;
        }
        considered++;
        if (!selection.hits(considered) || injected >= selection.timesMax()) {
            return false;
        }
        return selection.chance() == selection.outOf() || prng.chance(selection.chance(), selection.outOf());
    }

    /// It was hit.
    void hit() {
        injected++;
    }
}
