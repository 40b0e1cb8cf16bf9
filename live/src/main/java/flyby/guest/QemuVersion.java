package flyby.guest;

import flyby.base.LabException;
import flyby.params.Quote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which QEMU it is.
///
/// @param major as in 11.1
/// @param minor as in 11.1
public record QemuVersion(int major, int minor) implements Comparable<QemuVersion> {
    /// The first with the device `vfio-user-pci`.
    public static final QemuVersion WITH_VFIO_USER = new QemuVersion(10, 1);

    /// The first that can end when whoever started it does.
    static final QemuVersion WITH_EXIT_WITH_PARENT = new QemuVersion(10, 2);

    private static final Pattern VERSION = Pattern.compile("QEMU emulator version (\\d{1,4})\\.(\\d{1,4})");

    /// Asks `qemu` itself.
    ///
    /// @throws LabException if it does not run, or is older than [#WITH_VFIO_USER]
    public static QemuVersion of(Path qemu) {
        String text;
        try {
            Process process = new ProcessBuilder(List.of(qemu.toString(), "--version"))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new LabException(LabException.Kind.BAD_FILE, qemu + ": this QEMU does not start: " + e.getMessage());
        }
        QemuVersion version = parse(text);
        if (version.compareTo(WITH_VFIO_USER) < 0) {
            throw new LabException(
                    LabException.Kind.BAD_FILE,
                    qemu.toString(),
                    "QEMU " + version,
                    WITH_VFIO_USER + " or newer: older ones have no vfio-user-pci");
        }
        return version;
    }

    /// @param text what `qemu --version` prints
    static QemuVersion parse(String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.find()) {
            throw new LabException(
                    LabException.Kind.BAD_FILE, "qemu --version", Quote.of(text.strip()), "QEMU emulator version ...");
        }
        return new QemuVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    @Override
    public int compareTo(QemuVersion other) {
        return major == other.major ? Integer.compare(minor, other.minor) : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
