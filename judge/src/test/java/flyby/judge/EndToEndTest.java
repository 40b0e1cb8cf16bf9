package flyby.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a user runs first, run as a user does: through the launcher, in a process of its own.
final class EndToEndTest {
    private static final String VIRTUAL_THREADS = "without the export of jdk.internal.vm";

    @TempDir
    private Path folder = Path.of("");

    private Launcher launcher = new Launcher(Path.of(""));

    @BeforeEach
    void startHere() {
        launcher = new Launcher(folder);
    }

    @Test
    void theDemoShowsItsTableAndWritesItsFiles() throws IOException, InterruptedException {
        Launcher.Done demo = launcher.flyby("demo", "--out", "made/out").endsWith(0);
        assertThat(demo.err()).as("progress is for terminals").isEmpty();
        assertThat(demo.out()).contains("pio", "burst", "cycle-stealing", "transparent", "Wrote made/out/demo.pftrace");
        assertThat(names(folder.resolve("made/out")))
                .containsExactly(
                        "demo-burst.vcd",
                        "demo-cycle-stealing.vcd",
                        "demo-pio.vcd",
                        "demo-transparent.vcd",
                        "demo.html",
                        "demo.json",
                        "demo.pftrace");
        Map<String, Object> document = Launcher.json(Files.readString(folder.resolve("made/out/demo.json")));
        assertStableCore(
                document,
                Files.size(Tree.root().resolve("LICENSE")),
                sha256(Tree.root().resolve("LICENSE")));
    }

    @Test
    void filesOfEverySizeArriveWhole() throws IOException, InterruptedException {
        for (long size : new long[] {0, 1, 65_537, Launcher.isLong() ? 50_000_000 : 5_000_000}) {
            Path file = random("input " + size, size);
            Launcher.Done done = launcher.flyby(
                    "run", "demo", "--json", "--input", file.getFileName().toString());
            assertThat(done.endsWith(0).err()).isEmpty();
            assertStableCore(done.json(), size, sha256(file));
        }
    }

    @Test
    void theCacheScenariosFailAsTheyStandAndPassWithTheCure() throws IOException, InterruptedException {
        Map<String, String> missing = Map.of("stale-read", "invalidate", "lost-write", "clean");
        for (String scenario : List.of("stale-read", "lost-write")) {
            Launcher.Done ill = launcher.flyby("run", scenario).endsWith(1);
            assertThat(ill.out()).contains(missing.get(scenario), "stale bytes", "right, in ");
            assertThat(ill.err()).startsWith("flyby: " + scenario + ": ");
            Map<String, Object> run = Launcher.objects(
                            launcher.flyby("run", scenario, "--json")
                                    .endsWith(1)
                                    .json(),
                            "runs")
                    .getFirst();
            assertThat(run).containsEntry("dataOk", false).containsEntry("ok", false);
            Map<String, Object> finding = Launcher.objects(run, "findings").getFirst();
            assertThat(String.valueOf(finding.get("remedy"))).contains(missing.get(scenario));
            assertThat(Launcher.objects(finding, "bytes").getFirst())
                    .containsKeys("address", "seen", "right", "seenBy", "rightIn");
            Launcher.Done cured =
                    launcher.flyby("run", scenario, "--set", "cure=true").endsWith(0);
            assertThat(cured.err()).isEmpty();
        }
    }

    @Test
    void theClassicMistakesFailAsTheyStandAndPassWithTheCure() throws IOException, InterruptedException {
        String[][] mistakes = {
            {"boundary-64k", "does not cross"},
            {"count-off-by-one", "count - 1"},
            {"flip-flop", "clearFlipFlop"},
            {"count-while-running", "residueWhileRunning"}
        };
        for (String[] mistake : mistakes) {
            Launcher.Done ill = launcher.flyby("run", mistake[0]).endsWith(1);
            assertThat(ill.out()).contains(mistake[1], "seen by", "right, in ");
            launcher.flyby("run", mistake[0], "--set", "cure=true").endsWith(0);
        }
    }

    @Test
    void theCardsOfThePcDoWhatTheyShouldAndSoundWithGapsDoesNot() throws IOException, InterruptedException {
        for (String scenario : List.of("floppy", "sound", "copy")) {
            assertThat(launcher.flyby("run", scenario).endsWith(0).err()).isEmpty();
        }
        assertThat(launcher.flyby("run", "sound-gaps").endsWith(1).out()).contains("The sound stood still");
    }

    @Test
    void aDeviceThatHasHungEndsTheRunAndItIsSaidWhoWaits() throws IOException, InterruptedException {
        String hung = "machine.root-ports.slot0.functions.copy0.hangs=true";
        Launcher.Done done = launcher.flyby("run", "engine-copy", "--set", "runs=pcie", "--set", hung)
                .endsWith(1);
        assertThat(done.err()).contains("gets nowhere", "cpu0 waits for the copy engine's interrupt");
    }

