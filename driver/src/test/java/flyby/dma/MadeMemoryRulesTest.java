package flyby.dma;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.kernel.Errno;
import flyby.kernel.KernelMemory.Zone;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Rules of non-coherent and non-contiguous memory and of the IOVA functions: section 1.9; and of attributes: 1.10.
final class MadeMemoryRulesTest {
    private static final int PAGE = 4096;
    private static final long NO = Attributes.NONE;
    private static final Direction TO = Direction.TO_DEVICE;
    private static final Direction FROM = Direction.FROM_DEVICE;

    @Test
    void r61NoncoherentMemoryIsSyncedByTheDriver() {
        for (Rig rig : List.of(Rig.nonCoherent(), Rig.coherent(), Rig.strict())) {
            CoherentBuffer made = Objects.requireNonNull(rig.dma.allocNoncoherent(5000, Direction.BIDIRECTIONAL));
            rig.cpu.store8(made.cpuAddress() + 4999, 7);
            rig.dma.syncSingleForDevice(made.dmaAddress(), 5000, Direction.BIDIRECTIONAL);
            assertThat(rig.deviceReads(made.dmaAddress() + 4999)).isEqualTo(7);
            rig.deviceWrites(made.dmaAddress(), 9);
            rig.dma.syncSingleForCpu(made.dmaAddress(), 5000, Direction.BIDIRECTIONAL);
            assertThat(rig.cpu.load8(made.cpuAddress())).isEqualTo(9);
            rig.dma.freeNoncoherent(5000, made.cpuAddress(), made.dmaAddress(), Direction.BIDIRECTIONAL);
            assertThat(rig.memory.purposeOf(made.cpuAddress())).isNull();
            assertThat(rig.warnings()).isEmpty();
        }
        Rig rig = Rig.nonCoherent();
        CoherentBuffer made = Objects.requireNonNull(rig.dma.allocNoncoherent(64, TO));
        rig.cpu.store8(made.cpuAddress(), 7);
        assertThat(rig.deviceReads(made.dmaAddress())).as("without the sync").isZero();
    }

    @Test
    void r63OneSegmentForTheDeviceSeveralForTheCpu() {
        for (Rig rig : List.of(Rig.coherent(), Rig.strict())) {
            long bytes = 5 * PAGE + 100;
            Scatterlist made =
                    Objects.requireNonNull(rig.dma.allocNoncontiguous(bytes, FROM, Attributes.ALLOC_SINGLE_PAGES));
            assertThat(made.mappedCount()).isEqualTo(1);
            assertThat(made.dmaLength(0)).isEqualTo(6 * PAGE);
            assertThat(made.count()).isEqualTo(rig.space.isTranslated() ? 6 : 1);
            rig.deviceWrites(made.dmaAddress(0) + 5 * PAGE, 9);
            long last = rig.space.isTranslated() ? made.address(5) : made.address(0) + 5 * PAGE;
            assertThat(rig.cpu.load8(last)).isEqualTo(9);
            rig.dma.freeNoncontiguous(made, bytes, FROM);
            assertThat(rig.memory.purposeOf(last)).isNull();
            assertThat(rig.warnings()).isEmpty();
            assertThat(rig.dma.allocNoncontiguous(bytes, FROM, Attributes.NO_WARN))
                    .as("no other attribute")
                    .isNull();
            assertThat(rig.warnings()).hasSize(1);
        }
    }

