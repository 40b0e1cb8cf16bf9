package flyby.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Linux's own drivers and tools, in a guest, judge Flyby's devices. Where no guest can be booted all is skipped, and
/// says why.
final class GuestTest {
    @TempDir
    private static Path folder = Path.of("");

    /// The user's guest, which tests do not lose with the rest of `FLYBY...`.
    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        for (String name : List.of("FLYBY_GUEST", "FLYBY_QEMU")) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        return environment;
    }

    private static Launcher.Done flyby(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Launcher.path()));
        command.addAll(List.of(arguments));
        return new Launcher(folder).run(environment(), command);
    }

    /// Skips the test, with the reason, unless a guest boots here.
    private static void needGuest() throws IOException, InterruptedException {
        Path script = folder.resolve("nothing.sh");
        Files.writeString(script, "true\n");
        Launcher.Done done = flyby("guest", "run", script.toString(), "--limit", "120");
        Assumptions.assumeTrue(
                done.status() == 0, () -> "no guest: " + done.err().strip());
    }

    /// A test for each judge, and in it one for each check, so that the count of skipped is in the summary.
    @TestFactory
    Stream<DynamicNode> linuxJudgesTheDevices() throws IOException, InterruptedException {
        needGuest();
        Launcher.Done done =
                Launcher.isLong() ? flyby("guest", "check", "--json", "--long") : flyby("guest", "check", "--json");
        assertThat(done.out()).as(done.err()).isNotEmpty();
        List<Map<String, Object>> judges = Launcher.objects(done.json(), "judges");
        assertThat(judges)
                .extracting(judge -> judge.get("judge"))
                .containsExactly("edu", "dmatest", "ioatdma", "nvme-cli", "ext4", "fio", "power-cut", "windows");
        return judges.stream().flatMap(GuestTest::checks);
    }

    private static Stream<DynamicTest> checks(Map<String, Object> judge) {
        List<Map<String, Object>> checks = Launcher.objects(judge, "checks");
        return checks.stream()
                .map(check -> dynamicTest(judge.get("judge") + " " + check.get("check"), () -> {
                    String reason = String.valueOf(check.get("reason"));
                    Assumptions.assumeFalse("skipped".equals(check.get("outcome")), reason);
                    assertThat(check.get("outcome")).as(reason).isEqualTo("passed");
                }));
    }

    @Test
    void aScriptsStatusIsTheCommands() throws IOException, InterruptedException {
        needGuest();
        Path script = folder.resolve("seven.sh");
        Files.writeString(
                script, "modprobe nvme; sleep 1; lsblk=$(cat /sys/block/nvme0n1/size); echo $lsblk; exit 7\n");
        Path drive = folder.resolve("drive");
        try (var file = new java.io.RandomAccessFile(drive.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        Launcher.Done done = flyby("guest", "run", script.toString(), "--nvme", drive.toString());
        assertThat(done.status()).as(done.err()).isEqualTo(7);
        assertThat(done.out()).isEqualTo("2048\n");
    }

    @Test
    void whatIsMissingIsSaidInOneLine() throws IOException, InterruptedException {
        Launcher launcher = new Launcher(folder);
        Map<String, String> nowhere =
                Map.of("FLYBY_GUEST", folder.resolve("none").toString());
        Launcher.Done done = launcher.run(nowhere, List.of(Launcher.path(), "guest", "check"));
        done.refusesWith("there is no guest in", "run ./flyby guest build");
        assertThat(done.err().lines()).hasSize(1);
    }
}
