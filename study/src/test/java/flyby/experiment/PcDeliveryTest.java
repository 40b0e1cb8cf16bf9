package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The demo's experiment on PCs.
///
/// Clock counts of the XT were worked out by hand for 64 bytes, with a CPU that halts and no refresh. A register of
/// four bytes takes 10 clocks and four bus cycles of 4, a port 10 and 5, the way into an interrupt handler 12 bus
/// cycles and 33 clocks, the way out 36. DREQ is sampled as the channel is unmasked, in SI; HRQ rises half a clock
/// later, is seen at the next edge, and HLDA comes a clock after that; it is sampled half a clock later, and S1
/// follows at the next clock.
final class PcDeliveryTest {
    private static final long XT_CLOCK = 210_000;
    private static final long REGISTER = 10 + 4 * 4;
    private static final long PORT = 10 + 5;

    /// The BIOS: master clear, command. Two halves of the length, and the device's start.
    private static final long BEFORE = 2 * PORT + 3 * REGISTER;

    /// Mask, flip-flop, mode, page, two bytes of address, two of count, unmask.
    private static final long PROGRAM = 9 * PORT;

    /// SI, S0 for HOLD and HLDA.
    private static final long TO_S1 = 3;

    /// TC comes before, but the CPU has the bus a clock after S4; then entry, one register, exit.
    private static final long AFTER_S4 = 1 + 12 * 4 + 33 + REGISTER + 36;

    private static final String[] QUIET = {
        "machine.work.bus-cycles=0", "machine.work.internal-clocks=0", "machine.refresh.on=false"
    };

    /// S1, then S2, S3, SW, S4 for each byte: A8 to A15 do not change.
    @Test
    void aBlockTakesFourClocksAByteOnAnXt() {
        RunResult burst = run("pc-xt-1983", "burst", 64, QUIET);

        assertThat(burst.elapsedPicos()).isEqualTo((BEFORE + PROGRAM + TO_S1 + 1 + 4 * 64 + AFTER_S4) * XT_CLOCK);
        assertThat(Runs.figure(burst, "interruptCount")).isEqualTo(1);
    }

    /// S1, S2, S3, SW, S4; HRQ falls in S4 and rises in SI after it, but the bus is given back a clock after S4,
    /// and HLDA comes a clock after that: S0 twice.
    @Test
    void aSingleTransferTakesEightClocksOnAnXt() {
        RunResult stealing = run("pc-xt-1983", "cycle-stealing", 64, QUIET);

        assertThat(stealing.elapsedPicos()).isEqualTo((BEFORE + PROGRAM + TO_S1 + 5 + 8 * 63 + AFTER_S4) * XT_CLOCK);
    }

    /// The CPU has the bus again, and programs the next buffer, before a slow controller has left S4.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 16, 20})
    void aSlowControllerMissesNoRegisterAccess(int divider) {
        for (String run : new String[] {"burst", "cycle-stealing"}) {
            RunResult slow =
                    run("pc-xt-1983", run, 3_000, "machine.dma.clock-divider=" + divider, "driver.buffer=256B");
            assertThat(slow.ok()).as(run).isTrue();
        }
    }

    /// Refresh leaves no bus time in which a transfer could hide.
    @Test
    void aStarvedTransferIsStuckAndSaysWhy() {
        assertThatThrownBy(() -> run("pc-at-1984", "transparent", 64, "machine.refresh.period=1us"))
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("transparent gets nowhere: nothing has moved for 60 s of simulated time")
                .hasMessageContaining("second controller: HLDA never came: HRQ has been up for channel 1");
    }

    /// Ampro's 5 + 2.5 + 1.5 clocks of 125 ns: 0.89 million transfers a second.
    @Test
    void aSingleTransferTakesNineClocksOnAChipSet() {
        RunResult some = run("at-chipset", "cycle-stealing", 64, QUIET);
        RunResult more = run("at-chipset", "cycle-stealing", 128, QUIET);

        assertThat(more.elapsedPicos() - some.elapsedPicos()).isEqualTo(32 * 9 * 125_000L);
    }

    /// Four of 72 clocks are refresh.
    @Test
    void refreshCostsAnXtASteadyShareOfItsBus() {
        RunResult pio = run("pc-xt-1983", "pio", 20_000);

        assertThat(Runs.figure(pio, "busDmaPercent")).isBetween(5.55, 5.56);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc-xt-1983", "pc-at-1984", "at-8mhz", "at-chipset"})
    void everyByteArrivesAndEveryPicosecondIsAccountedFor(String profile) {
        for (int byteCount : new int[] {0, 1, 2, 3, 4095, 4096, 4097, 66_001}) {
            ScenarioResult demo =
                    Runs.run("demo", Runs.bytes(byteCount), "machine.profile=" + profile, "driver.buffer=64 KiB");

            assertThat(demo.ok()).isTrue();
            assertThat(demo.runs()).hasSize(4);
            for (RunResult run : demo.runs()) {
                assertThat(run.phasesPicos().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isEqualTo(run.elapsedPicos());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pc-xt-1983, machine.dma.compressed=true",
        "pc-xt-1983, machine.dma.extended-write=true",
        "pc-xt-1983, machine.dma.rotating=true",
        "pc-xt-1983, machine.dma.wait-states=0",
        "pc-xt-1983, machine.dma.channel=3",
        "pc-xt-1983, driver.buffer=3 B",
        "pc-at-1984, machine.dma.channel=1",
        "pc-at-1984, machine.dma.channel=7",
        "pc-at-1984, machine.dma.integrated=true",
        "pc-at-1984, driver.buffer=2 B",
        "at-chipset, machine.refresh.period=2 us",
        "at-chipset, driver.process=read"
    })
    void everySettingDelivers(String profile, String setting) {
        assertThat(Runs.run("demo", Runs.bytes(1_001), "machine.profile=" + profile, setting)
                        .ok())
                .isTrue();
    }

    /// Single mode waits for DREQ.
    @ParameterizedTest
    @ValueSource(strings = {"pc-xt-1983", "pc-at-1984"})
    void aSlowMediumIsWaitedFor(String profile) {
        ScenarioResult demo = Runs.run(
                "demo",
                Runs.bytes(1_001),
                "machine.profile=" + profile,
                "machine.device.byte-time=10 us",
                "runs=pio,cycle-stealing,transparent");

        assertThat(demo.ok()).isTrue();
        for (RunResult run : demo.runs()) {
            assertThat(run.elapsedPicos()).isGreaterThan(1_001 * 10_000_000L);
        }
    }

    /// No wire tells an 8237A in block mode to wait for a byte that is not there yet.
    @Test
    void aBlockFromASlowMediumIsRefused() {
        assertThatThrownBy(() -> run("pc-xt-1983", "burst", 10, "machine.device.byte-time=10 us"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("block mode");
    }

    @Test
    void equalRunsHaveEqualTraces() {
        byte[] input = Runs.bytes(5_000);
        String pc = "machine.profile=pc-at-1984";

        assertThat(Runs.run("demo", input, pc).traceHash())
                .isEqualTo(Runs.run("demo", input, pc).traceHash())
                .isNotEqualTo(
                        Runs.run("demo", input, pc, "machine.refresh.on=false").traceHash());
    }

    private static RunResult run(String profile, String name, int byteCount, String... settings) {
        String[] all = Stream.concat(Stream.of("machine.profile=" + profile, "runs=" + name), Arrays.stream(settings))
                .toArray(String[]::new);
        return Runs.named(Runs.run("demo", Runs.bytes(byteCount), all), name);
    }
}
