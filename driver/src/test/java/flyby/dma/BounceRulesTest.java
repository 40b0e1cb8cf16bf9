package flyby.dma;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Property;
import flyby.dma.DmaStatistics.Count;
import flyby.dma.Rig.Way;
import flyby.kernel.KernelMemory;
import flyby.kernel.KernelMemory.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Rules of bounce buffers, granules and windows: section 1.12 of the rules, `swiotlb.rst`.
final class BounceRulesTest {
    private static final int PAGE = 4096;
    private static final int SLOT = 2048;
    private static final Direction TO = Direction.TO_DEVICE;
    private static final Direction FROM = Direction.FROM_DEVICE;

    private static Rig forced() {
        return Rig.bounced(BounceOptions.forced(Rig.pool(Rig.POOL_BYTES)));
    }

    @Test
    void r80AMappingHasAtMost128Slots() {
        Swiotlb pool = Rig.pool(1 << 20);
        assertThat(pool.allocate(5 << 20, (256 << 10) + 1, 0, 0, -1, 0)).isEqualTo(-1);
        assertThat(pool.allocate(5 << 20, 256 << 10, 0, 0, -1, 0)).isEqualTo(1 << 20);
        assertThat(pool.usedSlots()).isEqualTo(128);
        assertThat(Swiotlb.maxMappingBytes(0)).isEqualTo(256 << 10);
        assertThat(Swiotlb.maxMappingBytes(PAGE - 1)).isEqualTo((256 << 10) - PAGE);
        assertThat(Swiotlb.maxMappingBytes(511)).isEqualTo((256 << 10) - SLOT);
        assertThat(Swiotlb.DEFAULT_BYTES).isEqualTo(64 << 20);
    }

    @Test
    void r80TheAddressBitsThatTheDeviceWantsAreKept() {
        Swiotlb pool = Rig.pool(1 << 20);
        long original = (5 << 20) + 3 * SLOT + 700;
        long kept = pool.allocate(original, 100, 0, PAGE - 1, -1, 0);
        assertThat(kept & (PAGE - 1)).isEqualTo(original & (PAGE - 1));
        assertThat(pool.originalOf(kept, PAGE - 1)).isEqualTo(original);
        assertThat(pool.allocate(original, 100, 0, 511, -1, 0) & 511).isEqualTo(700 & 511);
        assertThat(pool.allocate(original, 100, 0, 0, -1, 0) % SLOT).isZero();
        assertThat(pool.allocate(original, PAGE, 0, 0, -1, 0) % PAGE)
                .as("a page or more")
                .isZero();
        assertThat(pool.allocate(original, 100, PAGE - 1, 0, -1, 0) % PAGE)
                .as("a granule")
                .isZero();
    }

