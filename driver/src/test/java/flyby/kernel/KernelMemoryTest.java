package flyby.kernel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Property;
import flyby.kernel.KernelMemory.Node;
import flyby.kernel.KernelMemory.Region;
import flyby.kernel.KernelMemory.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Who gets which memory, and what happens to those who give back what they do not have.
final class KernelMemoryTest {
    private static final int PAGE = 4096;

    private final List<String> misuse = new ArrayList<>();

    private KernelMemory memory(long begin, long end, int alignment) {
        KernelMemory memory = new KernelMemory(begin, end, alignment);
        memory.onMisuse(misuse::add);
        return memory;
    }

    @Test
    void pagesComeFromTheHighestZoneThatIsAllowed() {
        KernelMemory memory = memory(1 << 20, 6L << 30, 64);

        assertThat(memory.allocatePages(0, Zone.NORMAL, "any")).isEqualTo(4L << 30);
        assertThat(memory.allocatePages(0, Zone.DMA32, "below 4 GiB")).isEqualTo(16 << 20);
        assertThat(memory.allocatePages(3, Zone.DMA, "below 16 MiB")).isEqualTo(1 << 20);
        assertThat(memory.regionOf(4L << 30)).isEqualTo(Region.PAGES);
        assertThat(memory.purposeOf((1 << 20) + 8 * PAGE - 1)).isEqualTo("below 16 MiB");
        assertThat(memory.regionOf((1 << 20) + 8 * PAGE)).isEqualTo(Region.FREE);
    }

    @Test
    void aZoneThatIsFullIsHelpedByThoseBelow() {
        KernelMemory memory = memory(1 << 20, (16 << 20) + PAGE, 64);

        assertThat(memory.allocatePages(0, Zone.NORMAL, "")).isEqualTo(16 << 20);
        assertThat(memory.allocatePages(0, Zone.NORMAL, "")).isEqualTo(1 << 20);
    }

    @Test
    void aSocketsOwnMemoryComesFirst() {
        KernelMemory memory = new KernelMemory(List.of(new Node(0, 1 << 30), new Node(1 << 30, 2L << 30)), 64);

        assertThat(memory.allocatePages(0, Zone.NORMAL, 1, "")).isEqualTo(1 << 30);
        assertThat(memory.allocatePages(0, Zone.NORMAL, 0, "")).isEqualTo(16 << 20);
        assertThat(memory.end()).isEqualTo(2L << 30);
    }

    @Test
    void smallObjectsShareAPage() {
        KernelMemory memory = memory(1 << 20, 1 << 28, 8);
        long first = memory.kmalloc(60, "first");
        long second = memory.kmalloc(64, "second");

        assertThat(second).isEqualTo(first + 64);
        assertThat(memory.allocationAt(second + 63))
                .isEqualTo(new KernelMemory.Allocation(second, 64, Region.KMALLOC, "second"));
        assertThat(memory.regionOf(second + 64)).isEqualTo(Region.FREE);
        memory.kfree(first);
        assertThat(memory.kmalloc(33, "third")).as("last in, first out").isEqualTo(first);
    }

    /// `kmalloc` of Linux has these caches, and on a machine with ARCH_DMA_MINALIGN of 128 these.
    @Test
    void sizesAreLinuxs() {
        KernelMemory plain = memory(1 << 20, 1 << 28, 8);
        KernelMemory aligned = memory(1 << 20, 1 << 28, 128);

        assertThat(List.of(1L, 9L, 65L, 97L, 129L, 193L, 4097L, 8193L, 20_000L).stream()
                        .map(plain::kmallocBytes))
                .containsExactly(8L, 16L, 96L, 128L, 192L, 256L, 8192L, 16_384L, 32_768L);
        assertThat(List.of(1L, 129L, 193L).stream().map(aligned::kmallocBytes)).containsExactly(128L, 256L, 256L);
        assertThat(aligned.kmalloc(8, "") % 128).isZero();
        assertThat(aligned.kmalloc(8, "") % 128).isZero();
        assertThat(plain.kmalloc(0, "")).isEqualTo(KernelMemory.ZERO_SIZE);
    }

