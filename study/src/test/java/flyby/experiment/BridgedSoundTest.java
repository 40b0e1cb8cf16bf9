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

/// WAV files on one sound card in two machines.
final class BridgedSoundTest {
    private static final String SCENARIO = "sound-bridged";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_095, 4_096, 9_999})
    void theSameBytesAreHeardInBoth(int byteCount) {
        ScenarioResult result = Runs.run(SCENARIO, wav(new WavFormat(1, 11_025, 8), byteCount));

        assertThat(result.ok()).isTrue();
        assertThat(result.runs()).extracting(RunResult::name).containsExactly("pc", "bridge");
        assertThat(result.runs())
                .extracting(RunResult::sha256)
                .containsOnly(result.runs().getFirst().sha256());
        for (RunResult run : result.runs()) {
            assertThat(Runs.figure(run, "playedFrames")).isEqualTo(byteCount);
            assertThat(Runs.figure(run, "gapCount")).isZero();
        }
    }

    @Test
    void wordsNeedABusThatHasThem() {
        byte[] file = wav(new WavFormat(2, 22_050, 16), 20_000);
        assertThat(Runs.run(SCENARIO, file).ok()).isTrue();
        assertThatThrownBy(() -> Runs.run(SCENARIO, file, "machine.isa-bridges.lpc0.bus=pc-xt-1983"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("--set machine.isa-bridges.lpc0.bus=pc-at-1984");
    }

    @Test
    void aMachineWithoutTheCardIsRefused() {
        byte[] file = wav(new WavFormat(1, 11_025, 8), 10);
        assertThatThrownBy(() -> Runs.run(SCENARIO, file, "machine.isa-bridges=none"))
                .hasMessageContaining("no bridge to an ISA bus");
        assertThatThrownBy(() -> Runs.run(SCENARIO, file, "machine.isa-bridges.lpc0.cards.sound0=none"))
                .hasMessageContaining("no sound card");
    }

    private static byte[] wav(WavFormat format, int byteCount) {
        return WavFile.of(format, Runs.bytes(byteCount)).bytes();
    }
}