    @Test
    void r80AnEmptyPoolFailsAtOnce() {
        Rig rig = Rig.bounced(BounceOptions.forced(Rig.pool(256 << 10)));
        long page = rig.page("buffer");
        List<Long> mapped = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            mapped.add(rig.dma.mapSingle(page, 64, TO));
        }
        assertThat(rig.dma.mapSingle(page, 64, TO)).isEqualTo(Dma.MAPPING_ERROR);
        assertThat(rig.warnings())
                .containsExactly(
                        "0000:01:00.0: swiotlb buffer is full (sz: 64 bytes), total 128 (slots), used 128 (slots)");
        rig.dma.unmapSingle(mapped.get(77), 64, TO);
        assertThat(rig.dma.mapSingle(page, 64, TO)).isEqualTo(mapped.get(77));
        rig.dma.unmapSingle(mapped.get(3), 64, TO);
        rig.dma.unmapSingle(mapped.get(3), 64, TO);
        assertThat(rig.warnings()).as("twice").hasSize(2);
    }

    @Test
    void r81ThePayloadIsCopiedInWhateverTheDirection() {
        for (Direction direction : List.of(TO, FROM, Direction.BIDIRECTIONAL)) {
            Rig rig = forced();
            long page = rig.page("buffer");
            rig.cpu.store8(page, 7);
            rig.cpu.deviceWrites((1 << 20) + 100, 0x55);
            long dmaAddress = rig.dma.mapSingle(page, 100, direction);
            assertThat(rig.deviceReads(dmaAddress)).isEqualTo(7);
            assertThat(rig.deviceReads(dmaAddress + 100))
                    .as("the rest of the slot is not cleared")
                    .isEqualTo(0x55);
        }
    }

    @Test
    void r81OtherwiseWhatTheDeviceLeavesOutIsOld() {
        Rig rig = Rig.bounced(new BounceOptions(Rig.pool(Rig.POOL_BYTES), true, false, false));
        long page = rig.page("buffer");
        rig.cpu.store8(page + 1, 7);
        rig.cpu.deviceWrites((1 << 20) + 1, 0x55);
        long dmaAddress = rig.dma.mapSingle(page, 100, FROM);
        rig.deviceWrites(dmaAddress, 9);
        rig.dma.unmapSingle(dmaAddress, 100, FROM);

        assertThat(rig.cpu.load8(page)).isEqualTo(9);
        assertThat(rig.cpu.load8(page + 1)).as("somebody else's old byte").isEqualTo(0x55);
    }

    @Test
    void bouncedWhereTheDeviceDoesNotReach() {
        Rig rig = new Rig(
                Way.DIRECT,
                new Dma.Platform(true, 64).with(BounceOptions.of(Rig.pool(Rig.POOL_BYTES))),
                new KernelMemory(2 << 20, 6L << 30, 8));
        long high = rig.page("high");
        long low = rig.memory.allocatePages(0, Zone.DMA32, "low");
        rig.cpu.store8(high, 7);
        long bounced = rig.dma.mapSingle(high, PAGE, TO);
        assertThat(bounced).isBetween(1L << 20, (2L << 20) - 1);
        assertThat(rig.deviceReads(bounced)).isEqualTo(7);
        assertThat(rig.dma.mapSingle(low, PAGE, TO)).isEqualTo(low);
        assertThat(rig.dma.statistics().of(Count.BOUNCES)).isEqualTo(1);
        assertThat(rig.dma.maxMappingSize()).isEqualTo(256 << 10);
        rig.dma.setMask(Dma.bitMask(64));
        assertThat(rig.dma.mapSingle(high, PAGE, TO)).isEqualTo(high);
        assertThat(rig.dma.maxMappingSize()).isEqualTo(Dma.NO_LIMIT);
    }

    @Test
    void smallUnalignedMemoryIsBouncedWhereItSharesLines() {
        BounceOptions options = new BounceOptions(Rig.pool(Rig.POOL_BYTES), false, true, true);
        Rig rig = new Rig(
                Way.DIRECT, new Dma.Platform(false, 64).with(options), new KernelMemory(2 << 20, Rig.MEMORY_END, 8));
        long small = rig.memory.kmalloc(8, "small");
        long neighbour = rig.memory.kmalloc(8, "neighbour");
        assertThat(small / 64).isEqualTo(neighbour / 64);
        long dmaAddress = rig.dma.mapSingle(small, 8, FROM);
        rig.cpu.store8(neighbour, 5);
        rig.deviceWrites(dmaAddress, 9);
        rig.dma.unmapSingle(dmaAddress, 8, FROM);
        assertThat(rig.cpu.load8(small)).isEqualTo(9);
        assertThat(rig.cpu.load8(neighbour)).isEqualTo(5);
        rig.dma.mapSingle(small, 8, TO);
        rig.dma.mapSingle(rig.memory.kmalloc(64, "a line"), 64, FROM);
        rig.dma.mapSingle(rig.memory.kmalloc(200, "more than two"), 200, FROM);
        assertThat(rig.dma.statistics().of(Count.BOUNCES)).isEqualTo(1);
    }

    @Test
    void r82TheRestOfTheGranuleIsExposed() {
        Rig rig = Rig.strict();
        long page = rig.page("buffer and neighbour");
        rig.cpu.store8(page + 2048, 7);
        long dmaAddress = rig.dma.mapSingle(page, 64, Direction.BIDIRECTIONAL);

        assertThat(rig.deviceReads(dmaAddress + 2048)).as("not the buffer's").isEqualTo(7);
        assertThat(rig.reaches(dmaAddress + PAGE, false)).isFalse();
    }

    @Test
    void r82UntrustedDevicesGetGranulesOfTheirOwn() {
        Rig rig = Rig.untrusted();
        long page = rig.page("buffer and neighbour");
        rig.cpu.store8(page + 100, 7);
        rig.cpu.store8(page + 2048, 8);
        for (int i = 0; i < PAGE; i++) {
            rig.cpu.deviceWrites((1 << 20) + i, 0x55);
        }
        long dmaAddress = rig.dma.mapSingle(page + 100, 64, Direction.BIDIRECTIONAL);
        assertThat(rig.deviceReads(dmaAddress)).isEqualTo(7);
        long granule = dmaAddress & -PAGE;
        for (int i = 0; i < PAGE; i++) {
            if (granule + i < dmaAddress || granule + i >= dmaAddress + 64) {
                assertThat(rig.deviceReads(granule + i)).as("byte %d", i).isZero();
            }
        }
        rig.deviceWrites(dmaAddress, 9);
        rig.dma.unmapSingle(dmaAddress, 64, Direction.BIDIRECTIONAL);
        assertThat(rig.cpu.load8(page + 100)).isEqualTo(9);
        rig.dma.mapSingle(page, PAGE, TO);
        assertThat(rig.dma.statistics().of(Count.BOUNCES))
                .as("a whole granule needs none")
                .isEqualTo(1);
        assertThat(rig.warnings()).isEmpty();
    }

    @Test
    void r82WithoutAPoolTheyGetNothing() {
        Rig rig = new Rig(Way.STRICT, new Dma.Platform(true, 64).untrusted());
        assertThat(rig.dma.mapSingle(rig.page("buffer"), 64, TO)).isEqualTo(Dma.MAPPING_ERROR);
        assertThat(rig.warnings()).singleElement().asString().contains("bounce buffers are inactive");
    }

    @Test
    void r83ALazyUnmapLeavesAWindow() {
        Rig rig = Rig.lazy();
        long page = rig.page("buffer");
        long dmaAddress = rig.dma.mapSingle(page, PAGE, FROM);
        rig.deviceWrites(dmaAddress, 1);
        rig.dma.unmapSingle(dmaAddress, PAGE, FROM);
        rig.deviceWrites(dmaAddress, 2);
        assertThat(rig.cpu.load8(page)).as("the translation is still cached").isEqualTo(2);
        rig.space.flush();
        rig.deviceWrites(dmaAddress, 3);
        assertThat(rig.cpu.load8(page)).isEqualTo(2);
    }

    /// Whatever is mapped in whatever order: buffers do not overlap, are where they should be, and the pool is empty
    /// in the end.
    @Test
    void slotsAreNeverGivenOutTwice() {
        Property.check(200, choices -> {
            int areas = 1 << choices.below(3);
            Swiotlb pool = new Swiotlb(1 << 20, 1 << 20, areas);
            int minAlign = choices.pick(0, 511, PAGE - 1, 4 * PAGE - 1);
            TreeMap<Long, Long> live = new TreeMap<>();
            for (int step = 0; step < 300; step++) {
                if (!live.isEmpty() && choices.chance(1, 2)) {
                    Long some = live.floorKey((1 << 20) + choices.below(1 << 20));
                    if (some != null) {
                        live.remove(some);
                        assertThat(pool.release(some, minAlign)).isTrue();
                    }
                    continue;
                }
                long original = (5 << 20) + choices.below(1 << 20);
                long byteCount = choices.between(1, choices.pick(1000, 10_000, 250_000));
                int alignMask = choices.pick(0, 0, PAGE - 1);
                long at = pool.allocate(original, byteCount, alignMask, minAlign, -1, (int) choices.below(4));
                if (at < 0) {
                    continue;
                }
                Map.Entry<Long, Long> below = live.lowerEntry(at + byteCount);
                assertThat(below == null || below.getKey() + below.getValue() <= at)
                        .isTrue();
                assertThat(at & minAlign & (alignMask | SLOT - 1))
                        .isEqualTo(original & minAlign & (alignMask | SLOT - 1));
                long probe = choices.below(byteCount);
                assertThat(pool.originalOf(at + probe, minAlign)).isEqualTo(original + probe);
                assertThat(pool.bytesFrom(at + probe, minAlign)).isGreaterThanOrEqualTo(byteCount - probe);
                live.put(at, byteCount);
            }
            live.keySet().forEach(at -> pool.release(at, minAlign));
            assertThat(pool.usedSlots()).isZero();
            assertThat(pool.allocate(5 << 20, 256 << 10, 0, 0, -1, 0))
                    .as("whole again")
                    .isPositive();
        });
    }
}
