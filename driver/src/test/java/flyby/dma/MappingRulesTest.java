package flyby.dma;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.dma.DmaFaults.Point;
import flyby.dma.DmaStatistics.Count;
import flyby.kernel.KernelMemory.Region;
import flyby.kernel.KernelMemory.Zone;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rules of what may be mapped, and of map and unmap: sections 1.3 and 1.4 of the rules.
final class MappingRulesTest {
    private static final int PAGE = 4096;
    private static final Direction TO = Direction.TO_DEVICE;
    private static final Direction FROM = Direction.FROM_DEVICE;

    @Test
    void r13PagesAndKmallocMayBeMapped() {
        Rig rig = Rig.coherent();
        assertThat(rig.dma.mappingError(rig.dma.mapSingle(rig.page("page"), PAGE, TO)))
                .isZero();
        long object = rig.memory.kmalloc(100, "object");
        assertThat(rig.memory.regionOf(object)).isEqualTo(Region.KMALLOC);
        assertThat(rig.dma.mapSingle(object, 100, TO)).isEqualTo(object);
        assertThat(rig.warnings()).isEmpty();
    }

    @Test
    void r14VmallocMemoryIsRejected() {
        for (Rig rig : List.of(Rig.coherent(), Rig.strict())) {
            long area = rig.memory.vmalloc(3 * PAGE, "firmware");
            assertThat(rig.dma.mapSingle(area + 2 * PAGE, 100, TO)).isEqualTo(Dma.MAPPING_ERROR);
            assertThat(rig.dma.mapSingle(area, 100, TO)).isEqualTo(Dma.MAPPING_ERROR);
            assertThat(rig.warnings())
                    .as("WARN_ONCE")
                    .containsExactly("0000:01:00.0: rejecting DMA map of vmalloc memory");
        }
    }

    @Test
    void r15StacksAreRejectedAsTheyAreMemoryOfVmalloc() {
        Rig rig = Rig.coherent();
        long stack = rig.memory.stack(4 * PAGE, "kworker");

        assertThat(rig.dma.mapSingle(stack + 100, 16, TO)).isEqualTo(Dma.MAPPING_ERROR);
        assertThat(rig.warnings()).singleElement().asString().contains("vmalloc");
        // The image is not: only CONFIG_DMA_API_DEBUG says so.
        long image = rig.memory.image(PAGE, "module data");
        assertThat(rig.memory.regionOf(image)).isEqualTo(Region.IMAGE);
        assertThat(rig.dma.mapSingle(image, 16, TO)).isEqualTo(image);
    }

    @Test
    void r16PagesOfVmallocGoThroughMapPage() {
        Rig rig = Rig.coherent();
        long area = rig.memory.vmalloc(3 * PAGE, "area");

        assertThat(rig.dma.mapPage(area + PAGE, 100, 50, TO, Attributes.NONE)).isEqualTo(area + PAGE + 100);
    }

    @Test
    void r17CoherentMemoryThatIsMappedLosesWhatItWasMadeFor() {
        // The mapping believes that it knows all about the memory: its invalidation is of lines that are not there.
        Rig rig = Rig.nonCoherent();
        CoherentBuffer ring = requireNonNull(rig.dma.allocCoherent(PAGE));
        rig.cpu.maintenance.clear();
        long dmaAddress = rig.dma.mapSingle(ring.cpuAddress(), 64, FROM);

        assertThat(dmaAddress).as("nobody refuses").isEqualTo(ring.dmaAddress());
        assertThat(rig.cpu.maintenance).hasSize(1);
        rig.dma.freeCoherent(PAGE, ring.cpuAddress(), ring.dmaAddress());
        assertThat(rig.memory.purposeOf(ring.cpuAddress()))
                .as("the mapping is of free memory")
                .isNull();
    }

    @Test
    void r18ResourcesAreRegistersAndGetNoMaintenance() {
        Rig rig = Rig.nonCoherent();
        long register = rig.dma.mapResource(0xc000_0000L, PAGE, TO, Attributes.NONE);
        rig.dma.unmapResource(register, PAGE, TO, Attributes.NONE);
        assertThat(register).isEqualTo(0xc000_0000L);
        assertThat(rig.cpu.maintenance).isEmpty();

        // Memory is not refused either, without CONFIG_DMA_API_DEBUG: the device reads what the CPU has not stored.
        long page = rig.page("buffer");
        rig.cpu.store8(page, 7);
        long mapped = rig.dma.mapResource(page, 64, TO, Attributes.NONE);
        assertThat(rig.deviceReads(mapped)).isZero();
        assertThat(Rig.bounced(BounceOptions.forced(Rig.pool(Rig.POOL_BYTES)))
                        .dma
                        .mapResource(0xc000_0000L, PAGE, TO, Attributes.NONE))
                .as("registers do not bounce")
                .isEqualTo(Dma.MAPPING_ERROR);
    }

