package flyby.validate.pcie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import flyby.pcie.Generation;
import flyby.pcie.LinkWidth;
import org.junit.jupiter.api.Test;

/// The analytic model with packets counted by hand.
final class AnalyticLinkTest {
    private static final AnalyticLink LINK = AnalyticLink.of(Generation.GEN1, LinkWidth.X1, 128, 512);

    /// An Ack and an UpdateFC of 8 bytes every 237, and SKP.
    private static final double TLP_GIGABITS = 2 * (1 - 16 / 237.0 - 4 / 1_538.0);

    @Test
    void packetsShareTheLink() {
        assertThat(LINK.rawGigabits()).isEqualTo(2);
        assertThat(LINK.tlpGigabits()).isCloseTo(TLP_GIGABITS, within(1e-9));
        // 300 bytes: three writes; or one read request, answered in three completions.
        assertThat(LINK.writeGigabits(300)).isCloseTo(TLP_GIGABITS * 300 / (300 + 3 * 24), within(1e-9));
        assertThat(LINK.readGigabits(300)).isCloseTo(TLP_GIGABITS * 300 / (300 + 3 * 20), within(1e-9));
        assertThat(LINK.readWriteGigabits(300)).isCloseTo(TLP_GIGABITS * 300 / (300 + 3 * 24 + 24), within(1e-9));
    }

    @Test
    void readsOfNothingMuchAreBoundByTheirRequests() {
        assertThat(LINK.readGigabits(1)).isCloseTo(TLP_GIGABITS / 24, within(1e-9));
    }

    @Test
    void linksWithoutPublishedIntervalsAreRefused() {
        AnalyticLink other = AnalyticLink.of(Generation.GEN6, LinkWidth.X2, 256, 512);
        assertThatThrownBy(other::tlpGigabits).hasMessageContaining("no interval of Ack and UpdateFC for GEN6 X2");
    }
}
