package flyby.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tools that are not ours read what the demo has really written.
final class OutsideJudgesTest {
    private static final long PICOS_PER_NANO = 1_000;

    @TempDir
    private static Path folder = Path.of("");

    private static Launcher launcher = new Launcher(Path.of(""));

    @BeforeAll
    static void runTheDemo() throws IOException, InterruptedException {
        launcher = new Launcher(folder);
        launcher.flyby("demo", "--out", "out").endsWith(0);
    }

    private static List<Map<String, Object>> runs() throws IOException {
        return Launcher.objects(Launcher.json(Files.readString(folder.resolve("out/demo.json"))), "runs");
    }

    private static String tool(String... command) throws IOException, InterruptedException {
        return launcher.run(Map.of(), List.of(command)).endsWith(0).out();
    }

    /// `vcd2fst` accepts nearly anything: what comes back is compared.
    @Test
    void gtkwaveKeepsEverySignalAndItsLastChange() throws IOException, InterruptedException {
        Launcher.need("vcd2fst", "gtkwave");
        Launcher.need("fst2vcd", "gtkwave");
        for (String run : List.of("pio", "burst", "cycle-stealing", "transparent")) {
            String vcd = "out/demo-" + run + ".vcd";
            tool("vcd2fst", vcd, "demo.fst");
            Map<String, String> written = lastChanges(Files.readString(folder.resolve(vcd)));
            assertThat(lastChanges(tool("fst2vcd", "demo.fst"))).isEqualTo(written);
            assertThat(written).containsKeys("bus.HOLD", "bus.A", "bus.D", "dmac.DREQ");
            String held = written.getOrDefault("bus.HOLD", "");
            assertThat(held.startsWith("#0 "))
                    .as(run + " asks for no bus: " + held)
                    .isEqualTo(run.equals("pio") || run.equals("transparent"));
        }
    }

    @Test
    void gtkwaveKeepsThePinsOfThe8237() throws IOException, InterruptedException {
        Launcher.need("vcd2fst", "gtkwave");
        Launcher.need("fst2vcd", "gtkwave");
        String vectors =
                Tree.root().resolve("docs/vectors/memory-to-memory.txt").toString();
        launcher.flyby("8237", "--vectors", vectors, "--quiet", "--vcd", "pins.vcd")
                .endsWith(0);
        tool("vcd2fst", "pins.vcd", "pins.fst");
        Map<String, String> written = lastChanges(Files.readString(folder.resolve("pins.vcd")));
        assertThat(lastChanges(tool("fst2vcd", "pins.fst"))).isEqualTo(written);
        // MEMW rises in the middle of the last S24, which is the 39th clock of 200 ns.
        assertThat(written).containsEntry("i8237.MEMW", "#7800000 1").containsEntry("i8237.DREQ3", "#50000 0");
    }

    /// Scope and name of each signal to `#time value` of its last change.
    private static Map<String, String> lastChanges(String vcd) {
        Map<String, String> nameOf = new TreeMap<>();
        Map<String, String> last = new TreeMap<>();
        Map<String, String> value = new TreeMap<>();
        String scope = "";
        String time = "#0";
        for (String line : (Iterable<String>) vcd.lines()::iterator) {
            String[] words = line.strip().split(" +", -1);
            if (words[0].equals("$scope")) {
                scope = words[2];
            } else if (words[0].equals("$var")) {
                nameOf.put(words[3], scope + "." + words[4]);
            } else if (line.startsWith("#")) {
                time = line.strip();
            } else if (line.matches("[01xz].+|b[01xz]+ .+")) {
                String state = line.startsWith("b") ? digits(words[0]) : line.substring(0, 1);
                String code = line.startsWith("b") ? words[1] : line.strip().substring(1);
                if (!state.equals(value.put(code, state))) {
                    last.put(nameOf.getOrDefault(code, "undeclared " + code), time + " " + state);
                }
            }
        }
        return last;
    }

    /// The digits of a vector, without those that a reader adds by itself: `b0101` is `b101`, `bzz` is `bz`.
    private static String digits(String vector) {
        return vector.replaceFirst("^b0*(?=.)|^b", "").replaceFirst("^(?:z+(?=z)|x+(?=x))", "");
    }

    @Test
    void perfettoFindsTheFiguresOfTheDocument() throws IOException, InterruptedException {
        Launcher.need("node", "nodejs");
        Path judge = Tree.root().resolve("judge/perfetto");
        assumeTrue(
                Files.isDirectory(judge.resolve("node_modules")),
                "the trace processor is missing: run npm ci in judge/perfetto");
        String from = " from slice s join process_track t on s.track_id = t.id join process p using (upid)";
        Object answers = Launcher.parsed(tool(
                "node",
                judge.resolve("query.js").toString(),
                "out/demo.pftrace",
                "select name, value from stats where severity in ('error', 'data_loss') and value > 0",
                "select p.name run, count(*) n" + from + " group by p.name",
                "select p.name run, s.ts ts, s.dur dur" + from
                        + " where s.name = 'transfer' and t.name like 'lane %' order by s.ts",
                "select p.name run, s.name phase, sum(s.dur) dur" + from
                        + " where s.name <> 'transfer' and t.name like 'lane %' group by p.name, s.name"));
        assertThat(rows(answers, 0)).as("import errors").isEmpty();
        assertThat(rows(answers, 1)).hasSize(4).allMatch(row -> Launcher.number(row, "n") > 1_000);
        for (Map<String, Object> run : runs()) {
            String name = "demo / " + run.get("name");
            List<String> transfers = new ArrayList<>();
            for (Map<String, Object> transfer : Launcher.objects(run, "transfers")) {
                long begin = nanos(Launcher.number(transfer, "beginPs"));
                transfers.add(begin + " for " + (nanos(Launcher.number(transfer, "endPs")) - begin));
            }
            assertThat(of(rows(answers, 2), name))
                    .extracting(row -> row.get("ts") + " for " + row.get("dur"))
                    .containsExactlyElementsOf(transfers);
            Map<String, Long> phases = new TreeMap<>();
            Launcher.phases(run).forEach((phase, picos) -> phases.put(phase, nanos(picos.longValue())));
            phases.remove("outside transfers");
            Map<String, Long> slices = new TreeMap<>();
            of(rows(answers, 3), name)
                    .forEach(row -> slices.put(String.valueOf(row.get("phase")), Launcher.number(row, "dur")));
            assertThat(slices).as(name).isEqualTo(phases);
        }
    }

    /// The demo's clock is of whole nanoseconds, so that no phase is rounded.
    private static long nanos(long picos) {
        assertThat(picos % PICOS_PER_NANO).isZero();
        return picos / PICOS_PER_NANO;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rows(Object answers, int query) {
        return ((List<List<Map<String, Object>>>) answers).get(query);
    }

    private static List<Map<String, Object>> of(List<Map<String, Object>> rows, String run) {
        return rows.stream().filter(row -> run.equals(row.get("run"))).toList();
    }

    @Test
    void chromiumShowsTheReport() throws IOException, InterruptedException {
        Launcher.need("chromium", "chromium");
        Launcher.Done done = launcher.run(
                Map.of(),
                List.of(
                        "chromium",
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--host-resolver-rules=MAP * ~NOTFOUND",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--enable-logging=stderr",
                        "--dump-dom",
                        folder.resolve("out/demo.html").toUri().toString()));
        done.endsWith(0);
        assertThat(done.err()).doesNotContain("CONSOLE");
        assertThat(done.out())
                .contains("data-timelines=\"4\"", "All 4 runs as expected")
                .contains("pio", "burst", "cycle-stealing", "transparent");
    }
}
