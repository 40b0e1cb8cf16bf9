package flyby.bus;

import flyby.sim.Alarm;
import flyby.trace.Trace;

/// The central seam: everything that a device may do to the world.
///
/// What stands behind it, a bus slot, a PCIe function, a socket to a virtual machine or a test bench, is not the
/// device's business. Hosts can be wrapped by other hosts that record, replay, check or inject faults.
public interface DeviceHost {
    /// The time in picoseconds.
    long nowPicos();

    /// A new alarm that runs `action` when its time has come. For set-up only.
    Alarm alarm(String name, Runnable action);

    /// Starts an access to memory by IOVA. Its owner is told exactly once, in the same call or later, that it is
    /// over.
    ///
    /// Transactions of one device that are in flight together complete in any order the host likes; a host says
    /// what it promises beyond that.
    void submit(Transaction transaction);

    /// Whether the host lets the device access memory at all: Bus Master Enable, of PCI functions.
    default boolean isMaster() {
        return true;
    }

    /// Drives interrupt vector `vector`. A level: it stays asserted until the device takes it back.
    void interrupt(int vector, boolean asserted);

    /// The transfer for which the register access that is going on is made, or 0. Carries a transfer's id from the
    /// driver to the device, where hardware has no wire for it; only traces and accounts may depend on it.
    long currentTransfer();

    /// The device has found that its driver breaks its protocol: a descriptor that it was told of is not its own, an
    /// index is out of range, a field holds what no driver writes. It goes on as its specification says, or stops.
    ///
    /// @param what in one sentence, with the place and the value: `descriptor 3 is not the device's: control 0x0`
    default void objection(String what) {}

    /// Where the device tells what it does.
    Trace trace();
}
