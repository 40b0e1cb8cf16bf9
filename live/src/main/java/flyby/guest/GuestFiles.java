package flyby.guest;

import flyby.base.LabException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// The built guest: what `guest/build` has put into one folder.
///
/// @param folder where it is
/// @param qemu the program that runs it
public record GuestFiles(Path folder, Path qemu) {
    /// What `guest/build` writes last: a line `SHA-256  FILE` for each file.
    private static final String CHECKSUMS = "checksums";

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HASH_CHARS = 64;

    /// The guest of this user.
    ///
    /// @param environment `FLYBY_GUEST` names its folder, by default `flyby/guest` in the user's cache folder;
    ///     `FLYBY_QEMU` names another QEMU than the guest's own
    public static GuestFiles of(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "/");
        String cache = value(environment, "XDG_CACHE_HOME", home + "/.cache");
        Path folder = Path.of(value(environment, "FLYBY_GUEST", cache + "/flyby/guest"));
        return new GuestFiles(folder, Path.of(value(environment, "FLYBY_QEMU", folder + "/bin/qemu")));
    }

    /// Variables that are set to nothing count as not set.
    private static String value(Map<String, String> environment, String name, String otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty() ? otherwise : value;
    }

    /// The kernel, uncompressed.
    public Path kernel() {
        return folder.resolve("vmlinux");
    }

    /// What the guest has instead of a disk.
    public Path initramfs() {
        return folder.resolve("initramfs");
    }

    /// Makes sure that each file is as it was built.
    ///
    /// @throws LabException if there is no guest, or one that somebody has damaged
    public GuestFiles checked() {
        if (!Files.isRegularFile(folder.resolve(CHECKSUMS))) {
            throw new LabException(
                    LabException.Kind.BAD_FILE, "there is no guest in " + folder + ": run ./flyby guest build");
        }
        try {
            for (String line : Files.readAllLines(folder.resolve(CHECKSUMS))) {
                check(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private void check(String line) throws IOException {
        String name = line.length() > HASH_CHARS ? line.substring(HASH_CHARS).strip() : "";
        Path file = folder.resolve(name).normalize();
        boolean same = Files.isRegularFile(file) && line.startsWith(sha256(file));
        if (!same) {
            throw new LabException(
                    LabException.Kind.BAD_FILE,
                    file + ": has changed since the guest was built: run ./flyby guest build");
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
