package flyby.fault;

import flyby.bus.Transaction.Status;
import java.util.Set;

/// One rule of a plan: what happens to which events.
///
/// @param text as it was written
/// @param effect what it needs to know beyond the action
/// @param operation of a device's own fault; its parts are empty for others
record FaultRule(
        String text,
        FaultAction action,
        Set<FaultTarget> targets,
        Effect effect,
        Selection selection,
        Operation operation) {
    /// How an action is done.
    ///
    /// @param status of FAIL
    /// @param picos of DELAY and HANG: how long; of the time-out of a DROP or FAIL: when it is over
    /// @param place of CORRUPT: which byte or bit; -1: any
    /// @param away of MISDIRECT: how many bytes beyond
    /// @param isBit whether that is a bit
    /// @param behind of REORDER: how many others come first
    record Effect(Status status, long picos, long place, boolean isBit, long behind, long away) {}

    /// A fault that only the device can make.
    ///
    /// @param device whose language it is
    /// @param name of the fault
    /// @param value that it comes with
    /// @param operation that it befalls
    record Operation(String device, String name, long value, String operation) {
        static final Operation NONE = new Operation("", "", 0, "");
    }
}
