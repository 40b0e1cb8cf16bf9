package flyby.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong outside: each says in a line what it was, ends with the right status and leaves nothing behind.
final class BadInputTest {
    @TempDir
    private Path folder = Path.of("");

    private Launcher launcher = new Launcher(Path.of(""));

    @BeforeEach
    void startHere() {
        launcher = new Launcher(folder);
    }

    private void yaml(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private long count() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @Test
    void wordsThatNobodyKnowsGetASuggestion() throws IOException, InterruptedException {
        launcher.flyby("run", "dmo").refusesWith("\"dmo\"", "did you mean demo?");
        launcher.flyby("list", "stale-rad").refusesWith("did you mean stale-read?");
        launcher.flyby("ru", "demo").refusesWith("there is no command \"ru\"", "did you mean run?");
        launcher.flyby("run", "demo", "--jsn").refusesWith("there is no option \"--jsn\"", "did you mean --json?");
        launcher.flyby("run", "demo", "more").refusesWith("one argument too many: \"more\"", "./flyby run --help");
        launcher.flyby("run", "demo", "--set", "driver.bufer=4KiB").refusesWith("did you mean driver.buffer?");
        launcher.flyby("run", "demo", "--trace", "vdc").refusesWith("did you mean vcd?");
        launcher.flyby().refusesWith("./flyby demo", "./flyby --help");
    }

    @Test
    void valuesThatCannotBeAreRefused() throws IOException, InterruptedException {
        launcher.flyby("run", "demo", "--set", "driver.buffer=4ms").refusesWith("\"4ms\"", "1 B to 64 KiB", "KiB, MB");
        launcher.flyby("run", "demo", "--set", "driver.buffer=1GiB").refusesWith("1GiB", "1 B to 64 KiB");
        launcher.flyby("run", "demo", "--set", "driver.buffer").refusesWith("path=value");
        launcher.flyby("run", "demo", "--seed", "x").refusesWith("--seed", "0x");
        launcher.flyby("run", "demo", "--out", "x", "--set", "machine.work.internal-clocks=1")
                .refusesWith(
                        "machine.work.internal-clocks = 1 clocks (--set)",
                        "machine.bus.dma-cycle-clocks = 4 clocks",
                        "transparent transfers run only while");
        assertThat(count()).isZero();
    }

    @Test
    void scenarioErrorsHaveFileLineAndColumn() throws IOException, InterruptedException {
        yaml("key.yaml", "title: x\nkind: delivery\nparameters:\n  driver.bufer: 4 KiB\n");
        launcher.flyby("run", "key.yaml").refusesWith("key.yaml:4:3: ", "did you mean driver.buffer?");
        yaml("range.yaml", "title: x\nkind: delivery\nparameters:\n  driver.buffer: 4 GiB\n");
        launcher.flyby("run", "range.yaml").refusesWith("range.yaml:4:18: ", "1 B to 64 KiB");
        yaml("kind.yaml", "title: x\nkind: delivry\n");
        launcher.flyby("run", "kind.yaml").refusesWith("kind.yaml:2:7: ", "did you mean delivery?");
        yaml("syntax.yaml", "title: x\nkind: [delivery\n");
        launcher.flyby("run", "syntax.yaml").refusesWith("syntax.yaml:3:1: ");
        yaml("empty.yaml", "");
        launcher.flyby("run", "empty.yaml").refusesWith("empty.yaml:1:1: ");
        launcher.flyby("run", "nosuch.yaml").refusesWith("nosuch.yaml: there is no such file");
    }

    @Test
    void filesThatCannotBeReadAreRefused() throws IOException, InterruptedException {
        launcher.flyby("run", "demo", "--out", "x", "--input", "nosuch").refusesWith("nosuch: there is no such file");
        launcher.flyby("run", "demo", "--out", "x", "--input", ".").refusesWith(".: this is a folder");
        assertThat(count()).isZero();
        Files.writeString(folder.resolve("secret"), "x").toFile().setReadable(false, false);
        assumeTrue(!Files.isReadable(folder.resolve("secret")), "root may read everything");
        launcher.flyby("run", "demo", "--input", "secret").refusesWith("secret: permission denied");
    }

    @Test
    void foldersThatCannotBeWrittenAreRefused() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("file"), "kept");
        launcher.flyby("demo", "--out", "file").refusesWith("file: this is a file, and a folder is needed");
        assertThat(file).hasContent("kept");
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "there is no /proc here");
        launcher.flyby("demo", "--out", "/proc/flyby").refusesWith("/proc/flyby: no folder can be made there");
        Path closed = Files.createDirectory(folder.resolve("closed"));
        closed.toFile().setWritable(false, false);
        assumeTrue(!Files.isWritable(closed), "root may write everywhere");
        launcher.flyby("demo", "--out", "closed/out").refusesWith("closed/out: permission denied");
    }

    @Test
    void aFullDiskIsTwoAndKeepsNoHalfFile() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        boolean isMounted =
                launcher.shell("mount -t tmpfs -o size=64k none disk 2>&1").status() == 0;
        assumeTrue(isMounted, "mounting a small disk needs root");
        try {
            launcher.flyby("demo", "--out", "disk").refusesWith("disk/demo", "no space left on device");
            try (Stream<Path> files = Files.list(disk)) {
                assertThat(files).isEmpty();
            }
        } finally {
            launcher.shell("umount disk").endsWith(0);
        }
    }

    @Test
    void standardOutputMayBeFullOrClosed() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/dev/full")), "there is no /dev/full here");
        launcher.shell("\"$FLYBY\" run stale-read --set cure=true --json >/dev/full")
                .refusesWith("flyby: standard output: No space left on device");
        Launcher.Done piped = launcher.shell("\"$FLYBY\" list demo | head -n 1; echo ${PIPESTATUS[0]}");
        assertThat(piped).isEqualTo(new Launcher.Done(0, "demo: One file, four ways into memory\n0\n", ""));
    }

    /// The input is so large that the run is in its midst when it has begun to write.
    @Test
    void controlCLeavesNothingBehind() throws IOException, InterruptedException {
        launcher.shell("env --default-signal=INT true").endsWith(0);
        Launcher.Done done = launcher.shell("""
                truncate -s 10G input
                env --default-signal=INT "$FLYBY" run demo --input input --out made/out --trace vcd &
                pid=$!
                until [ -s "$(echo made/out/.demo-pio.vcd.*.tmp)" ]; do
                    kill -0 $pid || exit 99
                    sleep 0.1
                done
                kill -INT $pid
                wait $pid
                """);
        assertThat(done).isEqualTo(new Launcher.Done(130, "", "flyby: interrupted; nothing half-written is left\n"));
        assertThat(folder.resolve("made")).doesNotExist();
    }
}
