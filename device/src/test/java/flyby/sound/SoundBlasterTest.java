package flyby.sound;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction.Kind;
import flyby.sim.Event;
import flyby.sim.Time;
import flyby.sound.layout.SoundRegisters;
import flyby.workbench.TestHost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The card as a driver meets it, with DMA channels that bring 1, 2, 3 ... after a time of the test's choice.
/// Command bytes are typed from the guide, not taken from our constants.
final class SoundBlasterTest {
    private static final int RESET = 6;
    private static final int READ = 0xa;
    private static final int WRITE = 0xc;
    private static final int STATUS = 0xe;
    private static final int ACK_16 = 0xf;
    private static final long MS = Time.MILLISECOND;

    private final TestHost host = new TestHost();
    private final List<String> heard = new ArrayList<>();
    private final SoundBlaster card = new SoundBlaster(host, new Recorder(), 16);
    private final Source bytes = new Source(card.bytePeripheral(), 1);
    private final Source words = new Source(card.wordPeripheral(), 2);

    @BeforeEach
    void wire() {
        card.wireBytes(bytes::request);
        card.wireWords(words::request);
    }

    @Test
    void itsRegistersAreThese() {
        assertThat(SoundRegisters.MAP.describe()).isEqualTo("""
                        Sound Blaster DSP
                        0x06 1 WRITE_ONLY RESET
                        0x0a 1 READ_ONLY  READ_DATA
                        0x0c 1 READ_WRITE WRITE
                              7:7  BUSY
                        0x0e 1 READ_ONLY  READ_STATUS
                              7:7  AVAILABLE
                        0x0f 1 READ_ONLY  ACKNOWLEDGE_16
                        """);
    }

    @Test
    void aResetIsAnsweredAHundredMicrosecondsLater() {
        write(RESET, 1);
        write(RESET, 0);
        at(100 * Time.MICROSECOND - 1);
        assertThat(read(STATUS)).isZero();
        at(100 * Time.MICROSECOND);
        assertThat(read(STATUS)).isEqualTo(0x80);
        assertThat(read(READ)).isEqualTo(0xaa);
        assertThat(read(STATUS)).isZero();
    }

    @Test
    void itTellsItsVersionAndItsSpeaker() {
        dsp(0xe1);
        assertThat(read(READ)).isEqualTo(4);
        assertThat(read(READ)).isEqualTo(5);
        dsp(0xd8);
        assertThat(read(READ)).isZero();
        dsp(0xd1, 0xd8);
        assertThat(read(READ)).isEqualTo(0xff);
        dsp(0xd3, 0xd8);
        assertThat(read(READ)).isZero();
    }

    @Test
    void directOutputSoundsAtOnce() {
        dsp(0x10, 0x42);

        assertThat(heard).containsExactly("0 42");
    }

    /// Time constant 6: a byte every 250 microseconds.
    @Test
    void aSingleBlockPlaysAtItsRateAndInterruptsOnce() {
        dsp(0x40, 6, 0x14, 3, 0);
        at(MS - 1);
        assertThat(host.isInterrupted()).isFalse();
        at(20 * MS);

        assertThat(heard).containsExactly("250 01", "500 02", "750 03", "1000 04");
        assertThat(host.isInterrupted()).isTrue();
        read(STATUS);
        assertThat(host.isInterrupted()).isFalse();
        assertThat(bytes.given).isEqualTo(4);
        assertThat(card.gaps().count()).isZero();
    }

    @Test
    void blocksFollowEachOtherUntilAutoIsLeft() {
        dsp(0x40, 6, 0x48, 1, 0, 0x1c);
        at(500 * Time.MICROSECOND);
        assertThat(host.isInterrupted()).isTrue();
        read(STATUS);
        at(900 * Time.MICROSECOND);
        assertThat(host.isInterrupted()).isFalse();
        dsp(0xda);
        at(20 * MS);

        assertThat(heard).containsExactly("250 01", "500 02", "750 03", "1000 04");
        assertThat(host.isInterrupted()).isTrue();
    }

    @Test
    void aSingleBlockAfterAutoIsTheLast() {
        dsp(0x40, 6, 0x48, 1, 0, 0x1c, 0x14, 0, 0);
        at(20 * MS);

        assertThat(heard).containsExactly("250 01", "500 02", "750 03");
        assertThat(bytes.given).isEqualTo(3);
    }

    /// 44,100 frames take a second, however odd the period: the last is due at 1,000,000 us.
    @Test
    void theOutputRateDoesNotDrift() {
        dsp(0x41, 0xac, 0x44, 0xc6, 0x00, 0xff, 0xff);
        at(Time.SECOND - 1);
        assertThat(heard).hasSize(44_099);
        at(Time.SECOND);
        assertThat(heard.getLast()).startsWith("1000000 ");
        assertThat(heard).hasSize(44_100);
    }

    @Test
    void wordsComeOverTheirOwnChannelAndAcknowledge() {
        dsp(0x41, 0x03, 0xe8, 0xb2, 0x30, 3, 0);
        at(20 * MS);

        // Stereo: two words a frame.
        assertThat(heard).containsExactly("1000 01020304", "2000 05060708");
        assertThat(bytes.given).isZero();
        read(STATUS);
        assertThat(host.isInterrupted()).isTrue();
        read(ACK_16);
        assertThat(host.isInterrupted()).isFalse();
    }

