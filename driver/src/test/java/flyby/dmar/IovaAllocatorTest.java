package flyby.dmar;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Property;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What is given out, and where.
final class IovaAllocatorTest {
    private static final long PAGE = 4096;

    @Test
    void fromTheTopDownwardsAlignedToTheSize() {
        IovaAllocator iovas = new IovaAllocator(PAGE, 1L << 32);
        iovas.reserve(0xfee0_0000L, 0x10_0000);

        assertThat(iovas.allocate(PAGE)).isEqualTo(0xffff_f000L);
        assertThat(iovas.allocate(100)).isEqualTo(0xffff_e000L);
        assertThat(iovas.allocate(3 * PAGE)).as("as if it were four").isEqualTo(0xffff_8000L);
        assertThat(iovas.allocate(1 << 21)).isEqualTo(0xffc0_0000L);
        assertThat(iovas.allocate(100 * PAGE)).as("on 128 pages").isEqualTo(0xffb8_0000L);
        assertThat(iovas.allocate(12 << 20)).as("not where interrupts are").isEqualTo(0xfe00_0000L);
    }

    @Test
    void smallOnesAreUsedAgainLastInFirstOut() {
        IovaAllocator iovas = new IovaAllocator(PAGE, 1L << 32);
        long first = iovas.allocate(PAGE);
        long second = iovas.allocate(PAGE);
        iovas.free(first, PAGE);
        iovas.free(second, PAGE);

        assertThat(iovas.allocate(PAGE)).isEqualTo(second);
        assertThat(iovas.allocate(PAGE)).isEqualTo(first);
    }

    @Test
    void largeOnesLeaveRoomThatIsFoundAgain() {
        IovaAllocator iovas = new IovaAllocator(PAGE, 1L << 32);
        long first = iovas.allocate(1 << 30);
        iovas.allocate(1 << 30);
        iovas.allocate(1 << 30);
        assertThat(iovas.allocate(1 << 30)).as("page 0 is not to be had").isEqualTo(IovaAllocator.NONE);
        iovas.free(first, 1 << 30);

        assertThat(iovas.allocate(1 << 20)).isEqualTo((1L << 32) - (1 << 20));
        assertThat(iovas.allocate(1 << 29)).isEqualTo(0xc000_0000L);
    }

    @Test
    void nothingIsGivenOutTwice() {
        Property.check(200, choices -> {
            IovaAllocator iovas = new IovaAllocator(PAGE, 1 << 22);
            TreeMap<Long, Long> live = new TreeMap<>();
            for (int step = 0; step < 300; step++) {
                if (live.isEmpty() || choices.chance(1, 2)) {
                    long byteCount = choices.between(1, 40 * PAGE);
                    long iova = iovas.allocate(byteCount);
                    if (iova == IovaAllocator.NONE) {
                        continue;
                    }
                    Map.Entry<Long, Long> before = live.lowerEntry(iova + byteCount);
                    assertThat(before == null || before.getKey() + before.getValue() <= iova)
                            .as("0x%x+%d overlaps %s", iova, byteCount, before)
                            .isTrue();
                    assertThat(iova >= PAGE && iova + byteCount <= 1 << 22).isTrue();
                    live.put(iova, byteCount);
                } else {
                    Map.Entry<Long, Long> some = live.ceilingEntry(choices.below(1 << 22));
                    if (some != null) {
                        live.remove(some.getKey());
                        iovas.free(some.getKey(), some.getValue());
                    }
                }
            }
        });
    }
}
