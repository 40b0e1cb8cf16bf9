package flyby.guest;

import java.nio.file.Path;
import java.util.List;

/// A device that the guest finds behind a PCI Express root port of its own.
public interface GuestDevice {
    /// How messages call it.
    String name();

    /// Makes it ready, before QEMU starts: whoever connects to a server must find it listening.
    ///
    /// @param folder for sockets; it is there as long as the guest runs
    Ready prepare(Path folder);

    /// A device that waits for QEMU. Closed when QEMU has ended: a server that goes first makes QEMU abort.
    interface Ready extends AutoCloseable {
        /// QEMU's arguments for it.
        ///
        /// @param bus where it is to be plugged in
        List<String> qemuArguments(String bus);

        @Override
        void close();
    }

    /// One of QEMU's own devices, for comparison.
    ///
    /// @param properties as after `-device`: the driver, then its properties
    /// @param before arguments that have to stand before it, such as `-drive ...`
    static GuestDevice ofQemu(String properties, List<String> before) {
        return new QemuDevice(properties, before);
    }

    /// One that somebody serves at `socket` already.
    static GuestDevice at(Path socket) {
        return new ServedElsewhere(socket);
    }
}
