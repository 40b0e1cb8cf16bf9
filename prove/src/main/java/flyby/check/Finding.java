package flyby.check;

import java.util.List;

/// One bug.
///
/// @param rule that is broken
/// @param what happened, in one sentence
/// @param party who made the access or the call: `cpu0`, or a device's name
/// @param site the driver's line that made it, or that led to it
/// @param timePicos simulated time
/// @param life of the mapping or the memory concerned, in its order
/// @param story of the cache line concerned, where one is
/// @param expected the bytes that should have been there, as hex; empty if that is not the point
/// @param seen those that were
/// @param advice what to do
public record Finding(
        Rule rule,
        Evidence evidence,
        String what,
        String party,
        CallSite site,
        long timePicos,
        List<Step> life,
        List<Step> story,
        String expected,
        String seen,
        String advice) {
    public Finding {
        life = List.copyOf(life);
        story = List.copyOf(story);
    }

    /// Something that happened before.
    public record Step(long timePicos, String what, CallSite site) {}

    /// Whether a line of the driver is the access itself, a step before it, or calls one of them.
    public boolean names(String file, int line) {
        return site.isWithin(file, line)
                || life.stream().anyMatch(step -> step.site().isWithin(file, line));
    }
}
