package flyby.fault;

import flyby.bus.DeviceHost;

/// Faults that only the device itself can make, as they are words of its own language: a status code, a sector that
/// cannot be read. A device model asks before it does something; its host answers from a [FaultPlan].
///
/// ```java
/// faults = DeviceFaults.of(host);
/// ...
/// long status = faults.ask("nvme", "status", "read", firstBlock, blockCount);
/// if (status != DeviceFaults.NONE) {
///     return status;
/// }
/// ```
/// A rule such as `nvme status 0x281 on read every 7th` then gives 0x281 to each seventh read.
public interface DeviceFaults {
    /// No fault.
    long NONE = -1L;

    /// Whether the operation that is about to be done is to fail, and how.
    ///
    /// @param device which language: the first word of a rule
    /// @param name of the fault: its second word
    /// @param operation what is to be done: the word after `on`
    /// @param address where: what `in` of a rule selects; a device says what it counts, such as logical blocks
    /// @param count how many of these
    /// @return the number that the rule gives, 0 if it gives none; [#NONE] if nothing is to fail
    long ask(String device, String name, String operation, long address, long count);

    /// What `host` has to say: nothing ever fails unless it is a host with faults.
    static DeviceFaults of(DeviceHost host) {
        return host instanceof DeviceFaults faults ? faults : (_, _, _, _, _) -> NONE;
    }
}
