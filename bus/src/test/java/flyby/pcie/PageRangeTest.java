package flyby.pcie;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Property;
import org.junit.jupiter.api.Test;

/// Ranges of pages as ATS writes them: section 10.2.3.2 of the specification, by hand.
final class PageRangeTest {
    @Test
    void aPageOf4KibHasNoSizeBit() {
        assertThat(PageRange.of(0x1234_5678_9abcL, 12, true, false)).isEqualTo(0x1234_5678_9001L);
    }

    @Test
    void aPageOf2MibHasEightOnesBelowAZero() {
        // Size bit 11, ones from bit 12 to bit 19, bit 20 is 0.
        assertThat(PageRange.of(0x1234_5678_9abcL, 21, true, true)).isEqualTo(0x1234_566f_f803L);
        assertThat(PageRange.shift(0x1234_566f_f803L)).isEqualTo(21);
    }

    @Test
    void theHighestByteComesFirst() {
        byte[] payload = new byte[9];
        PageRange.put(0x0123_4567_89ab_cdefL, payload, 1);
        assertThat(payload).containsExactly(0, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef);
    }

    @Test
    void whatIsWrittenIsRead() {
        Property.check(500, choices -> {
            int shift = (int) choices.between(12, 51);
            long address = choices.below(1L << 52);
            boolean readable = choices.chance(1, 2);
            boolean writable = choices.chance(1, 2);
            byte[] payload = new byte[PageRange.BYTES];
            PageRange.put(PageRange.of(address, shift, readable, writable), payload, 0);
            long range = PageRange.get(payload, 0);
            assertThat(PageRange.shift(range)).isEqualTo(shift);
            assertThat(PageRange.address(range)).isEqualTo(address >> shift << shift);
            assertThat(PageRange.isReadable(range)).isEqualTo(readable);
            assertThat(PageRange.isWritable(range)).isEqualTo(writable);
        });
    }
}
