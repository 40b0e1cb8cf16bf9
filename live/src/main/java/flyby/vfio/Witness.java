package flyby.vfio;

import flyby.bus.Transaction;
import org.jspecify.annotations.Nullable;

/// Who sees what the client gives the device, and what the device does with it.
interface Witness {
    /// Sees nothing.
    Witness NOBODY = new Witness() {};

    /// The device may reach `window` from now on.
    default void mapped(Window window) {}

    /// The device must not reach `window` any more. What it had under way there is over.
    default void unmapped(Window window) {}

    /// A client has come or gone: what was mapped is of the past.
    default void connected(boolean isConnected) {}

    /// The device has asked for an access that is refused.
    ///
    /// @param at the first of its addresses that it may not reach so
    /// @param there the window that has this address, and does not allow it; null if none has it
    default void refused(Transaction transaction, long at, @Nullable Window there) {}

    /// The device has asked for an access while it may not ask at all: Bus Master Enable is clear.
    default void notMaster(Transaction transaction) {}
}
