package flyby.stream;

import static flyby.stream.layout.StreamerRegisters.CONTROL;
import static flyby.stream.layout.StreamerRegisters.DATA;
import static flyby.stream.layout.StreamerRegisters.STATUS;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Transaction.Kind;
import flyby.stream.layout.StreamerRegisters;
import flyby.workbench.TestHost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The FIFO between a medium that moves a byte every 1,000 ps and whoever takes or brings them.
final class StreamerTest {
    private static final long RUN = 0b001;
    private static final long RECORD = 0b010;
    private static final long DMA = 0b100;
    private static final long TC_INTERRUPT = 0b1000;
    private static final long END = 1 << 16;
    private static final long TC = 1 << 17;

    private final TestHost host = new TestHost();
    private final Counting medium = new Counting(10);
    private final Streamer streamer = new Streamer(host, medium, 1_000, 4, 2);
    private final List<String> requests = new ArrayList<>();

    @Test
    void itsRegistersAreTheseAndNoOthers() {
        assertThat(StreamerRegisters.MAP.describe()).isEqualTo("""
                        Streamer
                        0x00 4 READ_WRITE CONTROL
                              0:0  RUN
                              1:1  RECORD
                              2:2  DMA_ENABLE
                              3:3  TC_INTERRUPT_ENABLE
                        0x04 4 READ_WRITE STATUS
                             15:0  LEVEL
                             16:16 END
                             17:17 TC
                        0x08 8 READ_WRITE DATA
                        0x10 4 READ_ONLY  LENGTH_LOW
                        0x14 4 READ_ONLY  LENGTH_HIGH
                        """);
        assertThat(read(0x10)).isEqualTo(10);
        assertThat(read(0x14)).isZero();
    }

    @Test
    void theMediumFillsTheFifoAtItsPaceAndWaitsWhenItIsFull() {
        write(CONTROL, RUN);

        at(2_999);
        assertThat(read(STATUS)).isEqualTo(2);
        at(3_000);
        assertThat(read(STATUS)).isEqualTo(3);
        at(50_000);
        assertThat(read(STATUS)).isEqualTo(4);

        assertThat(streamer.readRegister(0, DATA, 1)).isEqualTo(-1L << 8);
        // Room since 50,000: the next byte is there a byte's time later.
        at(50_999);
        assertThat(read(STATUS)).isEqualTo(3);
        at(51_000);
        assertThat(read(STATUS)).isEqualTo(4);
    }

    @Test
    void whatIsNotThereReadsAsOnes() {
        write(CONTROL, RUN);
        at(2_000);

        assertThat(streamer.readRegister(0, DATA, 4)).isEqualTo(0xffff_ffff_ffff_0100L);
    }

    @Test
    void theEndIsReachedWhenTheLastByteHasBeenTaken() {
        write(CONTROL, RUN);
        for (int i = 1; i <= 9; i++) {
            at(i * 10_000L);
            streamer.readRegister(0, DATA, 1);
        }
        assertThat(read(STATUS)).isEqualTo(1);
        streamer.readRegister(0, DATA, 1);
        assertThat(read(STATUS)).isEqualTo(END);
    }

    @Test
    void dreqComesWithAWholeBeatOrTheLastByte() {
        Counting odd = new Counting(3);
        Streamer device = wired(odd);
        device.writeRegister(0, CONTROL, 4, RUN | DMA);
        byte[] data = new byte[8];

        at(2_000);
        device.give(data, 2);
        at(3_000);
        device.give(data, 1);

        assertThat(requests).containsExactly("0 false", "2000 true", "2000 false", "3000 true", "3000 false");
    }

    @Test
    void recordingEmptiesTheFifoAtTheMediumsPace() {
        Streamer device = wired(medium);
        device.writeRegister(0, CONTROL, 4, RUN | RECORD | DMA);
        device.take(new byte[] {7, 8}, 2);
        device.take(new byte[] {9, 10}, 2);

        assertThat(medium.recorded).containsExactly(7, 8, 9, 10);
        assertThat(device.ready(Kind.READ)).isZero();
        at(2_000);
        assertThat(device.ready(Kind.READ)).isEqualTo(2);
        assertThat(requests).containsExactly("0 true", "0 true", "0 false", "2000 true");
    }

    @Test
    void stoppingLosesNothing() {
        write(CONTROL, RUN);
        at(3_000);
        write(CONTROL, 0);
        at(10_000);
        write(CONTROL, RUN);

        assertThat(streamer.readRegister(0, DATA, 1) & 0xff).isZero();
        at(11_000);
        assertThat(read(STATUS)).isEqualTo(3);
        streamer.reset();
        write(CONTROL, RUN);
        at(12_000);
        assertThat(streamer.readRegister(0, DATA, 1) & 0xff).isEqualTo(1);
    }

    @Test
    void terminalCountInterruptsIfItMay() {
        streamer.terminalCount();
        assertThat(read(STATUS)).isEqualTo(TC);
        assertThat(host.isInterrupted()).isFalse();

        write(CONTROL, TC_INTERRUPT);
        assertThat(host.isInterrupted()).isTrue();

        write(STATUS, 0);
        assertThat(host.isInterrupted()).isTrue();
        write(STATUS, TC);
        assertThat(host.isInterrupted()).isFalse();
        assertThat(read(STATUS)).isZero();

        streamer.terminalCount();
        assertThat(host.isInterrupted()).isTrue();
        streamer.reset();
        assertThat(host.isInterrupted()).isFalse();
    }

    @Test
    void whatSomebodyElseTookReadsAsOnes() {
        Streamer device = wired(medium);
        device.writeRegister(0, CONTROL, 4, RUN | DMA);
        at(2_000);
        device.readRegister(0, DATA, 1);
        byte[] data = new byte[2];
        device.give(data, 2);

        assertThat(data).containsExactly(1, 0xff);
    }

    @Test
    void theWrongWayNothingIsReady() {
        Streamer device = wired(medium);
        device.writeRegister(0, CONTROL, 4, RUN | DMA);
        at(4_000);

        assertThat(device.ready(Kind.READ)).isZero();
        assertThat(device.ready(Kind.WRITE)).isEqualTo(2);
    }

    @Test
    void disablingDmaTakesDreqBack() {
        Streamer device = wired(medium);
        device.writeRegister(0, CONTROL, 4, RUN | DMA);
        at(2_000);
        device.writeRegister(0, CONTROL, 4, RUN);
        at(20_000);

        assertThat(requests).containsExactly("0 false", "2000 true", "2000 false");
    }

    private Streamer wired(Medium with) {
        Streamer device = new Streamer(host, with, 1_000, 4, 2);
        device.wire(asserted -> requests.add(host.nowPicos() + " " + asserted));
        return device;
    }

    private void at(long timePicos) {
        host.simulation().runUntil(timePicos);
    }

    private long read(int offset) {
        return streamer.readRegister(0, offset, 4);
    }

    private void write(int offset, long value) {
        streamer.writeRegister(0, offset, 4, value);
    }

    /// Plays 0, 1, 2 ...
    private static final class Counting implements Medium {
        private final long byteCount;
        private final List<Integer> recorded = new ArrayList<>();
        private byte next;

        Counting(long byteCount) {
            this.byteCount = byteCount;
        }

        @Override
        public long byteCount() {
            return byteCount;
        }

        @Override
        public void play(byte[] into, int offset, int count) {
            for (int i = 0; i < count; i++) {
                into[offset + i] = next++;
            }
        }

        @Override
        public void record(byte[] from, int offset, int count) {
            for (int i = 0; i < count; i++) {
                recorded.add((int) from[offset + i]);
            }
        }
    }
}
