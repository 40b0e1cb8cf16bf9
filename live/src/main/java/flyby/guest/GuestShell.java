package flyby.guest;

import flyby.base.LabException;
import java.io.IOException;

/// A guest whose console is this process's terminal.
final class GuestShell {
    private GuestShell() {}

    /// Boots, and waits for the end.
    ///
    /// @return QEMU's exit status
    static int run(GuestFiles files, QemuVersion version, Acceleration acceleration, GuestSetup setup) {
        try (GuestFolder folder = new GuestFolder();
                PluggedDevices devices = new PluggedDevices(setup.devices(), folder.path())) {
            QemuCommand command = new QemuCommand(files, version, acceleration, setup);
            devices.plugInto(command);
            // Ctrl-A X ends QEMU, Ctrl-A C shows its monitor, Ctrl-C goes to the guest.
            command.add("-serial", "mon:stdio");
            Process qemu = new ProcessBuilder(command.words()).inheritIO().start();
            Thread lastWill = new Thread(qemu::destroyForcibly, "guest's end");
            Runtime.getRuntime().addShutdownHook(lastWill);
            try {
                return qemu.waitFor();
            } finally {
                qemu.destroyForcibly();
                Runtime.getRuntime().removeShutdownHook(lastWill);
            }
        } catch (IOException e) {
            throw new LabException(LabException.Kind.BAD_FILE, "QEMU does not start: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new LabException(LabException.Kind.INTERRUPTED, "the guest was interrupted");
        }
    }
}