    @Test
    void theFifoIsFilledAheadAndTheLatchIsNot() {
        dsp(0x41, 0x03, 0xe8, 0xc2, 0x00, 99, 0);
        at(MS / 2);
        assertThat(bytes.given).isEqualTo(16);

        write(RESET, 1);
        write(RESET, 0);
        at(MS);
        dsp(0xc0, 0x00, 99, 0);
        at(MS + (MS / 2));
        assertThat(bytes.given).isEqualTo(17);
    }

    /// A byte takes 2.5 ms to come where one is due every millisecond.
    @Test
    void aFrameThatIsNotThereIsAGapAndNotLost() {
        bytes.latencyPicos = 2_500 * Time.MICROSECOND;
        dsp(0x41, 0x03, 0xe8, 0x14, 2, 0);
        at(20 * MS);

        assertThat(heard)
                .containsExactly(
                        "1000 -", "2000 -", "3000 01", "4000 -", "5000 -", "6000 02", "7000 -", "8000 -", "9000 03");
        assertThat(card.gaps().count()).isEqualTo(3);
        assertThat(card.gaps().missedFrames()).isEqualTo(6);
        assertThat(card.gaps().longestFrames()).isEqualTo(2);
    }

    /// Three milliseconds of pause: every frame that follows comes three milliseconds later.
    @Test
    void aPauseHoldsTheSampleClockAndIsNoGap() {
        dsp(0x41, 0x03, 0xe8, 0x14, 2, 0);
        at(1_500 * Time.MICROSECOND);
        dsp(0xd0);
        assertThat(card.bytePeripheral().ready(Kind.READ)).isZero();
        at(2 * MS);
        dsp(0xd0);
        at(4_500 * Time.MICROSECOND);
        dsp(0xd4, 0xd4);
        at(20 * MS);

        assertThat(heard).containsExactly("1000 01", "5000 02", "6000 03");
        assertThat(card.gaps().count()).isZero();
    }

    @Test
    void wordsPauseByCommandsOfTheirOwn() {
        dsp(0x41, 0x03, 0xe8, 0xb2, 0x30, 3, 0);
        at(MS / 2);
        dsp(0xd0, 0xd5);
        at(MS);
        dsp(0xd6, 0xd4);
        at(20 * MS);

        assertThat(heard).containsExactly("1500 01020304", "2500 05060708");
        assertThat(card.gaps().count()).isZero();
    }

    /// What follows a pause of nothing plays.
    @Test
    void aPauseOfNothingIsNone() {
        dsp(0xd0, 0x40, 6, 0x14, 0, 0);
        at(MS);

        assertThat(heard).containsExactly("250 01");
    }

    /// Each takes parameters that would be commands: the request for the version.
    @ParameterizedTest
    @CsvSource({
        "0x16, 2", "0x17, 2", "0x24, 2", "0x38, 1", "0x42, 2", "0x74, 2", "0x75, 2", "0x76, 2", "0x77, 2", "0x80, 2",
        "0xe0, 1", "0xe2, 1", "0xe4, 1", "0xd9, 0", "0xf0, 0"
    })
    void aCommandThatIsNotModelledTakesItsParameters(String command, int parameters) {
        dsp(Integer.decode(command));
        for (int i = 0; i < parameters; i++) {
            dsp(0xe1);
            assertThat(read(STATUS)).isZero();
        }
        dsp(0xe1);

        assertThat(read(READ)).isEqualTo(4);
    }

    @Test
    void aResetSilencesIt() {
        dsp(0x40, 6, 0x48, 1, 0, 0x1c);
        at(600 * Time.MICROSECOND);
        write(RESET, 1);
        at(20 * MS);

        assertThat(heard).hasSize(2);
        assertThat(host.isInterrupted()).isFalse();
        assertThat(card.bytePeripheral().ready(Kind.READ)).isZero();
    }

    private void dsp(int... octets) {
        for (int octet : octets) {
            assertThat(read(WRITE) & 0x80).isZero();
            write(WRITE, octet);
        }
    }

    private void at(long timePicos) {
        host.simulation().runUntil(timePicos);
    }

    private int read(int port) {
        return (int) card.readRegister(0, port, 1);
    }

    private void write(int port, int value) {
        card.writeRegister(0, port, 1, value);
    }

    private final class Recorder implements Speaker {
        @Override
        public void plays(byte[] frame, int byteCount) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < byteCount; i++) {
                text.append("%02x".formatted(frame[i]));
            }
            heard.add(host.nowPicos() / Time.MICROSECOND + " " + text);
        }

        @Override
        public void holds() {
            heard.add(host.nowPicos() / Time.MICROSECOND + " -");
        }
    }

    /// A DMA channel.
    private final class Source {
        private final DmaPeripheral peripheral;
        private final byte[] data;
        private final Event service = host.simulation().event("service", this::serve);
        private long latencyPicos = Time.MICROSECOND;
        private int given;

        Source(DmaPeripheral peripheral, int byteCount) {
            this.peripheral = peripheral;
            this.data = new byte[byteCount];
        }

        void request(boolean asserted) {
            if (asserted && !service.isPending()) {
                service.in(latencyPicos);
            } else if (!asserted) {
                service.cancel();
            }
        }

        private void serve() {
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) ++given;
            }
            peripheral.take(data, data.length);
        }
    }
}
