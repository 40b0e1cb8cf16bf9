package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The demo's experiment. Clock counts were worked out by hand for 64 bytes, 32 words of two, on the 8 MHz board: a
/// register access of four bytes takes 10 clocks and two bus cycles of 4, a DMA cycle 4, the way into an interrupt
/// handler 7 bus cycles and 33 clocks, the way out 24.
final class DeliveryTest {
    private static final long CLOCK = 125_000;

    /// Until the transfer's begin: two halves of the length, and the device's start.
    private static final long BEFORE = 3 * 18;

    /// Address, count, mode, start.
    private static final long PROGRAM = 4 * 18;

    private static final long TO_HANDLER = 7 * 4 + 33;
    private static final long HANDLER = 2 * 18;
    private static final long RETURN = 24;
    private static final String[] HALTING = {"machine.work.bus-cycles=0", "machine.work.internal-clocks=0"};

    /// Four rounds of: read the level (18 clocks), then eight words of 9 + 4 + 4 clocks, as the FIFO holds 16
    /// bytes.
    @Test
    void programmedIoTakesTheCpuAWordAtATime() {
        RunResult pio = run("pio", HALTING);

        assertThat(pio.elapsedPicos()).isEqualTo((BEFORE + 4 * (18 + 8 * 17)) * CLOCK);
        assertThat(Runs.figure(pio, "interruptCount")).isZero();
    }