    @Test
    void r19WhatSharesALineWithADevicesBytesIsLost() {
        Rig rig = Rig.nonCoherent();
        assertThat(rig.dma.cacheAlignment()).isEqualTo(64);
        assertThat(Rig.coherent().dma.cacheAlignment()).isEqualTo(1);
        long object = rig.memory.kmalloc(64, "command and answer");
        long dmaAddress = rig.dma.mapSingle(object, 32, FROM);
        rig.cpu.store8(object + 40, 7);
        rig.deviceWrites(dmaAddress, 9);
        rig.dma.unmapSingle(dmaAddress, 32, FROM);

        assertThat(rig.cpu.load8(object)).isEqualTo(9);
        assertThat(rig.cpu.load8(object + 40)).as("the neighbour's store").isZero();
    }

    @Test
    void r20ObjectsOfKmallocDoNotShareLinesWhereThatMatters() {
        Rig rig = Rig.nonCoherent();
        long one = rig.memory.kmalloc(8, "one");
        long two = rig.memory.kmalloc(8, "two");
        assertThat(one / 64).isNotEqualTo(two / 64);
        long dmaAddress = rig.dma.mapSingle(one, 8, FROM);
        rig.cpu.store8(two, 7);
        rig.deviceWrites(dmaAddress, 9);
        rig.dma.unmapSingle(dmaAddress, 8, FROM);

        assertThat(rig.cpu.load8(one)).isEqualTo(9);
        assertThat(rig.cpu.load8(two)).isEqualTo(7);
    }

    @Test
    void r22EverySuccessfulMapNeedsOneUnmap() {
        Rig rig = Rig.strict();
        rig.dma.setMask(Dma.bitMask(24));
        long page = rig.page("buffer");
        for (int i = 0; i < 20_000; i++) {
            long dmaAddress = rig.dma.mapSingle(page, PAGE, TO);
            assertThat(rig.dma.mappingError(dmaAddress)).isZero();
            rig.dma.unmapSingle(dmaAddress, PAGE, TO);
        }
        int count = 0;
        while (rig.dma.mappingError(rig.dma.mapSingle(page, PAGE, TO)) == 0) {
            count++;
        }
        assertThat(count).as("24 bits of IOVAs, but for page 0").isEqualTo(4095);
    }

    @Test
    void r22ASecondUnmapIsWarnedOfAndTakesNobodysMapping() {
        for (Rig rig : List.of(Rig.strict(), Rig.lazy())) {
            long page = rig.page("buffer");
            long first = rig.dma.mapSingle(page, PAGE, TO);
            rig.dma.unmapSingle(first, PAGE, TO);
            rig.dma.unmapSingle(first, PAGE, TO);
            assertThat(rig.warnings()).hasSize(1);
            long second = rig.dma.mapSingle(page, PAGE, TO);
            long third = rig.dma.mapSingle(page, PAGE, TO);
            assertThat(second).isNotEqualTo(third);
        }
    }

    @Test
    void r23UnmappedWithAnotherSizeLeavesPagesBehind() {
        Rig rig = Rig.strict();
        long pages = rig.memory.allocateContiguous(4 * PAGE, Zone.NORMAL, "buffer");
        long dmaAddress = rig.dma.mapSingle(pages, 4 * PAGE, TO);
        rig.dma.unmapSingle(dmaAddress, PAGE, TO);
        assertThat(rig.warnings()).as("Linux does not notice").isEmpty();
        assertThat(rig.reaches(dmaAddress, false)).isFalse();
        assertThat(rig.reaches(dmaAddress + PAGE, false)).as("still there").isTrue();

        long other = rig.dma.mapSingle(pages, 16 * PAGE, TO);
        rig.dma.unmapSingle(other, 18 * PAGE, TO);
        assertThat(rig.warnings()).as("more than there is").hasSize(1);
        rig.dma.unmapSingle(0x1234_5000, PAGE, TO);
        rig.dma.unmapSingle(-1, PAGE, TO);
        rig.dma.unmapSingle(Long.MAX_VALUE - 10, PAGE, TO);
        assertThat(rig.warnings()).hasSize(4);
    }

    @Test
    void r23UnmappedWithAnotherDirectionSkipsTheInvalidation() {
        Rig rig = Rig.nonCoherent();
        long page = rig.page("buffer");
        long dmaAddress = rig.dma.mapSingle(page, 64, FROM);
        assertThat(rig.cpu.load8(page)).as("the line is cached too early").isZero();
        rig.deviceWrites(dmaAddress, 9);
        rig.dma.unmapSingle(dmaAddress, 64, TO);

        assertThat(rig.cpu.load8(page)).as("stale").isZero();
    }

    @Test
    void r24SkippingTheSyncMayDiffer() {
        Rig rig = Rig.bounced(BounceOptions.forced(Rig.pool(Rig.POOL_BYTES)));
        long page = rig.page("buffer");
        long dmaAddress = rig.dma.mapSingle(page, 64, FROM);
        rig.deviceWrites(dmaAddress, 9);
        rig.dma.syncSingleForCpu(dmaAddress, 64, FROM);
        rig.deviceWrites(dmaAddress, 11);
        rig.dma.unmapSingle(dmaAddress, 64, FROM, Attributes.SKIP_CPU_SYNC);

        assertThat(rig.cpu.load8(page)).isEqualTo(9);
        assertThat(rig.warnings()).isEmpty();
    }

