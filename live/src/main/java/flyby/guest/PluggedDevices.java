package flyby.guest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The devices of a guest, ready before QEMU starts, closed after it has ended, the last one first.
final class PluggedDevices implements AutoCloseable {
    private final List<GuestDevice.Ready> ready = new ArrayList<>();

    /// @param folder for sockets
    PluggedDevices(List<GuestDevice> devices, Path folder) {
        try {
            devices.forEach(device -> ready.add(device.prepare(folder)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    void plugInto(QemuCommand command) {
        ready.forEach(command::plug);
    }

    @Override
    public void close() {
        ready.reversed().forEach(GuestDevice.Ready::close);
        ready.clear();
    }
}
