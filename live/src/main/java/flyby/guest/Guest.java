package flyby.guest;

import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

/// A small Debian under QEMU, with an unmodified kernel and its own drivers.
public final class Guest {
    private final GuestFiles files;
    private final QemuVersion version;
    private final Acceleration acceleration;
    private final GuestSetup setup;

    Guest(GuestFiles files, QemuVersion version, Acceleration acceleration, GuestSetup setup) {
        this.files = files;
        this.version = version;
        this.acceleration = acceleration;
        this.setup = setup;
    }

    /// Finds the guest of this user, checks it, and sees how it can run here.
    ///
    /// @param environment the process's; [GuestFiles#of] says what counts
    /// @throws flyby.base.LabException if it has not been built, is damaged, or its QEMU is too old
    public static Guest find(Map<String, String> environment) {
        GuestFiles files = GuestFiles.of(environment).checked();
        QemuVersion version = QemuVersion.of(files.qemu());
        return new Guest(files, version, Acceleration.choose(files, version), GuestSetup.PLAIN);
    }

    /// The same guest in another machine.
    public Guest with(GuestSetup other) {
        return new Guest(files, version, acceleration, other);
    }

    /// What its machine is.
    public GuestSetup setup() {
        return setup;
    }

    /// Which QEMU runs it, and how, in a few words.
    public String title() {
        return "QEMU " + version + " (" + acceleration.word() + ")";
    }

    /// Boots, and begins `script`.
    ///
    /// The thread that calls has to live as long as the guest: QEMU ends with it.
    public RunningGuest start(GuestScript script) {
        return RunningGuest.start(files, version, acceleration, setup, script);
    }

    /// Boots, runs `script` to its end, and powers off.
    ///
    /// @param limit how long all that may take; then QEMU is ended
    /// @param out gets what the script prints, as it comes
    public GuestResult run(GuestScript script, Duration limit, OutputStream out) {
        try (RunningGuest guest = start(script)) {
            return guest.await(limit, out);
        }
    }

    /// Boots, and gives the terminal to a shell in the guest.
    ///
    /// @return QEMU's exit status
    public int shell() {
        return GuestShell.run(files, version, acceleration, setup);
    }
}