    /// HLDA one clock after HOLD, then a word every four clocks; the CPU has its bus back a clock after the last.
    @Test
    void aBurstTakesFourClocksAWord() {
        RunResult burst = run("burst", HALTING);

        assertThat(burst.elapsedPicos())
                .isEqualTo((BEFORE + PROGRAM + 1 + 4 * 32 + 1 + TO_HANDLER + HANDLER + RETURN) * CLOCK);
        assertThat(burst.phasesPicos())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "outside transfers", BEFORE * CLOCK,
                        "driver", PROGRAM * CLOCK,
                        "bus wait", CLOCK,
                        "bus transfer", 4 * 32 * CLOCK,
                        "interrupt", (1 + TO_HANDLER) * CLOCK,
                        "handler", HANDLER * CLOCK,
                        "wake-up", RETURN * CLOCK));
        assertThat(Runs.figure(burst, "interruptCount")).isEqualTo(1);
        assertThat(Runs.figure(burst, "busDmaPs")).isEqualTo(4 * 32 * CLOCK);
    }

    /// Six clocks a word: HLDA, the word's four, and one to give the bus back. As the 8237A's single mode at its
    /// best.
    @Test
    void cycleStealingTakesSixClocksAWord() {
        assertThat(run("cycle-stealing", HALTING).elapsedPicos())
                .isEqualTo((BEFORE + PROGRAM + 6 * 32 + TO_HANDLER + HANDLER + RETURN) * CLOCK);
    }

    @Test
    void transparentTransfersOfAHaltedCpuTakeFourClocksAWord() {
        assertThat(run("transparent", HALTING).elapsedPicos())
                .isEqualTo((BEFORE + PROGRAM + 4 * 32 + TO_HANDLER + HANDLER + RETURN) * CLOCK);
    }

    /// Units of 4 + 6 clocks. The CPU starts a unit as the controller asks; HLDA comes 4 clocks later. The CPU
    /// wants the bus after 6 more, has it a clock after the burst, finishes that bus cycle, and only then takes the
    /// interrupt.
    @Test
    void aBurstStallsWorkingCpu() {
        RunResult burst = run("burst");

        assertThat(burst.elapsedPicos())
                .isEqualTo((BEFORE + PROGRAM + 4 + 4 * 32 + 1 + 4 + TO_HANDLER + HANDLER + RETURN) * CLOCK);
        assertThat(Runs.figure(burst, "cpuStallPs")).isEqualTo((4 * 32 + 1 - 6) * (double) CLOCK);
        assertThat(Runs.figure(burst, "cpuWorkUnits")).isEqualTo(1);
    }

    /// A unit is 4 clocks of bus and 6 without, of which a word takes 4: one word for each of the CPU's units, 10
    /// clocks apart, the first 4 clocks after the start. The interrupt comes 8 clocks into the 32nd unit.
    @Test
    void transparentTransfersDoNotStallAWorkingCpu() {
        RunResult transparent = run("transparent");

        assertThat(Runs.figure(transparent, "cpuStallPs")).isZero();
        assertThat(transparent.elapsedPicos())
                .isEqualTo((BEFORE + PROGRAM + 10 * 32 + TO_HANDLER + HANDLER + RETURN) * CLOCK);
        assertThat(Runs.figure(transparent, "cpuWorkUnits")).isEqualTo(32);
    }

    @Test
    void theModesDifferAsTheTextbookSays() {
        ScenarioResult demo = Runs.run("demo", Runs.bytes(20_000));
        RunResult pio = Runs.named(demo, "pio");
        RunResult burst = Runs.named(demo, "burst");
        RunResult stealing = Runs.named(demo, "cycle-stealing");
        RunResult transparent = Runs.named(demo, "transparent");

        assertThat(burst.elapsedPicos()).isLessThan(stealing.elapsedPicos());
        assertThat(stealing.elapsedPicos()).isLessThan(transparent.elapsedPicos());
        assertThat(transparent.elapsedPicos()).isLessThan(pio.elapsedPicos());
        assertThat(work(pio)).isZero();
        assertThat(work(burst)).isLessThan(work(stealing));
        assertThat(work(stealing)).isLessThan(work(transparent));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4095, 4096, 4097, 65_535, 65_536, 65_537, 200_001})
    void everyByteArrivesAndEveryPicosecondIsAccountedFor(int byteCount) throws Exception {
        byte[] input = Runs.bytes(byteCount);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(input));
        for (String process : new String[] {"hand-over", "read"}) {
            ScenarioResult demo = Runs.run("demo", input, "driver.buffer=64 KiB", "driver.process=" + process);

            assertThat(demo.ok()).isTrue();
            assertThat(demo.runs()).hasSize(4);
            for (RunResult run : demo.runs()) {
                assertThat(run.sha256()).isEqualTo(sha256);
                assertThat(run.bytes()).isEqualTo(byteCount);
                assertThat(run.phasesPicos().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isEqualTo(run.elapsedPicos());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 B", "3 B", "7 B", "1000 B"})
    void anyBufferWillDo(String buffer) {
        assertThat(Runs.run("demo", Runs.bytes(1_001), "driver.buffer=" + buffer)
                        .ok())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 B", "2 B", "4 B", "8 B"})
    void anyBusWidthWillDo(String width) {
        assertThat(Runs.run("demo", Runs.bytes(1_001), "machine.bus.width=" + width)
                        .ok())
                .isTrue();
    }

    @Test
    void aSlowMediumIsWaitedFor() {
        ScenarioResult demo = Runs.run("demo", Runs.bytes(1_001), "machine.device.byte-time=10 us");

        assertThat(demo.ok()).isTrue();
        for (RunResult run : demo.runs()) {
            assertThat(run.elapsedPicos()).isGreaterThan(1_001 * 10_000_000L);
            // While it waits for the device, burst mode keeps the bus, and the CPU without it.
            assertThat(work(run) < 5)
                    .isEqualTo(run.name().equals("pio") || run.name().equals("burst"));
        }
    }

    @Test
    void equalRunsHaveEqualTraces() {
        byte[] input = Runs.bytes(5_000);

        assertThat(Runs.run("demo", input).traceHash())
                .isEqualTo(Runs.run("demo", input).traceHash())
                .isNotEqualTo(Runs.run("demo", input, "machine.clock=7 MHz").traceHash());
    }

    @Test
    void transparentTransfersThatCanNeverRunAreRefused() {
        assertThatThrownBy(() -> Runs.run("demo", Runs.bytes(10), "machine.work.internal-clocks=3"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("transparent");
    }

    private static double work(RunResult run) {
        return Runs.figure(run, "cpuWorkPercentOfIdle");
    }

    private static RunResult run(String name, String... settings) {
        String[] all = java.util.Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = "runs=" + name;
        return Runs.named(Runs.run("demo", Runs.bytes(64), all), name);
    }
}
