package flyby.fault;

import java.util.ArrayList;
import java.util.List;

/// Which faults are to be made: rules, in the order in which they are asked. An event gets at most one fault, that of
/// the first rule that hits it. The grammar: `docs/faults.md`.
public final class FaultPlan {
    private final List<FaultRule> rules;

    private FaultPlan(List<FaultRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /// No faults.
    public static FaultPlan none() {
        return new FaultPlan(List.of());
    }

    /// The rules in `text`, with semicolons between.
    ///
    /// @param where the text is from, for messages: `--fault`
    /// @throws flyby.base.LabException if a rule cannot be read: which word, what was found and is accepted
    public static FaultPlan parse(String where, String text) {
        List<FaultRule> rules = new ArrayList<>();
        for (String rule : text.split(";", -1)) {
            rules.add(RuleReader.read(where, rule));
        }
        return new FaultPlan(rules);
    }

    /// These rules, and behind them those of `other`.
    public FaultPlan and(FaultPlan other) {
        List<FaultRule> all = new ArrayList<>(rules);
        all.addAll(other.rules);
        return new FaultPlan(all);
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    List<FaultRule> rules() {
        return rules;
    }

    /// The rules as they were written, with semicolons between.
    @Override
    public String toString() {
        return String.join("; ", rules.stream().map(FaultRule::text).toList());
    }
}
