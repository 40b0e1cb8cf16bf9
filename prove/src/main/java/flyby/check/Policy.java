package flyby.check;

/// What is judged beyond what always is, and how much is taken down for reports.
///
/// @param isMalicious whether devices are enemies: then what they can see beyond their buffers is a finding, and what
/// they can change between two looks of the driver
/// @param hasWires whether interrupts come by wires, which are not ordered behind data
/// @param findsLines whether reports have the driver's lines. Most of what a checker costs is to look for them: a run
/// that finds nothing without can be believed, and one that does is to be made again with them
public record Policy(boolean isMalicious, boolean hasWires, boolean findsLines) {
    /// Devices may fail, but mean no harm; interrupts are messages.
    public static final Policy TRUSTING = new Policy(false, false, true);

    /// They do mean harm.
    public static final Policy MALICIOUS = new Policy(true, false, true);

    /// The same where interrupts come by wires.
    public Policy wired() {
        return new Policy(isMalicious, true, findsLines);
    }

    /// The same, for a run that only says whether there is anything to find.
    public Policy withoutLines() {
        return new Policy(isMalicious, hasWires, false);
    }
}
