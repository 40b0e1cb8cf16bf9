package flyby.validate;

import java.util.ArrayList;
import java.util.List;

/// What a simulation shows about a rule: how many facts were looked at, and which of them break it.
public final class Facts {
    private final List<String> broken = new ArrayList<>();
    private int count;

    public Facts() {}

    /// The rule wants `what` to be `expected`; the simulation gave `seen`.
    public void equal(String what, Object expected, Object seen) {
        count++;
        if (!expected.equals(seen)) {
            broken.add("%s: %s instead of %s".formatted(what, seen, expected));
        }
    }

    /// The rule wants `what`; the simulation says whether it is so.
    public void holds(String what, boolean isSo) {
        equal(what, true, isSo);
    }

    /// How many facts were looked at.
    public int count() {
        return count;
    }

    /// Those that break the rule, one sentence each.
    public List<String> broken() {
        return List.copyOf(broken);
    }
}
