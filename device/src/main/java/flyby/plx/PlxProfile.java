package flyby.plx;

import flyby.base.Check;
import flyby.transfer.Copier;

/// What a PLX DMA engine is built with.
///
/// @param copies how it cuts a copy
/// @param prefetch how many descriptors it fetches at once, 1 to 4
/// @param setupPicos from START to the first fetch: 0 or more
public record PlxProfile(Copier.Shape copies, int prefetch, long setupPicos) {
    public PlxProfile {
        Check.that(prefetch >= 1 && prefetch <= 4, "%d descriptors", prefetch);
        Check.that(setupPicos >= 0, "a set-up time of %d ps", setupPicos);
    }
}
