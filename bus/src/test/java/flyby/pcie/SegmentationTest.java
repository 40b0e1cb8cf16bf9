package flyby.pcie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.choice.Choices;
import flyby.choice.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Pieces worked out by hand, and what must hold of any.
final class SegmentationTest {
    private static final Segmentation LIMITS = new Segmentation(256, 512, 64);

    private static List<Integer> pieces(Segmentation.Rule rule, long address, int byteCount) {
        List<Integer> pieces = new ArrayList<>();
        int done = 0;
        while (done < byteCount) {
            pieces.add(rule.bytes(address + done, byteCount - done));
            done += pieces.getLast();
        }
        assertThat(done).as("the last piece ends with the transfer").isEqualTo(byteCount);
        assertThat(Segmentation.count(rule, address, byteCount)).isEqualTo(pieces.size());
        return pieces;
    }

    @Test
    void writesAreCutAtThePayloadsLimit() {
        assertThat(pieces(LIMITS::writeBytes, 0x1000, 600)).containsExactly(256, 256, 88);
    }

    @Test
    void requestsEndAtThePage() {
        assertThat(pieces(LIMITS::writeBytes, 0x1fc0, 300)).containsExactly(64, 236);
        assertThat(pieces(LIMITS::readBytes, 0x1f00, 1_000)).containsExactly(256, 512, 232);
    }

    @Test
    void limitsHoldForDoublewords() {
        assertThat(pieces(LIMITS::writeBytes, 0x1003, 256)).as("65 doublewords").containsExactly(253, 3);
    }

    @Test
    void completionsEndAtTheBoundary() {
        assertThat(pieces(LIMITS::completionBytes, 0x1010, 512)).containsExactly(240, 256, 16);
        assertThat(pieces(LIMITS::completionBytes, 0x1010, 256))
                .as("fits, whatever it crosses")
                .containsExactly(256);
        assertThat(pieces(new Segmentation(128, 512, 128)::completionBytes, 0x107f, 200))
                .containsExactly(1, 128, 71);
    }

    private static Segmentation limits(Choices choices) {
        return new Segmentation(128 << choices.below(6), 128 << choices.below(6), choices.pick(64, 128));
    }

    private static long spanBytes(long address, long byteCount) {
        return ((address + byteCount + 3) & -4) - (address & -4);
    }

    @Test
    void requestsCoverAndNeverCrossOrExceed() {
        Property.check(2_000, choices -> {
            Segmentation limits = limits(choices);
            boolean isWrite = choices.chance(1, 2);
            Segmentation.Rule rule = isWrite ? limits::writeBytes : limits::readBytes;
            int limitBytes = isWrite ? limits.maxPayloadBytes() : limits.maxReadRequestBytes();
            long at = choices.below(1L << 48);
            for (int piece : pieces(rule, at, (int) choices.between(1, 20_000))) {
                assertThat(piece).isPositive();
                assertThat(at >> 12).isEqualTo((at + piece - 1) >> 12);
                assertThat(spanBytes(at, piece)).isLessThanOrEqualTo(limitBytes);
                at += piece;
            }
        });
    }

    @Test
    void completionsCoverAndEndAtBoundaries() {
        Property.check(2_000, choices -> {
            Segmentation limits = limits(choices);
            long at = choices.below(1L << 48);
            int byteCount = limits.readBytes(at, choices.between(1, 4_096));
            long end = at + byteCount;
            for (int piece : pieces(limits::completionBytes, at, byteCount)) {
                assertThat(piece).isPositive();
                assertThat(spanBytes(at, piece)).isLessThanOrEqualTo(limits.maxPayloadBytes());
                at += piece;
                assertThat(at == end || at % limits.completionBoundaryBytes() == 0)
                        .as("ends at %x", at)
                        .isTrue();
            }
        });
    }

    @Test
    void otherLimitsAreRefused() {
        assertThatThrownBy(() -> new Segmentation(192, 512, 64)).hasMessageContaining("192");
        assertThatThrownBy(() -> new Segmentation(256, 8_192, 64)).hasMessageContaining("8192");
        assertThatThrownBy(() -> new Segmentation(256, 512, 256)).hasMessageContaining("Boundary of 256");
    }
}
