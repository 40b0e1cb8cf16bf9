package flyby.pcie;

import flyby.base.Check;

/// What the first doubleword of every TLP says about how to treat it: section 2.2.1.
///
/// @param trafficClass 0 to 7
/// @param relaxedOrdering Attr bit 1
/// @param noSnoop Attr bit 0
/// @param idOrdering Attr bit 2
/// @param isPoisoned EP: the data is known to be bad
/// @param hasDigest TD: an ECRC follows
public record Handling(
        int trafficClass,
        boolean relaxedOrdering,
        boolean noSnoop,
        boolean idOrdering,
        boolean isPoisoned,
        boolean hasDigest) {
    /// Traffic class 0 and nothing special.
    public static final Handling PLAIN = new Handling(0, false, false, false, false, false);

    public Handling {
        Check.that(trafficClass >= 0 && trafficClass < 8, "traffic class %d", trafficClass);
    }
}
