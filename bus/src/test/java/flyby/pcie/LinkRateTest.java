package flyby.pcie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.choice.Property;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/// Times and sizes worked out by hand.
final class LinkRateTest {
    private static long picos(Generation generation, LinkWidth width, long byteCount) {
        return new LinkRate(generation, width).picosFor(byteCount);
    }

    @Test
    void bytesTakeTheirBitsOnTheLanes() {
        assertThat(picos(Generation.GEN1, LinkWidth.X1, 1))
                .as("10 bits of 400 ps")
                .isEqualTo(4_000);
        assertThat(picos(Generation.GEN2, LinkWidth.X4, 2))
                .as("5 bits of 200 ps")
                .isEqualTo(1_000);
        assertThat(picos(Generation.GEN3, LinkWidth.X8, 64))
                .as("65 bits of 125 ps")
                .isEqualTo(8_125);
        assertThat(picos(Generation.GEN6, LinkWidth.X16, 256))
                .as("2,048 bits at 1,024 Gb/s")
                .isEqualTo(2_000);
        assertThat(picos(Generation.GEN5, LinkWidth.X16, 0)).isZero();
    }

    @Test
    void whatIsNotWholeIsRoundedUpOnce() {
        assertThat(picos(Generation.GEN3, LinkWidth.X1, 1)).as("1,015.625").isEqualTo(1_016);
        assertThat(picos(Generation.GEN3, LinkWidth.X1, 8)).as("8,125 exactly").isEqualTo(8_125);
        assertThat(picos(Generation.GEN5, LinkWidth.X16, 1)).as("15.869140625").isEqualTo(16);
    }

    @Test
    void timeIsTheFractionOfAllBits() {
        Property.check(1_000, choices -> {
            Generation generation = choices.pick(Generation.values());
            LinkWidth width = choices.pick(LinkWidth.values());
            long byteCount = choices.below(1L << 40);
            BigInteger lineBits =
                    BigInteger.valueOf(byteCount).multiply(BigInteger.valueOf(8L * generation.lineBits()));
            BigInteger[] time = lineBits.multiply(BigInteger.valueOf(1_000_000))
                    .divideAndRemainder(BigInteger.valueOf(
                            (long) generation.dataBits() * generation.megatransfersPerSecond() * width.lanes()));
            assertThat(picos(generation, width, byteCount))
                    .isEqualTo(time[0].longValueExact() + (time[1].signum() == 0 ? 0 : 1));
        });
    }

    @Test
    void packetsWeighWhatTheirPartsDo() {
        assertThat(PacketSizes.tlpBytes(Generation.GEN1, 16, 256, false)).isEqualTo(280);
        assertThat(PacketSizes.tlpBytes(Generation.GEN5, 12, 0, true)).isEqualTo(24);
        assertThat(PacketSizes.requestHeaderBytes(0xffff_fffcL)).isEqualTo(12);
        assertThat(PacketSizes.requestHeaderBytes(0x1_0000_0000L)).isEqualTo(16);
        assertThat(PacketSizes.FLIT_TLP_BYTES).isEqualTo(236);
        assertThat(PacketSizes.doublewords(3, 2))
                .as("the last byte of one and the first of the next")
                .isEqualTo(2);
    }

    @Test
    void aFlitLinkFramesNoPackets() {
        assertThatThrownBy(() -> PacketSizes.tlpBytes(Generation.GEN6, 12, 0, false))
                .hasMessageContaining("GEN6 carries TLPs in FLITs");
    }

    /// 8 bits, 130 of 128, at 16 Gb/s over four lanes: 126.953125 ps.
    @Test
    void wholePicosAreTheNearest() {
        LinkRate rate = new LinkRate(Generation.GEN4, LinkWidth.X4);
        assertThat(rate.picosFor(1_000_000)).isEqualTo(126_953_125);
        assertThat(rate.wholePicos().picosFor(1_000_000)).isEqualTo(127_000_000);
    }
}