    @Test
    void equalSeedsGiveEqualBytesWhateverTheJvmDoes() throws IOException, InterruptedException {
        Path input = random("input", 20_001);
        String[] arguments = {"run", "demo", "--seed", "7", "--input", input.toString(), "--trace", "all", "--out"};
        Path first = folder.resolve("first/out");
        launcher.flyby(with(arguments, first)).endsWith(0);
        String report = Files.readString(first.resolve("demo.html"));
        for (String options : List.of("", "-XX:+UnlockExperimentalVMOptions -XX:hashCode=0", VIRTUAL_THREADS)) {
            Path again = folder.resolve("again-" + options.length() + "/out");
            Launcher.Done done = options.equals(VIRTUAL_THREADS)
                    ? launcher.run(Map.of(), javaAlone(with(arguments, again)))
                    : launcher.flybyWith(options, with(arguments, again));
            done.endsWith(0);
            assertThat(names(again)).isEqualTo(names(first));
            for (String name : names(first)) {
                if (name.equals("demo.html")) {
                    // The report repeats its own command line, in which the folder differs.
                    assertThat(Files.readString(again.resolve(name)).replace(again.toString(), first.toString()))
                            .as(options)
                            .isEqualTo(report);
                } else {
                    assertThat(Files.mismatch(first.resolve(name), again.resolve(name)))
                            .as("%s %s", name, options)
                            .isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void anInputFarBeyondTheHeapIsRead() throws IOException, InterruptedException {
        launcher.shell("truncate -s " + (Launcher.isLong() ? "10G" : "300M") + " sparse")
                .endsWith(0);
        Launcher.Done done = launcher.flybyWith(
                Launcher.isLong() ? "-Xmx512m" : "-Xmx64m",
                "run",
                "demo",
                "--json",
                "--set",
                "runs=burst",
                "--input",
                "sparse");
        Map<String, Object> run =
                Launcher.objects(done.endsWith(0).json(), "runs").getFirst();
        assertThat(run).containsEntry("dataOk", true);
        assertThat(Launcher.number(run, "bytes")).isEqualTo(Files.size(folder.resolve("sparse")));
    }

    @Test
    void helpIsThereForEveryCommandAndFitsTheScreen() throws IOException, InterruptedException {
        for (String command : List.of("", "run", "demo", "list", "show", "validate", "version", "completion", "docs")) {
            Launcher.Done help = command.isEmpty() ? launcher.flyby("--help") : launcher.flyby(command, "--help");
            assertThat(help.endsWith(0).out()).contains("Usage: flyby");
            assertThat(help.out().lines().toList()).allMatch(line -> line.length() <= 100);
        }
        for (String scenario : List.of("demo", "stale-read", "lost-write")) {
            String shown = launcher.flyby("list", scenario).endsWith(0).out();
            assertThat(shown).contains("Accepted: ", "Source: ", "machine.clock = ");
            assertThat(shown.lines().toList()).allMatch(line -> line.length() <= 100);
            assertThat(launcher.flyby("list").endsWith(0).out()).contains(scenario);
        }
    }

    private static void assertStableCore(Map<String, Object> document, long size, String sha256) {
        assertThat(document)
                .containsEntry("flyby", "0.1.0")
                .containsEntry("scenario", "demo")
                .containsEntry("seed", 1)
                .containsEntry("ok", true);
        assertThat(String.valueOf(document.get("traceHash"))).matches("[0-9a-f]{16}");
        List<Map<String, Object>> runs = Launcher.objects(document, "runs");
        assertThat(runs)
                .extracting(run -> run.get("name"))
                .containsExactly("pio", "burst", "cycle-stealing", "transparent");
        for (Map<String, Object> run : runs) {
            assertThat(run).containsEntry("sha256", sha256).containsEntry("dataOk", true);
            assertThat(Launcher.number(run, "bytes")).isEqualTo(size);
            long sum = Launcher.phases(run).values().stream()
                    .mapToLong(Number::longValue)
                    .sum();
            assertThat(sum).isPositive().isEqualTo(Launcher.number(run, "elapsedPs"));
        }
    }

    private Path random(String name, long size) throws IOException {
        Path file = folder.resolve(name);
        Random random = new Random(size);
        byte[] bytes = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = size; left > 0; left -= bytes.length) {
                random.nextBytes(bytes);
                out.write(bytes, 0, (int) Math.min(left, bytes.length));
            }
        }
        return file;
    }

    private String sha256(Path file) throws IOException, InterruptedException {
        String line = launcher.run(Map.of(), List.of("sha256sum", file.toString()))
                .endsWith(0)
                .out();
        return line.substring(0, 64);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static String[] with(String[] arguments, Path out) {
        return Stream.concat(Stream.of(arguments), Stream.of(out.toString())).toArray(String[]::new);
    }

    private List<String> javaAlone(String... arguments) throws IOException, InterruptedException {
        String jdk = launcher.flyby("jdk").endsWith(0).out().strip();
        String modules = Tree.root().resolve("cli/target/flyby/modules").toString();
        List<String> java = List.of(jdk + "/bin/java", "-ea", "-p", modules, "-m", "flyby.cli/flyby.cli.Main");
        return Stream.concat(java.stream(), Stream.of(arguments)).toList();
    }
}
