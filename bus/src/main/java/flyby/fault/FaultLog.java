package flyby.fault;

import java.util.ArrayList;
import java.util.List;

/// The faults that were made at one device, all counted and the first of them listed.
public final class FaultLog {
    /// So many are listed.
    public static final int LISTED_MAX = 1_000;

    private final List<ArmedRule> rules;
    private final List<InjectedFault> listed = new ArrayList<>();
    private long count;

    /// How a rule fared.
    ///
    /// @param rule as it was written
    /// @param considered events that it is about: those that were counted
    /// @param injected how many of them became faults
    public record RuleCount(String rule, long considered, long injected) {}

    FaultLog(List<ArmedRule> rules) {
        this.rules = rules;
    }

    void add(InjectedFault fault) {
        count++;
        if (listed.size() < LISTED_MAX) {
            listed.add(fault);
        }
    }

    /// How many faults were made.
    public long count() {
        return count;
    }

    /// The first of them, in the order in which they were made.
    public List<InjectedFault> listed() {
        return List.copyOf(listed);
    }

    /// Each rule of the plan, in its order.
    public List<RuleCount> counts() {
        return rules.stream()
                .map(each -> new RuleCount(each.rule().text(), each.considered(), each.injected()))
                .toList();
    }
}
