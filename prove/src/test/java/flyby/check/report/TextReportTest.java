package flyby.check.report;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.check.CallSite;
import flyby.check.Evidence;
import flyby.check.Finding;
import flyby.check.Rule;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person sees.
final class TextReportTest {
    @TempDir
    private Path folder;

    private String text(CheckResult result) {
        return TextReport.text(result, Sample.tree(folder), false);
    }

    @Test
    void oneBugIsOneReport() {
        assertThat(text(Sample.result(Sample.early()))).isEqualTo("""
                R41 stale: cpu0 read 1 byte at 0x12000 that is older than what card0 has written there
                  rule    Before the CPU reads what the device has written: sync for the CPU, or unmap.

                    --> zoo/src/main/java/toy/ToyDriver.java:9  ToyDriver.receive
                        |
                      7 |         await(done);
                      8 |         // The packet is here.
                      9 |         int length = cpu.load8(buffer); // BUG
                        |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ cpu0 at 12.35 us
                  called  ToyDriver.receive:10 | deliver(length);

                  before  1.234 us  64 bytes at 0x12000 are mapped FROM_DEVICE, as 0x12000
                                    ToyDriver.receive:5 | long mapped = dma.mapSingle(buf, 64, FROM_DEVICE);
                              9 us  card0 wrote 64 bytes at 0x12000

                  line    2 us  line 0x12000 came into the cache of cpu0, by prefetch

                  bytes   expected  45
                          seen      00
                                    ^^

                  do      Call dma_sync_single_for_cpu(), or unmap, before this line.

                toy: 1 finding: R41
                again: ./flyby check toy --seed 7
                """);
    }

    @Test
    void bytesStandAboveEachOther() {
        assertThat(ByteRows.of("00112233445566778899aabbccddeeff", "0011 2233 0055 6677 8899 aabb ccdd eeff"))
                .containsExactly(
                        "expected  00 11 22 33 44 55 66 77  88 99 aa bb cc dd ee ff",
                        "seen      00 11 22 33 00 55 66 77  88 99 aa bb cc dd ee ff",
                        "                      ^^");
        assertThat(ByteRows.of("0102", "01")).containsExactly("expected  01 02", "seen      01 --", "             ^^");
        assertThat(ByteRows.of("", "")).isEmpty();
        assertThat(ByteRows.of("01 02 ...", "01 02 ..."))
                .containsExactly("expected  01 02", "seen      01 02", "... of more bytes");
        assertThat(ByteRows.of("a counter of 5", "3")).containsExactly("expected  a counter of 5", "seen      3");
    }

    @Test
    void equalRowsAreCounted() {
        String zeros = "00".repeat(64);
        String seen = "00".repeat(40) + "07" + "00".repeat(23);

        assertThat(ByteRows.of(zeros, seen))
                .containsExactly(
                        "... 32 equal bytes",
                        "+32   expected  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00",
                        "      seen      00 00 00 00 00 00 00 00  07 00 00 00 00 00 00 00",
                        "                                         ^^",
                        "... 16 equal bytes");
        assertThat(ByteRows.of("00".repeat(4096), "11".repeat(4096)))
                .hasSize(8 * 3 + 1)
                .last()
                .isEqualTo("... 3968 more bytes");
    }

    @Test
    void severalAreNumberedAndCounted() {
        assertThat(text(Sample.result(Sample.early(), Sample.leak(), Sample.leak())))
                .contains("1 of 3  R41 stale: ", "2 of 3  R22 leak: ", "3 of 3  R22 leak: ")
                .endsWith("""
                        toy: 3 findings: R41, R22 (2)
                        again: ./flyby check toy --seed 7
                        """);
    }

    @Test
    void withoutALineThePartyIsNamed() {
        assertThat(text(Sample.result(Sample.leak()))).isEqualTo("""
                R22 leak: 64 bytes at 0x12000 are still mapped for card0
                  rule    Every map that succeeds needs exactly one unmap.

                  by      card0 at 99 us, in no line of a driver

                  before  1.234 us  64 bytes at 0x12000 are mapped FROM_DEVICE, as 0x12000
                                    ToyDriver.receive:5 | long mapped = dma.mapSingle(buf, 64, FROM_DEVICE);

                toy: 1 finding: R22
                again: ./flyby check toy --seed 7
                """);
    }

    @Test
    void withoutTheSourceTheLineIsNamed() {
        CallSite elsewhere = new CallSite("Other", "probe", "other/Other.java", 3);
        Finding finding = new Finding(
                Rule.R3, Evidence.MAP, "a map without mask", "cpu0", elsewhere, 5, List.of(), List.of(), "", "", "");

        assertThat(text(Sample.result(finding)))
                .contains("    --> other/Other.java:3  Other.probe\n  by      cpu0 at 5 ps\n");
    }

    @Test
    void nothingMovesTheCursor() {
        Finding finding = new Finding(
                Rule.R3,
                Evidence.MAP,
                "a device called \u001b[2J",
                "card\n0",
                CallSite.NONE,
                5,
                List.of(),
                List.of(),
                "",
                "",
                "");

        assertThat(text(Sample.result(finding)))
                .contains("called \\{1b}[2J", "card\\{a}0")
                .doesNotContain("\u001b");
    }

    @Test
    void coloursOnlyAddColour() {
        String plain = text(Sample.result(Sample.early()));
        String coloured = TextReport.text(Sample.result(Sample.early()), Sample.tree(folder), true);

        assertThat(coloured).contains("\u001b[31;1mR41 stale\u001b[0m");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
    }

    @Test
    void linesFitATerminal() {
        assertThat(text(Sample.result(Sample.early(), Sample.leak())).lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void aCheckThatWasCutShortSaysSo() {
        CheckResult result = new CheckResult("0.1.0", "toy", "", "stopped by the user", List.of());

        assertThat(text(result)).isEqualTo("cut short: stopped by the user\ntoy: nothing found until then\n");
        assertThat(text(Sample.result())).isEqualTo("toy: nothing found\n");
    }
}
