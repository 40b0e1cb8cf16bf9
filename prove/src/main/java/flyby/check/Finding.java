package flyby.check;

import java.util.List;

/// One bug.
///
/// @param rule that is broken
/// @param what happened, in one sentence
/// @param party who made the access or the call: `cpu0`, or a device's name
/// @param site the driver's line that made it, or after which it happened
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

    /// Whether `line` of the file is the access itself or a step of the life.
    public boolean names(String file, int line) {
        return isAt(site, file, line) || life.stream().anyMatch(step -> isAt(step.site(), file, line));
    }

    private static boolean isAt(CallSite site, String file, int line) {
        return site.line() == line && site.file().equals(file);
    }
}