    @Test
    void r25WhatTheDeviceWritesAfterTheUnmapIsRefusedOrSomebodyElses() {
        Rig strict = Rig.strict();
        long dmaAddress = strict.dma.mapSingle(strict.page("buffer"), PAGE, FROM);
        strict.dma.unmapSingle(dmaAddress, PAGE, FROM);
        assertThat(strict.reaches(dmaAddress, true)).isFalse();

        Rig direct = Rig.coherent();
        long page = direct.page("buffer");
        long mapped = direct.dma.mapSingle(page, PAGE, FROM);
        direct.dma.unmapSingle(mapped, PAGE, FROM);
        direct.memory.freePages(page, 0);
        long next = direct.page("somebody else's");
        direct.deviceWrites(mapped, 5);
        assertThat(direct.cpu.load8(next)).isEqualTo(5);
    }

    @Test
    void r26AFailedMapIsNoAddress() {
        Rig rig = Rig.strict();
        rig.dma.faults().fail(Point.MAP, 1);
        long failed = rig.dma.mapSingle(rig.page("buffer"), PAGE, TO);

        assertThat(rig.dma.mappingError(failed)).isNegative();
        assertThat(rig.reaches(failed, false)).isFalse();
        assertThat(rig.dma.statistics().of(Count.FAILURES)).isEqualTo(1);
    }

    @Test
    void r27AFailureInTheMiddleLeavesTheOthersMapped() {
        Rig rig = Rig.strict();
        rig.dma.faults().fail(Point.MAP, 3);
        long[] mapped = new long[4];
        int count = 0;
        while (count < 4) {
            mapped[count] = rig.dma.mapSingle(rig.page("fragment"), PAGE, TO);
            if (rig.dma.mappingError(mapped[count]) != 0) {
                break;
            }
            count++;
        }
        assertThat(count).isEqualTo(2);
        assertThat(rig.reaches(mapped[1], false)).isTrue();
        for (int i = 0; i < count; i++) {
            rig.dma.unmapSingle(mapped[i], PAGE, TO);
        }
        assertThat(rig.warnings()).isEmpty();
        rig.dma.unmapSingle(mapped[2], PAGE, TO);
        assertThat(rig.warnings())
                .as("the one that failed is not to be unmapped")
                .hasSize(1);
    }

    @Test
    void r29WhatIsLongerThanTheLongestMappingFails() {
        Rig rig = Rig.bounced(BounceOptions.forced(Rig.pool(Rig.POOL_BYTES)));
        long pages = rig.memory.allocatePages(8, Zone.NORMAL, "buffer");
        assertThat(rig.dma.maxMappingSize()).isEqualTo(256 << 10);
        assertThat(rig.dma.mappingError(rig.dma.mapSingle(pages, 256 << 10, TO)))
                .isZero();
        assertThat(rig.dma.mapSingle(pages, (256 << 10) + 1, TO)).isEqualTo(Dma.MAPPING_ERROR);
        rig.dma.setMinAlignMask(PAGE - 1);
        assertThat(rig.dma.maxMappingSize()).isEqualTo(252 << 10);

        assertThat(Rig.coherent().dma.maxMappingSize()).isEqualTo(Dma.NO_LIMIT);
        assertThat(Rig.strict().dma.maxMappingSize()).isEqualTo(Dma.NO_LIMIT);
        assertThat(Rig.strict().dma.optMappingSize()).isEqualTo(128 << 10);
        assertThat(Rig.untrusted().dma.maxMappingSize()).isEqualTo(256 << 10);
    }

    @Test
    void r30StreamingCallsMayBeMadeInAHandler() {
        for (Rig rig : List.of(Rig.coherent(), Rig.nonCoherent(), Rig.strict(), Rig.lazy())) {
            rig.cpu.isAtomic = true;
            long dmaAddress = rig.dma.mapSingle(rig.page("buffer"), PAGE, FROM);
            rig.dma.syncSingleForCpu(dmaAddress, PAGE, FROM);
            rig.dma.syncSingleForDevice(dmaAddress, PAGE, FROM);
            rig.dma.unmapSingle(dmaAddress, PAGE, FROM);
            assertThat(rig.warnings()).isEmpty();
        }
    }

    @Test
    void r32WhatIsStoredAfterTheMapTheDeviceDoesNotSee() {
        Rig noncoherent = Rig.nonCoherent();
        Rig bounced = Rig.bounced(BounceOptions.forced(Rig.pool(Rig.POOL_BYTES)));
        for (Rig rig : List.of(noncoherent, bounced)) {
            long page = rig.page("packet");
            rig.cpu.store8(page, 1);
            long dmaAddress = rig.dma.mapSingle(page, 64, TO);
            rig.cpu.store8(page, 2);
            assertThat(rig.deviceReads(dmaAddress)).isEqualTo(1);
            rig.dma.syncSingleForDevice(dmaAddress, 64, TO);
            assertThat(rig.deviceReads(dmaAddress)).isEqualTo(2);
        }
    }
}
