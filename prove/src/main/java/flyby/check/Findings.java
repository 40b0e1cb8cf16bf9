package flyby.check;

import flyby.check.Finding.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What was found: one report for each bug.
///
/// What is said of a mapping that something was said of already is more evidence of the same bug, and so is what is
/// said of the same line of the driver under the same rule.
final class Findings {
    /// A driver that breaks everything is not listened to for ever.
    private static final int MAX = 100;

    private final List<Found> all = new ArrayList<>();
    private final Map<String, Found> byPlace = new TreeMap<>();
    private final LongSupplier clock;

    Findings(LongSupplier clock) {
        this.clock = clock;
    }

    /// Something is wrong.
    ///
    /// @param mapping that it is about; null for none
    /// @return what is known of that bug
    Found add(
            Rule rule,
            Evidence evidence,
            String what,
            String party,
            CallSite site,
            @Nullable Mapping mapping,
            String advice) {
        String place = rule.number() + " " + evidence + " " + (site.isKnown() ? site.file() + site.line() : what);
        Found known = mapping != null && mapping.found != null ? mapping.found : byPlace.get(place);
        if (known != null) {
            if (mapping != null && mapping.found == null) {
                mapping.found = known;
            }
            return known;
        }
        Found found = new Found(rule, evidence, what, party, site, clock.getAsLong(), advice);
        if (all.size() < MAX) {
            all.add(found);
        }
        byPlace.put(place, found);
        if (mapping != null) {
            mapping.found = found;
            found.life.addAll(mapping.life());
        }
        return found;
    }

    /// As [#add], with what went before.
    Found add(
            Rule rule, Evidence evidence, String what, String party, CallSite site, List<Step> before, String advice) {
        Found found = add(rule, evidence, what, party, site, (Mapping) null, advice);
        if (found.life.isEmpty()) {
            found.life.addAll(before);
        }
        return found;
    }

    List<Finding> list() {
        return all.stream().map(Found::finding).toList();
    }
}
