package flyby.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuestFilesTest {
    /// SHA-256 of "abc": FIPS 180-4, as its examples say.
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    @Test
    void liesInTheUsersCache() {
        assertThat(GuestFiles.of(Map.of("HOME", "/home/ada")).folder())
                .isEqualTo(Path.of("/home/ada/.cache/flyby/guest"));
        assertThat(GuestFiles.of(Map.of("HOME", "/home/ada", "XDG_CACHE_HOME", "/var/ada", "FLYBY_GUEST", ""))
                        .qemu())
                .isEqualTo(Path.of("/var/ada/flyby/guest/bin/qemu"));
        GuestFiles own = GuestFiles.of(Map.of("FLYBY_GUEST", "/g", "FLYBY_QEMU", "/usr/bin/qemu-system-x86_64"));
        assertThat(own.kernel()).isEqualTo(Path.of("/g/vmlinux"));
        assertThat(own.qemu()).isEqualTo(Path.of("/usr/bin/qemu-system-x86_64"));
    }

    @Test
    void isWholeOrRefused() throws IOException {
        GuestFiles files = GuestFiles.of(FakeQemu.environment(folder));
        assertThatThrownBy(files::checked)
                .isInstanceOf(LabException.class)
                .hasMessage("there is no guest in " + folder + ": run ./flyby guest build");
        Files.writeString(folder.resolve("vmlinux"), "abc");
        Files.writeString(folder.resolve("checksums"), ABC + "  ./vmlinux\n");
        assertThat(files.checked()).isSameAs(files);
        Files.writeString(folder.resolve("vmlinux"), "abd");
        assertThatThrownBy(files::checked)
                .isInstanceOf(LabException.class)
                .hasMessage(
                        folder.resolve("vmlinux") + ": has changed since the guest was built: run ./flyby guest build");
        Files.delete(folder.resolve("vmlinux"));
        assertThatThrownBy(files::checked).isInstanceOf(LabException.class);
    }
}
