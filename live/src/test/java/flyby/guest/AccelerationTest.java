package flyby.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccelerationTest {
    @TempDir
    private Path folder;

    /// A `/dev/kvm` that software makes is of no use to an unmodified kernel.
    @Test
    void theDeviceAloneIsNotEnough() throws IOException {
        Path device = Files.createFile(folder.resolve("kvm"));
        Path with = Files.writeString(folder.resolve("with"), "model name\t: x\nflags\t\t: fpu vmx sse\n");
        Path without = Files.writeString(folder.resolve("without"), "flags\t\t: fpu sse\nbugs\t\t: svm\n");
        assertThat(Acceleration.mayWork(device, with)).isTrue();
        assertThat(Acceleration.mayWork(device, without)).isFalse();
        assertThat(Acceleration.mayWork(folder.resolve("none"), with)).isFalse();
    }
}
