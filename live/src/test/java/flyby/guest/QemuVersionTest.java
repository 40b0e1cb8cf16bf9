package flyby.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QemuVersionTest {
    @TempDir
    private Path folder;

    @Test
    void readsWhatDebianPrints() {
        QemuVersion version = QemuVersion.parse(
                "QEMU emulator version 11.1.3 (Debian 1:11.1.3+ds-1~bpo13+1)\nCopyright (c) 2003-2026\n");
        assertThat(version).isEqualTo(new QemuVersion(11, 1)).hasToString("11.1");
    }

    @Test
    void comparesNumbersAndNotText() {
        assertThat(new QemuVersion(9, 2)).isLessThan(new QemuVersion(10, 1));
        assertThat(new QemuVersion(10, 1)).isLessThan(new QemuVersion(10, 2));
    }

    @Test
    void saysWhatIsWrongInOneLine() throws Exception {
        Path old = FakeQemu.write(folder, "10.0.2", "exit 0");
        assertThatThrownBy(() -> QemuVersion.of(old))
                .isInstanceOf(LabException.class)
                .hasMessage(old + ": found QEMU 10.0, expected 10.1 or newer: older ones have no vfio-user-pci");
        assertThatThrownBy(() -> QemuVersion.of(folder.resolve("none")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("this QEMU does not start");
        assertThatThrownBy(() -> QemuVersion.of(Path.of("/bin/true")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("expected QEMU emulator version");
    }
}
