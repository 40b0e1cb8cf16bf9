package flyby.vfio;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Status;

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

    /// An access of the device is over.
    default void accessed(Transaction transaction, Status status) {}
}
