package flyby.coherence;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.coherence.CoherenceParameters.Memory;
import org.junit.jupiter.api.Test;

/// Who waits for whom at a memory channel. A line takes 4 ns of its channel and is there after 70; two channels
/// take turns every 128 bytes, and each queues up to three written lines.
final class DramChannelsTest {
    private static final long NS = 1_000;

    private final DramChannels channels = new DramChannels(new Memory(1 << 20, 0, 2, 128, 70 * NS, 4 * NS, 3));

    @Test
    void readsOfOneChannelWaitForEachOtherAndOfTwoDoNot() {
        assertThat(channels.read(0, 0)).isEqualTo(70 * NS);
        assertThat(channels.read(64, 0)).isEqualTo(74 * NS);
        assertThat(channels.read(128, 0)).isEqualTo(70 * NS);
        assertThat(channels.read(256, 6 * NS)).isEqualTo((8 + 70) * NS);
        assertThat(channels.read(256, 50 * NS)).isEqualTo((50 + 70) * NS);
    }

    @Test
    void writesWaitUntilTheQueueIsFullAndThenTheirWriters() {
        for (int i = 0; i < 3; i++) {
            assertThat(channels.write(0, 0)).isZero();
        }
        assertThat(channels.write(0, 0)).as("one has to go first").isEqualTo(4 * NS);
        assertThat(channels.write(0, 0)).isEqualTo(8 * NS);
    }

    @Test
    void readsOvertakeQueuedWritesAndWaitForThoseThatHadToGo() {
        for (int i = 0; i < 3; i++) {
            channels.write(0, 0);
        }
        assertThat(channels.read(0, 0)).isEqualTo(70 * NS);
        assertThat(channels.write(0, 0)).as("behind that read").isEqualTo(8 * NS);
        assertThat(channels.read(0, 0)).as("behind that write").isEqualTo((8 + 70) * NS);
    }

    @Test
    void writesUseTheTimeThatReadsLeaveButNotTheTimeBeforeTheyCame() {
        channels.read(0, 100 * NS);
        for (int i = 0; i < 3; i++) {
            channels.write(0, 100 * NS);
        }
        assertThat(channels.write(0, 104 * NS)).as("no time was left so far").isEqualTo(108 * NS);
        assertThat(channels.write(0, 112 * NS)).as("time for one line was").isEqualTo(112 * NS);
        assertThat(channels.write(0, 112 * NS)).isEqualTo(116 * NS);
    }

    @Test
    void whatWasCarriedIsCounted() {
        channels.read(0, 0);
        channels.write(64, 0);
        channels.write(128, 0);

        assertThat(channels.lineCount(0)).isEqualTo(2);
        assertThat(channels.busyPicos(0)).isEqualTo(8 * NS);
        assertThat(channels.lineCount(1)).isEqualTo(1);
    }
}
