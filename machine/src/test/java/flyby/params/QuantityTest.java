package flyby.params;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// How numbers with units are read and printed. Expected values are typed by hand.
final class QuantityTest {
    private static final List<Dimension> DIMENSIONS = List.of(Dimension.values());

    private static Domain.Quantity of(Dimension dimension) {
        return new Domain.Quantity(dimension, 0, Long.MAX_VALUE, "");
    }

    private static long read(Dimension dimension, String text) {
        return ((Value.Amount) of(dimension).parse("a.b", text, "here:1:2")).amount();
    }

    @Test
    void unitsScale() {
        assertThat(read(Dimension.DURATION, "125 ns")).isEqualTo(125_000);
        assertThat(read(Dimension.DURATION, "1.5us")).isEqualTo(1_500_000);
        assertThat(read(Dimension.DURATION, "1 s")).isEqualTo(1_000_000_000_000L);
        assertThat(read(Dimension.FREQUENCY, "4.772727 MHz")).isEqualTo(4_772_727);
        assertThat(read(Dimension.BYTES, "64 KiB")).isEqualTo(65_536);
        assertThat(read(Dimension.BYTES, "64 KB")).isEqualTo(64_000);
        assertThat(read(Dimension.BYTES, "1 EiB")).isEqualTo(1_152_921_504_606_846_976L);
        assertThat(read(Dimension.COUNT, "65_535")).isEqualTo(65_535);
        assertThat(read(Dimension.COUNT, "2M")).isEqualTo(2_000_000);
        assertThat(read(Dimension.DURATION, "0")).isZero();
    }

    @Test
    void aNumberWithoutUnitIsRefusedWithTheUnits() {
        assertThatThrownBy(() -> new Domain.Quantity(Dimension.FREQUENCY, 1_000, 10_000_000_000L, "")
                        .parse("machine.clock", "8", "demo.yaml:12:7"))
                .isInstanceOf(LabException.class)
                .hasMessage("demo.yaml:12:7: found 8 without a unit for machine.clock,"
                        + " expected 1 kHz to 10 GHz (a frequency, such as 8 MHz)");
    }

    @Test
    void anotherUnitIsRefusedWithTheUnits() {
        assertThatThrownBy(() -> read(Dimension.DURATION, "8 MHz")).hasMessageContaining("units: ps, ns, us, ms, s");
    }

    @Test
    void partsOfAPicosecondAreRefused() {
        assertThatThrownBy(() -> read(Dimension.DURATION, "0.5 ps")).hasMessageContaining("no whole number");
    }

    @Test
    void whatOverflowsIsOutOfRange() {
        assertThatThrownBy(() -> read(Dimension.DURATION, "99999999999999999 s"))
                .isInstanceOf(LabException.class);
        assertThatThrownBy(() -> read(Dimension.COUNT, "-1")).isInstanceOf(LabException.class);
    }

    @Test
    void aCountTakesItsOwnWord() {
        Domain clocks = new Domain.Quantity(Dimension.COUNT, 1, 1_000, "clocks");
        assertThat(clocks.parse("a", "4 clocks", "x")).isEqualTo(new Value.Amount(4));
        assertThat(clocks.format(new Value.Amount(4))).isEqualTo("4 clocks");
        assertThat(clocks.accepted()).isEqualTo("1 to 1000 clocks");
    }

    @Test
    void whatIsPrintedIsReadBackTheSame() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            Dimension dimension = DIMENSIONS.get(random.nextInt(DIMENSIONS.size()));
            long amount = random.nextLong() >>> (1 + random.nextInt(63));
            if (random.nextBoolean()) {
                amount = Math.min(amount, 1_000_000) * (long) Math.pow(10, random.nextInt(12));
            }
            String text = of(dimension).format(new Value.Amount(amount));
            assertThat(read(dimension, text)).as(text).isEqualTo(amount);
        }
    }

    @Test
    void anyTextGivesAValueOrALabException() {
        SplittableRandom random = new SplittableRandom(2);
        String letters = "0123456789._-+ kKMGiBHznsup%,e\u00b5\u0000\ud83d";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            Dimension dimension = DIMENSIONS.get(random.nextInt(DIMENSIONS.size()));
            try {
                of(dimension).parse("p", text.toString(), "f:1:1");
            } catch (LabException refused) {
                assertThat(refused.getMessage()).startsWith("f:1:1: found ").contains(", expected ");
            }
        }
    }
}
