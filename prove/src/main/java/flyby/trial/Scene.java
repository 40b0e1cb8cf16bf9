package flyby.trial;

import flyby.choice.Decisions;

/// What a machine wants of the devices in it.
///
/// @param machine the name of the hostile machine
/// @param decisions where models that could do one thing or another ask
/// @param isMalicious whether a device is to do what hurts its driver most, within what it can reach
/// @param isShort whether it is to do less than it was allowed to: write less than it was given room for
/// @param isLate whether it is to be slow to stop: what it has begun it ends, however late
/// @param isBigEndian whether the CPU is
public record Scene(
        String machine,
        Decisions decisions,
        boolean isMalicious,
        boolean isShort,
        boolean isLate,
        boolean isBigEndian) {
    /// One that wants nothing.
    public static final Scene PLAIN = new Scene("plain", Decisions.PLAIN, false, false, false, false);
}
