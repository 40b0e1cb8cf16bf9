package flyby.check;

/// What is judged beyond what always is.
///
/// @param isMalicious whether devices are enemies: then what they can see beyond their buffers is a finding, and what
/// they can change between two looks of the driver
/// @param hasWires whether interrupts come by wires, which are not ordered behind data
public record Policy(boolean isMalicious, boolean hasWires) {
    /// Devices may fail, but mean no harm; interrupts are messages.
    public static final Policy TRUSTING = new Policy(false, false);

    /// They do mean harm.
    public static final Policy MALICIOUS = new Policy(true, false);

    /// The same where interrupts come by wires.
    public Policy wired() {
        return new Policy(isMalicious, true);
    }
}
