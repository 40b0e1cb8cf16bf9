package flyby.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Scenario files, good, wrong and hostile.
final class ScenarioReaderTest {
    private static final String GOOD = """
            title: A sum
            about: |
              Two
              lines.
            kind: sum
            seed: 0x10
            parameters:
              byte:
                time: 2 ns
              runs: [slow, fast]
            expect:
              ok: true
              faster: [fast, slow]
            """;

    private static Scenario read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Scenario read(byte[] bytes) {
        Registry registry = new Registry(List.of(new SumExperiment()));
        return new ScenarioReader(registry, (name, _) -> Input.bytes(name, new byte[3])).read("a", "a.yaml", bytes);
    }

    private static void refused(String text, String start) {
        assertThatThrownBy(() -> read(text).settings(List.of()))
                .as(text)
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith(start);
    }

    @Test
    void aGoodFileIsRead() {
        Scenario scenario = read(GOOD);
        assertThat(scenario.about()).isEqualTo("Two lines.");
        assertThat(scenario.seed()).isEqualTo(16);
        assertThat(scenario.settings(List.of()).picos("byte.time")).isEqualTo(2_000);
        assertThat(scenario.settings(List.of()).choices("runs")).containsExactly("slow", "fast");
        assertThat(scenario.settings(List.of()).resolved("byte.time").origin().label())
                .isEqualTo("a.yaml:9");
        assertThat(scenario.expectations()).hasSize(2);
    }

    @Test
    void dottedKeysAreTheSameAsNested() {
        assertThat(read("title: t\nkind: sum\nparameters:\n  byte.time: 3 ns\n")
                        .settings(List.of())
                        .picos("byte.time"))
                .isEqualTo(3_000);
    }

    @Test
    void whatIsWrongIsNamedWithItsPlace() {
        String head = "title: t\nkind: sum\n";
        refused("", "a.yaml:1:1: found nothing");
        refused("- a\n", "a.yaml:1:1: found a list");
        refused("title: t\n", "a.yaml:1:1: found no kind");
        refused("title: t\nkind: summ\n", "a.yaml:2:7: found unknown kind \"summ\", expected one of sum; did you mean");
        refused(head + "sed: 1\n", "a.yaml:3:1: found unknown key \"sed\"");
        refused(head + "seed: -1\n", "a.yaml:3:7: found \"-1\" as seed");
        refused(head + "parameters: 7\n", "a.yaml:3:13: found a single value");
        refused(head + "parameters:\n  byte: 7\n", "a.yaml:4:3: found unknown parameter \"byte\"");
        refused(head + "parameters:\n  byte:\n    tme: 7 ns\n", "a.yaml:5:5: found unknown parameter \"byte.tme\"");
        refused(head + "parameters:\n  byte.time: 7\n", "a.yaml:4:14: found 7 without a unit");
        refused(head + "parameters:\n  byte.time:\n", "a.yaml:4:13: found \"\" for byte.time");
        refused(
                head + "parameters:\n  byte.time: 1 ns\n  byte:\n    time: 2 ns\n",
                "a.yaml:6:5: found \"byte.time\" again, after a.yaml:4");
        refused(head + "title: u\n", "a.yaml:3:1: found \"title\" again, after line 1");
        refused(head + "expect: 5\n", "a.yaml:3:9: found a single value");
        refused(head + "expect:\n  okay: true\n", "a.yaml:4:3: found unknown check \"okay\"");
        refused(head + "expect:\n  ok: maybe\n", "a.yaml:4:7: found \"maybe\"");
        refused(head + "expect:\n  faster: [fast, slw]\n", "a.yaml:4:3: found unknown run \"slw\"");
        refused(head + "\tseed: 1\n", "a.yaml:3:1: found no valid YAML");
        refused(head + "---\nx: 1\n", "a.yaml:3:1: found a second document");
        refused("a: &x [1]\n", "a.yaml:1:4: found an anchor or alias");
        refused("a: !!java.net.URL [x]\n", "a.yaml:1:4: found a tag");
        refused("[a]: 1\n", "a.yaml:1:1: found a list as a key");
        refused("title: \u0007\n", "a.yaml:1:8: found the character U+0007");
    }

    @Test
    void bytesThatAreNotUtf8AreNamedWithTheirPlace() {
        byte[] bytes = "title: a\nkind: x\n".getBytes(StandardCharsets.ISO_8859_1);
        bytes[15] = (byte) 0xff;
        assertThatThrownBy(() -> read(bytes))
                .hasMessage("a.yaml:2:7: found bytes that are not UTF-8, expected UTF-8 text");
    }

    @Test
    void hostileFilesCostNothing() {
        StringBuilder laughs = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char c = 'b'; c <= 'z'; c++) {
            String before = "*" + (char) (c - 1);
            laughs.append(c).append(": &").append(c).append(" [");
            laughs.append(String.join(", ", List.of(before, before, before, before)))
                    .append("]\n");
        }
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            refused(laughs.toString(), "a.yaml:1:4: found an anchor or alias");
            refused("[".repeat(200_000), "a.yaml:1:26: found more than 24 levels");
            refused("{a: ".repeat(200_000), "a.yaml:1:");
            refused("- ".repeat(200_000), "a.yaml:1:");
            refused("? ".repeat(200_000), "a.yaml:1:");
            refused("x".repeat(2_000_000), "a.yaml:1:1: found more than 1 MiB");
            refused("k".repeat(500_000) + ": 1\n", "a.yaml:1:");
            refused("title: " + "\"\\x41".repeat(100_000), "a.yaml:");
        });
    }

    @Test
    void anyFileGivesAScenarioOrALabExceptionWithItsPlace() {
        SplittableRandom random = new SplittableRandom(4);
        String pieces = ":-[]{}#&*!|>'\"%@`,? \n\t\u0085\ufeff\u00e9x1.";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(GOOD);
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                int at = random.nextInt(text.length());
                int end = Math.min(text.length(), at + random.nextInt(6));
                String with = String.valueOf(pieces.charAt(random.nextInt(pieces.length())));
                text.replace(at, end, random.nextBoolean() ? with : with + with + "\n" + with);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                read(bytes).settings(List.of());
            } catch (LabException refused) {
                assertThat(refused.getMessage()).containsPattern("a\\.yaml:[0-9]+:[0-9]+: found ");
            }
        }
    }
}