    @Test
    void whoFreesWhatHeHasNotIsNamed() {
        KernelMemory memory = memory(1 << 20, 1 << 28, 8);
        long page = memory.allocatePages(1, Zone.NORMAL, "pages");
        long object = memory.kmalloc(100, "object");
        long area = memory.vmalloc(PAGE, "area");

        memory.kfree(object + 8);
        memory.kfree(page);
        memory.freePages(page + PAGE, 0);
        memory.vfree(page);
        memory.kfree(object);
        memory.kfree(object);
        memory.freePages(page, 0);
        memory.freePages(page, 1);
        memory.vfree(area);
        memory.kfree(KernelMemory.NONE);
        memory.kfree(KernelMemory.ZERO_SIZE);

        assertThat(misuse)
                .containsExactly(
                        "kfree of 0x%x: object already free, or none".formatted(object + 8),
                        "kfree of 0x%x, which kmalloc has not given".formatted(page),
                        "Bad page state: the pages at 0x%x are freed, but nobody has them".formatted(page + PAGE),
                        "Trying to vfree() nonexistent vm area (0x%x)".formatted(page),
                        "kfree of 0x%x: object already free, or none".formatted(object),
                        "Bad page state: 8192 B at 0x%x are freed as order 0".formatted(page),
                        "Bad page state: the pages at 0x%x are freed, but nobody has them".formatted(page));
    }

    @Test
    void moreThanTheLargestBlockIsARunOfThem() {
        KernelMemory memory = memory(1 << 20, 1 << 28, 64);
        long free = memory.freeBytes();

        assertThat(memory.allocatePages(11, Zone.NORMAL, "")).isEqualTo(KernelMemory.NONE);
        long run = memory.allocateContiguous((10 << 20) + 1, Zone.NORMAL, "run");
        assertThat(run).isEqualTo(16 << 20);
        assertThat(memory.allocationAt(run + (10 << 20))).isNotNull();
        assertThat(memory.allocatePages(0, Zone.NORMAL, "")).isEqualTo(run + (10 << 20) + PAGE);
        memory.freeContiguous(run);
        memory.freePages(run + (10 << 20) + PAGE, 0);
        assertThat(memory.freeBytes()).isEqualTo(free);
        assertThat(memory.allocateContiguous(1 << 29, Zone.NORMAL, "")).isEqualTo(KernelMemory.NONE);
    }

    @Test
    void nothingIsGivenOutTwiceAndAllOfItComesBack() {
        Property.check(100, choices -> {
            KernelMemory memory =
                    memory(1 << 20, 24 << 20, (int) choices.pick(8L, 64L, 128L).longValue());
            long free = memory.freeBytes();
            TreeMap<Long, Long> live = new TreeMap<>();
            Map<Long, Runnable> frees = new TreeMap<>();
            for (int step = 0; step < 300; step++) {
                if (!live.isEmpty() && choices.chance(1, 2)) {
                    Long some = live.floorKey(choices.below(24 << 20));
                    if (some != null) {
                        live.remove(some);
                        requireNonNull(frees.remove(some)).run();
                    }
                    continue;
                }
                long at;
                long byteCount;
                Runnable back;
                if (choices.chance(1, 4)) {
                    int order = (int) choices.below(11);
                    at = memory.allocatePages(order, choices.pick(Zone.values()), "");
                    byteCount = (long) PAGE << order;
                    back = () -> memory.freePages(at, order);
                } else if (choices.chance(1, 6)) {
                    byteCount = choices.between(1, 9 << 20);
                    at = memory.allocateContiguous(byteCount, Zone.NORMAL, "");
                    back = () -> memory.freeContiguous(at);
                } else {
                    byteCount = choices.between(1, 20_000);
                    at = memory.kmalloc(byteCount, "");
                    assertThat(at % memory.alignment()).isZero();
                    back = () -> memory.kfree(at);
                }
                if (at == KernelMemory.NONE) {
                    continue;
                }
                Map.Entry<Long, Long> below = live.lowerEntry(at + byteCount);
                assertThat(below == null || below.getKey() + below.getValue() <= at)
                        .as("0x%x+%d overlaps %s", at, byteCount, below)
                        .isTrue();
                assertThat(at >= 1 << 20 && at + byteCount <= 24 << 20).isTrue();
                live.put(at, byteCount);
                frees.put(at, back);
            }
            frees.values().forEach(Runnable::run);
            assertThat(misuse).isEmpty();
            // What kmalloc keeps: five slabs of each of 13 sizes, of up to 8 pages.
            assertThat(free - memory.freeBytes()).isLessThanOrEqualTo(13 * 5 * 8 * PAGE);
        });
    }
}
