package flyby.validate.pcie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import flyby.pcie.Generation;
import flyby.pcie.LinkWidth;
import org.junit.jupiter.api.Test;

/// What crosses the link for one packet, counted by hand: requests and writes weigh 24 bytes, completions 20.
final class NicModelTest {
    private static final AnalyticLink LINK = AnalyticLink.of(Generation.GEN3, LinkWidth.X8, 256, 512);

    @Test
    void theSimpleNicDoesEverythingForEachPacket() {
        // Sent: requests for descriptor and data, of which 512 bytes are the most at once, interrupt, answer to the
        // head's read.
        double sentUp = 24 + 2 * 24 + (4 + 24) + (4 + 20);
        // Tail, descriptor, 600 bytes in three completions, request for the head.
        double sentDown = (4 + 24) + (16 + 20) + (600 + 3 * 20) + 24;
        assertThat(NicModel.SIMPLE.transmitGigabits(LINK, 600)).isCloseTo(gigabits(600, sentDown), within(1e-9));

        // Received: request for a descriptor, three writes of data, write-back, interrupt, answer to the head's read.
        double receivedUp = 24 + (600 + 3 * 24) + (16 + 24) + (4 + 24) + (4 + 20);
        assertThat(NicModel.SIMPLE.receiveGigabits(LINK, 600, true)).isCloseTo(gigabits(600, receivedUp), within(1e-9));
        assertThat(NicModel.SIMPLE.receiveGigabits(LINK, 600, false))
                .isCloseTo(gigabits(600, receivedUp - 24), within(1e-9));
        assertThat(NicModel.SIMPLE.bothGigabits(LINK, 600, true))
                .isCloseTo(gigabits(600, sentUp + receivedUp), within(1e-9));
    }

    @Test
    void pollingDriversShareWhatIsDoneInBatches() {
        // 40 descriptors of 16 bytes: 640 bytes in two requests and three completions.
        double down = (4 + 24) / 32.0 + (640 + 3 * 20) / 40.0 + (60 + 20);
        assertThat(NicModel.DPDK.transmitGigabits(LINK, 60)).isCloseTo(gigabits(60, down), within(1e-9));
    }

    private static double gigabits(int byteCount, double linkBytes) {
        return LINK.tlpGigabits() * byteCount / linkBytes;
    }
}