    @Test
    void r64IovasAreLinkedPieceByPiece() {
        Rig rig = Rig.strict();
        long first = rig.page("first");
        long other = rig.memory.allocatePages(1, Zone.NORMAL, "other");
        DmaIova iova = rig.dma.iova();
        assertThat(iova.tryAlloc(first + 96, 3 * PAGE - 96)).isTrue();
        assertThat(rig.reaches(iova.address(), true))
                .as("nothing is linked yet")
                .isFalse();
        assertThat(iova.link(first + 96, 0, PAGE - 96, FROM, NO)).isZero();
        assertThat(iova.link(other + 8, PAGE - 96, PAGE, FROM, NO))
                .as("not at a page")
                .isEqualTo(-Errno.EIO);
        assertThat(iova.link(other, PAGE - 96, 3 * PAGE, FROM, NO))
                .as("too much")
                .isEqualTo(-Errno.EIO);
        assertThat(iova.link(other, PAGE - 96, 2 * PAGE, FROM, NO)).isZero();
        assertThat(iova.sync(0, 3 * PAGE - 96)).isZero();
        rig.deviceWrites(iova.address() + PAGE - 96, 9);
        assertThat(rig.cpu.load8(other)).isEqualTo(9);
        long address = iova.address();
        iova.destroy(3 * PAGE - 96, FROM, NO);
        assertThat(rig.reaches(address, true)).isFalse();
        assertThat(rig.warnings()).hasSize(2);
        iova.free();
        assertThat(rig.warnings()).as("given back twice").hasSize(3);
    }

    @Test
    void r64TheyAreRefusedWhereThereAreNone() {
        assertThat(Rig.coherent().dma.iova().tryAlloc(1 << 20, PAGE)).isFalse();
        assertThat(Rig.untrusted().dma.iova().tryAlloc(1 << 20, PAGE)).isFalse();
        Rig rig = Rig.strict();
        assertThat(rig.dma.iova().tryAlloc(1 << 20, 0)).isFalse();
        assertThat(rig.dma.iova().tryAlloc(1 << 20, 5L << 30))
                .as("more than 32 bits")
                .isFalse();
        DmaIova iova = rig.dma.iova();
        assertThat(iova.tryAlloc(1 << 20, PAGE)).isTrue();
        iova.unlink(0, PAGE, TO, NO);
        assertThat(rig.warnings()).as("no bytes; nothing linked").hasSize(2);
        iova.free();
    }

    @Test
    void r65WhoSkipsTheSyncDoesItHimself() {
        Rig rig = Rig.nonCoherent();
        long page = rig.page("buffer");
        rig.cpu.store8(page, 7);
        long dmaAddress = rig.dma.mapSingle(page, 64, TO, Attributes.SKIP_CPU_SYNC);
        assertThat(rig.cpu.maintenance).isEmpty();
        assertThat(rig.deviceReads(dmaAddress)).isZero();
        rig.dma.syncSingleForDevice(dmaAddress, 64, TO);
        assertThat(rig.deviceReads(dmaAddress)).isEqualTo(7);
        rig.dma.unmapSingle(dmaAddress, 64, TO, Attributes.SKIP_CPU_SYNC);
    }

    @Test
    void r66CombinedStoresAreAMemoryTypeAndNeedBarriers() {
        Rig rig = Rig.nonCoherent();
        CoherentBuffer made = Objects.requireNonNull(rig.dma.allocCoherent(100, Attributes.WRITE_COMBINE));
        assertThat(rig.cpu.maintenance).containsExactly("WRITE_COMBINING 0x%x+4096".formatted(made.cpuAddress()));
        Rig coherent = Rig.coherent();
        Objects.requireNonNull(coherent.dma.allocCoherent(100, Attributes.WRITE_COMBINE | Attributes.WEAK_ORDERING));
        assertThat(coherent.cpu.maintenance)
                .as("cached where devices ask the caches")
                .isEmpty();
    }

    @Test
    void r67WithoutMappingTheCpuGetsACookie() {
        for (Rig rig : List.of(Rig.coherent(), Rig.nonCoherent(), Rig.strict())) {
            CoherentBuffer made = Objects.requireNonNull(rig.dma.allocCoherent(100, Attributes.NO_KERNEL_MAPPING));
            rig.deviceWrites(made.dmaAddress(), 9);
            assertThat(made.cpuAddress()).isGreaterThanOrEqualTo(Rig.MEMORY_END);
            assertThat(rig.cpu.load8(made.cpuAddress())).as("no such memory").isZero();
            rig.dma.freeCoherent(100, made.cpuAddress(), made.dmaAddress(), Attributes.NO_KERNEL_MAPPING);
            assertThat(rig.warnings()).isEmpty();
            assertThat(Objects.requireNonNull(rig.dma.allocCoherent(100)).cpuAddress())
                    .as("the page is free again")
                    .isEqualTo(16 << 20);
        }
        Rig rig = Rig.strict();
        CoherentBuffer made = Objects.requireNonNull(rig.dma.allocCoherent(100, Attributes.NO_KERNEL_MAPPING));
        rig.dma.freeCoherent(100, made.cpuAddress(), made.dmaAddress());
        assertThat(rig.warnings()).as("the attribute was not repeated").hasSize(1);
    }

