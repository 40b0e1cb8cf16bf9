package flyby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.experiment.Experiments;
import flyby.study.ScenarioLibrary;
import flyby.validate.Validation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `list machines` and `show`, on what ships and on files.
final class ShowCommandTest {
    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        out.reset();
        err.reset();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false);
        return new Application(
                        ScenarioLibrary.shipped(Experiments.shipped()),
                        new Validation(List.of()),
                        "1.2.3",
                        folder,
                        terminal,
                        new Farewell(terminal.err()))
                .run(args);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void refused(String text, String... parts) throws IOException {
        Path file = Files.writeString(
                folder.resolve("m.yaml"), "title: t\nkind: engine-copy\nmachine:\n" + text, StandardCharsets.UTF_8);
        assertThat(run("show", file.toString())).as(text).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(parts);
        assertThat(out()).isEmpty();
    }

    @Test
    void everyMachineOfTheListCanBeDrawn() {
        assertThat(run("list", "machines")).isZero();
        List<String> names = out().lines()
                .takeWhile(line -> !line.isEmpty())
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        assertThat(names).contains("server-gen3-bdw", "server-2s", "board-arm", "desktop-switch", "pc-xt-1983");
        for (String name : names) {
            assertThat(run("show", name)).as(name).isZero();
            assertThat(out()).startsWith(name + ": ").contains("  +== ");
            assertThat(run("show", name, "--json")).as(name).isZero();
            assertThat(out()).contains("\"machine\": \"" + name + "\"");
        }
    }

    @Test
    void aScenarioHasAMachineToo() {
        assertThat(run("show", "engine-copy", "--set", "machine.root-ports.slot0.link.width=x16"))
                .isZero();
        assertThat(out()).contains("server-gen3-bdw", "Gen3 x16");
        assertThat(run("show", "demo")).isZero();
        assertThat(out()).contains("board-8086", "no cache");
        assertThat(run("show", "contention")).isEqualTo(2);
    }

    @Test
    void whatCannotBeIsRefusedWithItsPlace() throws IOException {
        refused("  root-ports: {slot0: {link: {width: x3}}}\n", "m.yaml:4:38: ", "\"x3\"", "x4");
        refused("  rootports: {}\n", "m.yaml:4:3: ", "did you mean root-ports?");
        refused(
                "  root-ports: {s: {switch: a}}\n  switches: {a: {ports: {p: {switch: a}}}}\n",
                "m.yaml:5:38: ",
                "a loop of switches, a > a");
        refused("  root-ports: {slot0: {functions: {second: {number: 0}}}}\n", "m.yaml:4:45: ", "both with number 0");
        refused("  root-ports: {slot0: {link: {credits: {posted-headers: 0}}}}\n", "m.yaml:4:57: ", "found 0");
        refused("  memory.size: 2 GiB\n  cpu.sockets: 2\n", "m.yaml:5:16: ", "memory must end below");
        refused("  iommu: {page-sizes: [4K], page-size: 1G}\n", "m.yaml:4:", "iommu.page-size = 1G");
        refused("  - a\n", "m.yaml:4:3: ", "a list");
        assertThat(run("show", "desktop-swich")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("did you mean desktop-switch?");
    }
}
