package flyby.judge;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever somebody types or writes into a scenario file, it is used or refused: never an internal fault.
///
/// Repeat a failure with the `-Dflyby.seed` of its message; `-Dflyby.long=true` tries a hundred times as much.
@Timeout(value = 60, unit = TimeUnit.MINUTES)
final class GarbageTest {
    private static final int CASES = Launcher.isLong() ? 30_000 : 300;

    /// What is random about a case is put between what has a meaning: only so does it get past the first check.
    private static final List<String> WORDS = List.of(
            "run",
            "demo",
            "list",
            "version",
            "help",
            "stale-read",
            "lost-write",
            "--json",
            "--help",
            "--seed",
            "7",
            "-1",
            "0xffffffffffffffff",
            "--set",
            "cure=true",
            "cure=maybe",
            "runs=pio",
            "runs=",
            "driver.buffer=1B",
            "driver.buffer=-1B",
            "driver.buffer=99999999999999999999GiB",
            "machine.clock=0Hz",
            "machine.clock=NaN",
            "machine.clock=1e3MHz",
            "machine.bus.width=3B",
            "machine.bus.width=8B",
            "machine.cache.size=32KiB",
            "machine.cache.line=8B",
            "machine.device.fifo=8B",
            "machine.profile=board-noncoherent",
            "machine.memory.size=2GiB",
            "machine.work.internal-clocks=0",
            "machine.work.bus-cycles=0",
            "machine.bus.dma-cycle-clocks=1",
            "=",
            "a=b=c",
            "--trace",
            "vcd",
            "all",
            "report,,json",
            "--",
            "-",
            "@x",
            "",
            "\u0000",
            "\u202e\u00e9\ud83d\ude00",
            "%s%n",
            "*",
            "--input",
            "--input=/dev/null",
            "--explain",
            "8237",
            "--vectors",
            "--vectors=/dev/null",
            "--clock=5MHz",
            "--clock=-1MHz",
            "--quiet",
            "validate",
            "isa",
            "--only=1.2,1.37",
            "--list",
            "machine.profile=pc-xt-1983",
            "machine.profile=at-chipset",
            "machine.dma.wait-states=1000",
            "machine.dma.compressed=true",
            "show",
            "machines",
            "desktop-switch",
            "engine-copy",
            "machine.root-ports=none",
            "machine.root-ports.slot0.link.width=x16",
            "machine.switches.switch0.ports.left.switch=switch0",
            "machine.iommu.mode=strict",
            "machine.memory.size=1GiB");

    private static final String VECTORS = """
            # Channel 2 asks, and is masked; then it is unmasked and served.
            CS IOW A DB DREQ HLDA READY | STATE HRQ DACK ADSTB EOP
            2* 1 1 0 zz 0100 0 1 | SI 0 1111 0 1
            0 0 a 02 0100 0 1
            1 1 0 zz 0100 0 1 | SI 0>1 1111 0 1
            9* 1 1 0 zz 0100 1 1
            """;

    private static final String MACHINE = """
            title: Two engines behind a switch
            kind: engine-copy
            machine:
              profile: server-2s
              cpu.cores: 4
              iommu: {mode: strict, page-sizes: [4K, 2M], page-size: 2M}
              root-ports:
                slot0: none
                slot1: {link: {generation: gen4, width: x16, mps: 512 B}, functions: none, switch: fan-out}
              switches:
                fan-out:
                  ports:
                    a: {functions: {first: {device: copy-engine}}}
                    b: {functions: {second: {number: 0, mrrs: 4 KiB}}}
            """;

    private static final String CHARACTERS = "a0 :-[]{}#&*!|>'\"%@`,?\n\t.=/\\\u0000\u00e9\u2028~9BKMi";

    @TempDir
    private Path folder = Path.of("");

    private String small = "";

    @BeforeEach
    void makeInput() throws IOException {
        small = Files.writeString(folder.resolve("small"), "thirty-seven bytes to move, more or les")
                .toString();
    }

    @Test
    void argumentsAreUsedOrRefused() {
        Property.check(CASES, choices -> {
            List<String> arguments = new ArrayList<>();
            long count = choices.below(8);
            for (long i = 0; i < count; i++) {
                String word = choices.pick(WORDS);
                arguments.add(choices.chance(1, 4) ? mutated(choices, word, 1) : word);
            }
            if (choices.chance(1, 2)) {
                arguments.addFirst(choices.pick("demo", "stale-read", "lost-write"));
                arguments.addFirst("run");
                arguments.add("--input=" + small);
            }
            // What writes files writes them where the test may.
            if (arguments.contains("demo") || arguments.stream().anyMatch(word -> word.startsWith("--t"))) {
                arguments.add("--out=" + folder.resolve("out"));
            }
            assertUsedOrRefused(arguments);
        });
    }

    @Test
    void scenarioFilesAreUsedOrRefused() {
        Path file = folder.resolve("garbage.yaml");
        Property.check(CASES, choices -> {
            String text = shipped(choices.pick("demo", "stale-read", "lost-write"));
            try {
                Files.writeString(file, mutated(choices, text, 4), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertUsedOrRefused(List.of("run", file.toString(), "--json", "--input", small));
        });
    }

    @Test
    void machinesAreUsedOrRefused() {
        Path file = folder.resolve("machine.yaml");
        Property.check(CASES, choices -> {
            try {
                Files.writeString(file, mutated(choices, MACHINE, 4), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertUsedOrRefused(List.of("show", file.toString()));
        });
    }

    @Test
    void vectorFilesAreUsedOrRefused() {
        Path file = folder.resolve("garbage.txt");
        Property.check(CASES, choices -> {
            try {
                Files.writeString(file, mutated(choices, VECTORS, 4), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertUsedOrRefused(List.of("8237", "--vectors", file.toString(), "--json"));
        });
    }

    private static void assertUsedOrRefused(List<String> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(
                arguments.toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        String said = err.toString(StandardCharsets.UTF_8);
        assertThat(status).as("%s: %s", arguments, said).isBetween(0, 2);
        assertThat(said).as("%s", arguments).doesNotContain("\tat ", "java.", "Exception");
        if (status == 2) {
            assertThat(said).as("%s", arguments).startsWith("flyby: ").endsWith("\n");
            assertThat(said.lines().count()).as("%s: %s", arguments, said).isLessThanOrEqualTo(3);
            assertThat(out.size())
                    .as("%s: nothing on standard output", arguments)
                    .isZero();
        }
    }

    private static String shipped(String scenario) {
        String path = "/flyby/scenarios/" + scenario + ".yaml";
        try (InputStream in = flyby.study.ScenarioLibrary.class.getResourceAsStream(path)) {
            assertThat(in).as(path).isNotNull();
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `text` with up to `most` changes: characters put in, taken out or doubled, the rest cut off.
    private static String mutated(Choices choices, String text, int most) {
        StringBuilder changed = new StringBuilder(text);
        for (long left = choices.between(1, most); left > 0; left--) {
            int at = (int) choices.below(changed.length() + 1L);
            int to = (int) Math.min(changed.length(), at + choices.below(12));
            switch ((int) choices.below(4)) {
                case 0 -> changed.insert(at, CHARACTERS.charAt((int) choices.below(CHARACTERS.length())));
                case 1 -> changed.delete(at, to);
                case 2 -> changed.insert(at, changed.substring(at, to));
                default -> changed.setLength(at);
            }
        }
        return changed.toString();
    }
}
