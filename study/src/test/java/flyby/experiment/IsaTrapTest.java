package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.study.Finding.ByteEvidence;
import flyby.study.RunResult;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The classic mistakes with the 8237A, made and avoided. Addresses and lengths are worked out by hand for a buffer
/// of 1 KiB.
final class IsaTrapTest {
    private static final byte[] INPUT = Runs.bytes(12_000);
    private static final byte[] NEIGHBOUR = {'s', 'o', 'm', 'e', 'b', 'o', 'd', 'y'};

    /// Half of the block lies before 0x20000. The other half comes to 0x10000, and not to 0x20000.
    @Test
    void behindThePageTheTransferGoesOnAtItsBegin() {
        List<ByteEvidence> places = evidence(run("boundary-64k"));

        assertThat(places).extracting(ByteEvidence::address).containsExactly(0x1_0000L, 0x2_0000L);
        assertThat(places.get(0).seen()).isEqualTo(Arrays.copyOfRange(INPUT, 512, 544));
        assertThat(places.get(0).right()).startsWith(NEIGHBOUR);
        assertThat(places.get(1).seen()).startsWith(NEIGHBOUR);
        assertThat(places.get(1).right()).isEqualTo(Arrays.copyOfRange(INPUT, 512, 544));
    }

    @Test
    void wordsWrapAt128KiB() {
        List<ByteEvidence> places = evidence(run("boundary-64k", "machine.profile=pc-at-1984"));

        assertThat(places).extracting(ByteEvidence::address).containsExactly(0x2_0000L, 0x4_0000L);
        assertThat(places.get(0).seen()).isEqualTo(Arrays.copyOfRange(INPUT, 512, 544));
    }

    @Test
    void oneTransferTooManyIsOneByteBehindTheBuffer() {
        RunResult run = run("count-off-by-one");

        assertThat(run.dataOk()).isTrue();
        assertThat(evidence(run)).hasSize(1);
        ByteEvidence place = evidence(run).getFirst();
        assertThat(place.address()).isEqualTo(0x1_8000 + 1_024);
        assertThat(place.seen()).containsExactly(INPUT[1_024]);
        assertThat(place.right()).containsExactly(NEIGHBOUR[0]);
    }

    @Test
    void onAChannelOfWordsItIsAWord() {
        ByteEvidence place =
                evidence(run("count-off-by-one", "machine.profile=pc-at-1984")).getFirst();

        assertThat(place.address()).isEqualTo(0x3_0000 + 1_024);
        assertThat(place.seen()).containsExactly(INPUT[1_024], INPUT[1_025]);
    }

    /// 0x8000 becomes 0x0080. The count 0x03ff becomes 0xff03: all that the card has goes there.
    @Test
    void swappedBytesSendTheBlockElsewhere() {
        RunResult run = run("flip-flop");
        List<ByteEvidence> places = evidence(run);

        assertThat(run.dataOk()).isFalse();
        assertThat(places.get(0).address()).isEqualTo(0x1_0080);
        assertThat(places.get(0).seen()).isEqualTo(Arrays.copyOf(INPUT, 32));
        assertThat(places.get(1).address()).isEqualTo(0x1_8000);
        assertThat(places.get(1).seen()).startsWith(NEIGHBOUR);
    }

    /// The high byte is that of the next lower count: the reading is too low by nearly 256.
    @Test
    void aCountReadWhileItRollsOverIsWrong() {
        RunResult run = run("count-while-running");

        assertThat(run.dataOk()).isTrue();
        assertThat(Runs.figure(run, "wrongReadingCount")).isPositive();
        ByteEvidence place = evidence(run).getFirst();
        int seen = (place.seen()[0] & 0xff) | ((place.seen()[1] & 0xff) << 8);
        int right = (place.right()[0] & 0xff) | ((place.right()[1] & 0xff) << 8);
        assertThat(right - seen).isBetween(200, 256);
    }

    @ParameterizedTest
    @CsvSource({
        "boundary-64k, pc-xt-1983", "boundary-64k, pc-at-1984",
        "count-off-by-one, pc-xt-1983", "count-off-by-one, pc-at-1984",
        "flip-flop, pc-xt-1983", "flip-flop, pc-at-1984",
        "count-while-running, pc-xt-1983", "count-while-running, pc-at-1984"
    })
    void doneRightNothingIsWrong(String trap, String profile) {
        RunResult run = run(trap, "cure=true", "machine.profile=" + profile);

        assertThat(run.findings()).isEmpty();
        assertThat(run.ok()).isTrue();
        assertThat(run.phasesPicos().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(run.elapsedPicos());
    }

    @ParameterizedTest
    @ValueSource(strings = {"boundary-64k", "count-off-by-one", "flip-flop"})
    void aCardThatHasNoMoreThanTheBlockIsRefused(String trap) {
        assertThatThrownBy(() -> Runs.run(trap, Runs.bytes(1_024)))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("1024 bytes");
    }

    private static RunResult run(String trap, String... settings) {
        return Runs.run(trap, INPUT, settings).runs().getFirst();
    }

    private static List<ByteEvidence> evidence(RunResult run) {
        return run.findings().getFirst().bytes();
    }
}
