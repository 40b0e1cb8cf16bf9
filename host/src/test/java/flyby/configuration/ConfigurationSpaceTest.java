package flyby.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.choice.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How the bits of configuration space take what is written: section 7.4, against a model of single bits.
final class ConfigurationSpaceTest {
    private final ConfigurationSpace space = new ConfigurationSpace();

    @Test
    void whatIsNotDefinedReadsAsZeroAndTakesNothing() {
        space.write(0x80, 4, -1);
        assertThat(space.read(0x80, 4)).isZero();
    }

    @Test
    void bitsTakeWritesAsTheyAreDefined() {
        Property.check(300, choices -> {
            long initial = choices.below(1L << 32);
            long writable = choices.below(1L << 32);
            long clearable = choices.below(1L << 32) & ~writable;
            long sticky = choices.chance(1, 2) ? 0xffff_ffffL : 0;
            ConfigurationSpace one = new ConfigurationSpace();
            one.define(0x40, 4, initial, writable, clearable);
            if (sticky != 0) {
                one.keepOverReset(0x40, 4);
            }
            long expected = initial;
            for (int i = 0; i < 10; i++) {
                int byteCount = choices.pick(4, 2, 1);
                int at = (int) choices.below(4 / byteCount) * byteCount;
                long value = choices.below(1L << (8 * byteCount));
                one.write(0x40 + at, byteCount, value);
                for (int bit = 8 * at; bit < 8 * (at + byteCount); bit++) {
                    boolean isOne = ((value >>> (bit - 8 * at)) & 1) != 0;
                    long mask = 1L << bit;
                    if ((writable & mask) != 0) {
                        expected = isOne ? expected | mask : expected & ~mask;
                    } else if ((clearable & mask) != 0 && isOne) {
                        expected &= ~mask;
                    }
                }
                assertThat(one.read(0x40, 4)).isEqualTo(expected);
            }
            one.reset();
            assertThat(one.read(0x40, 4)).isEqualTo(sticky == 0 ? initial : expected);
        });
    }

    @Test
    void capabilitiesAreStrungTogether() {
        int first = space.capability(0x01, 7);
        int second = space.capability(0x10, 0x3c);
        int extended = space.extendedCapability(0x0001, 2, 0x2c);
        int next = space.extendedCapability(0x000f, 1, 8);
        assertThat(space.read(0x34, 1)).isEqualTo(first).isEqualTo(0x40);
        assertThat(space.read(first, 2)).isEqualTo(0x4801);
        assertThat(space.read(second, 2)).isEqualTo(0x0010);
        assertThat(extended).isEqualTo(0x100);
        assertThat(space.read(0x100, 4)).isEqualTo(0x12c2_0001L);
        assertThat(space.read(next, 4)).isEqualTo(0x0001_000fL);
        // The chain is not undone by a reset.
        space.reset();
        assertThat(space.read(0x100, 4)).isEqualTo(0x12c2_0001L);
    }

    @Test
    void tooManyCapabilitiesAreRefused() {
        space.capability(1, 0xc0);
        assertThatThrownBy(() -> space.capability(2, 4)).isInstanceOf(AssertionError.class);
    }

    @Test
    void listenersHearOfWritesInTheirOrder() {
        List<String> heard = new ArrayList<>();
        space.whenWritten((register, byteCount) -> heard.add("a %x+%d".formatted(register, byteCount)));
        space.whenWritten((register, byteCount) -> heard.add("b %x+%d".formatted(register, byteCount)));
        space.write(4, 2, 7);
        space.set(4, 2, 8);
        assertThat(heard).containsExactly("a 4+2", "b 4+2");
    }
}
