package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import flyby.study.ScenarioRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files on diskettes, on PCs old and new.
final class FloppyTransferTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 5_000, 40_000})
    void everyByteIsWrittenAndReadBack(int byteCount) {
        ScenarioResult result = Runs.run("floppy", Runs.bytes(byteCount));

        assertThat(result.ok()).isTrue();
        assertThat(result.runs()).hasSize(4);
        for (RunResult run : result.runs()) {
            assertThat(run.bytes()).isEqualTo(byteCount);
            assertThat(run.phasesPicos().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(run.elapsedPicos());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pc-at-1984", "at-8mhz", "at-chipset"})
    void otherPcsDoItToo(String profile) {
        assertThat(Runs.run("floppy", Runs.bytes(10_000), "machine.profile=" + profile)
                        .ok())
                .isTrue();
    }

    /// 18 sectors of a track are in one buffer: they pass in one turn. Before the first, the head is loaded in 16
    /// ms, and then at most a turn goes by.
    @Test
    void aTrackTakesOneTurnAndTheWayToItsFirstSector() {
        RunResult run = Runs.run("floppy", Runs.bytes(18 * 512), "runs=read-500k")
                .runs()
                .getFirst();

        // A sector is 682 bytes of 16 us, of which the last lacks its gap.
        assertThat(Runs.figure(run, "meanSectorPs") * 18)
                .isBetween((18 * 682 - 108) * 16e6, (18 * 682 - 108) * 16e6 + 217e9);
    }

    /// The buffer of one sector: by the time the driver asks for the next, it has passed or not; it comes in the
    /// end.
    @Test
    void aBufferOfOneSectorWillDo() {
        assertThat(Runs.run("floppy", Runs.bytes(3_000), "driver.buffer=512 B").ok())
                .isTrue();
    }

    @Test
    void aChannelThatIsTooSlowIsAnOverrunAtTheFastRateOnly() {
        ScenarioResult result = Runs.run("floppy", Runs.bytes(1_000), "machine.dma.wait-states=90");

        for (RunResult run : result.runs()) {
            boolean isFast = run.name().endsWith("500k");
            assertThat(run.ok()).as(run.name()).isEqualTo(!isFast);
            if (isFast) {
                assertThat(run.findings().getFirst().title()).contains("overrun");
                // The first command failed.
                assertThat(run.bytes()).isZero();
                assertThat(Runs.figure(run, "throughputBytesPerSecond")).isZero();
                assertThat(Runs.figure(run, "sectorCount")).isZero();
                assertThat(Runs.figure(run, "meanSectorPs")).isZero();
            }
        }
    }

    @Test
    void aFileThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> Runs.run("floppy", Runs.bytes(737_281), "runs=read-250k"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("test: found 737281 bytes, expected at most 737280");
    }

    @Test
    void aFileTooLargeForALaterRunIsRefusedBeforeTheFirst() {
        var nothingFinishes = new ScenarioRunner.Watcher() {
            @Override
            public void finished(RunResult result) {
                throw new AssertionError(result.name() + " was simulated");
            }
        };
        assertThatThrownBy(() -> Runs.watched(nothingFinishes, "floppy", Runs.bytes(737_281)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("at most 737280");
    }
}
