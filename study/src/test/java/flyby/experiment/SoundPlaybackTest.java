package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import flyby.wav.WavFile;
import flyby.wav.WavFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// WAV files on the sound card. Gaps are measured by a recorder at its output.
final class SoundPlaybackTest {
    private static final WavFormat SPEECH = new WavFormat(1, 11_025, 8);

    /// No sample, less than a half, halves and a rest: 4 KiB are two halves of 2,048.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 2_047, 2_048, 2_049, 4_096, 5_000, 6_144, 9_999})
    void everySampleIsPlayedOnceAndInTime(int byteCount) {
        ScenarioResult result = Runs.run("sound", wav(SPEECH, byteCount));

        assertThat(result.ok()).isTrue();
        for (RunResult run : result.runs()) {
            assertThat(run.bytes()).isEqualTo(byteCount);
            assertThat(Runs.figure(run, "playedFrames")).isEqualTo(byteCount);
            assertThat(Runs.figure(run, "gapCount")).isZero();
            assertThat(run.phasesPicos().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(run.elapsedPicos());
        }
    }

    @Test
    void itTakesAsLongAsItSounds() {
        RunResult run = Runs.run("sound", wav(SPEECH, 11_025)).runs().getFirst();

        assertThat(run.elapsedPicos()).isBetween(1_000_000_000_000L, 1_020_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void wordsArePlayedOnAnAt(int channels) {
        WavFormat format = new WavFormat(channels, 22_050, 16);
        byte[] file = wav(format, 10_000 * format.frameBytes() + 4);

        assertThat(Runs.run("sound", file, "machine.profile=pc-at-1984", "runs=undisturbed")
                        .ok())
                .isTrue();
    }

    /// The first controller is behind channel 4 of the second, the highest by fixed priority. A disk on channel 3
    /// that always asks starves channel 5, byte by byte.
    @Test
    void onAnAtADiskOfBytesComesBeforeSoundOfWordsUnlessPriorityRotates() {
        byte[] file = wav(new WavFormat(1, 22_050, 16), 20_000);
        String[] at = {"machine.profile=pc-at-1984", "runs=disk-single", "machine.dma.rotating=false"};

        RunResult fixed = Runs.run("sound", file, at).runs().getFirst();
        assertThat(Runs.figure(fixed, "gapCount")).isPositive();
        at[2] = "machine.dma.rotating=true";
        assertThat(Runs.run("sound", file, at).ok()).isTrue();
    }

    @Test
    void stereoBytesArePlayedToo() {
        assertThat(Runs.run("sound", wav(new WavFormat(2, 22_050, 8), 20_002)).ok())
                .isTrue();
    }

    /// The disk holds the bus for 4,096 bytes of 5 clocks of 210 ns: 4.3 ms, in which 47 frames are due, and the
    /// FIFO has 16.
    @Test
    void aBurstStarvesTheCardAndLosesNothing() {
        RunResult run = Runs.run("sound-gaps", wav(SPEECH, 9_000), "runs=disk-burst")
                .runs()
                .getFirst();

        assertThat(run.dataOk()).isTrue();
        assertThat(run.ok()).isFalse();
        // One for each time a half is filled while the card plays: halves 2, 3 and the rest.
        assertThat(Runs.figure(run, "gapCount")).isEqualTo(3);
        assertThat(Runs.figure(run, "missedFrames")).isBetween(3 * 21.0, 3 * 22.0);
    }

    @Test
    void aDeepFifoOutlastsTheBurst() {
        assertThat(Runs.run("sound-gaps", wav(SPEECH, 9_000), "runs=disk-burst", "machine.sound.fifo=64 B")
                        .ok())
                .isTrue();
    }

    @Test
    void aLateDriverIsNotWaitedForInAutoInitializeMode() {
        RunResult run = Runs.run("sound-gaps", wav(SPEECH, 9_000), "runs=late-auto")
                .runs()
                .getFirst();

        assertThat(run.dataOk()).isFalse();
        assertThat(run.findings().getFirst().title()).contains("late");
        assertThat(Runs.figure(run, "gapCount")).isZero();
    }

    @Test
    void aLateDriverIsAGapInSingleCycleMode() {
        RunResult run = Runs.run("sound-gaps", wav(SPEECH, 9_000), "runs=late-single")
                .runs()
                .getFirst();

        assertThat(run.dataOk()).isTrue();
        assertThat(Runs.figure(run, "gapCount")).isPositive();
    }

    @Test
    void whatTheMachineCannotPlayIsRefused() {
        assertThatThrownBy(() -> Runs.run("sound", wav(new WavFormat(1, 11_025, 16), 10)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("16-bit DMA channel");
        assertThatThrownBy(() -> Runs.run("sound", wav(new WavFormat(1, 96_000, 8), 10)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("96000 frames");
        assertThatThrownBy(() -> Runs.run("sound", Runs.bytes(100)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("test, byte 0");
    }

    private static byte[] wav(WavFormat format, int byteCount) {
        return WavFile.of(format, Runs.bytes(byteCount)).bytes();
    }
}