    @Test
    void r68HintsChangeNothingButWarnings() {
        Rig rig = Rig.bounced(BounceOptions.forced(Rig.pool(256 << 10)));
        long pages = rig.memory.allocatePages(8, Zone.NORMAL, "buffer");
        assertThat(rig.dma.mapSingle(pages, 512 << 10, TO, Attributes.NO_WARN)).isEqualTo(Dma.MAPPING_ERROR);
        assertThat(rig.warnings()).isEmpty();
        assertThat(rig.dma.allocCoherent(100, Attributes.FORCE_CONTIGUOUS | Attributes.PRIVILEGED))
                .isNotNull();
    }

    @Test
    void r69MmioGetsNoMaintenanceAndNoBounce() {
        Rig rig = Rig.nonCoherent();
        rig.dma.unmapPage(rig.dma.mapPage(0xc000_0000L, 0, 64, FROM, Attributes.MMIO), 64, FROM, Attributes.MMIO);
        assertThat(rig.cpu.maintenance).isEmpty();
        assertThat(rig.warnings()).isEmpty();
        Rig strict = Rig.untrusted();
        assertThat(strict.dma.mapPage(0xc000_0000L, 8, 64, FROM, Attributes.MMIO))
                .as("would have to bounce")
                .isEqualTo(Dma.MAPPING_ERROR);
        long register = strict.dma.mapPage(0xc000_0000L, 0, PAGE, FROM, Attributes.MMIO);
        assertThat(strict.reaches(register, true)).isTrue();
    }

    @Test
    void r70ThePromiseIsTheDriversAlone() {
        Rig rig = Rig.nonCoherent();
        long object = rig.memory.kmalloc(64, "two in a line");
        long promise = Attributes.DEBUGGING_IGNORE_CACHELINES;
        long one = rig.dma.mapSingle(object, 8, FROM, promise);
        long two = rig.dma.mapSingle(object + 8, 8, FROM, promise);
        rig.deviceWrites(one, 1);
        rig.deviceWrites(two, 2);
        rig.dma.unmapSingle(one, 8, FROM, promise);
        rig.dma.unmapSingle(two, 8, FROM, promise);

        assertThat(rig.cpu.load8(object)).isEqualTo(1);
        assertThat(rig.cpu.load8(object + 8)).isEqualTo(2);
    }

    @Test
    void r71WhatMustBeCoherentFailsWhereHelpIsNeeded() {
        long must = Attributes.REQUIRE_COHERENT;
        Rig noncoherent = Rig.nonCoherent();
        Rig forced = Rig.bounced(BounceOptions.forced(Rig.pool(Rig.POOL_BYTES)));
        Rig untrusted = Rig.untrusted();
        for (Rig rig : List.of(noncoherent, forced, untrusted)) {
            long page = rig.page("buffer");
            assertThat(rig.dma.mapSingle(page, 64, TO, must)).isEqualTo(Dma.MAPPING_ERROR);
            Scatterlist list = new Scatterlist(1);
            list.set(0, page, 64);
            assertThat(rig.dma.mapSg(list, 1, TO, must)).isZero();
        }
        Rig narrow = Rig.bounced(BounceOptions.of(Rig.pool(Rig.POOL_BYTES)));
        narrow.dma.setMask(Dma.bitMask(25));
        assertThat(narrow.dma.mapSingle(1 << 26, 64, TO, must)).isEqualTo(Dma.MAPPING_ERROR);
        assertThat(untrusted.dma.mapSingle(untrusted.page("whole"), PAGE, TO, must))
                .as("fills its granule")
                .isNotEqualTo(Dma.MAPPING_ERROR);
        Rig coherent = Rig.coherent();
        assertThat(coherent.dma.mapSingle(1 << 24, 64, TO, must)).isEqualTo(1 << 24);
    }
}
