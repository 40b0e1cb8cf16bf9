package flyby.dma;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.dma.DmaFaults.Point;
import flyby.dma.DmaStatistics.Count;
import flyby.dma.Rig.Way;
import flyby.kernel.KernelMemory;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Rules of coherent memory and its pools: sections 1.8 of the rules, `dma-api.rst` parts I and Ib.
final class CoherentRulesTest {
    private static final int PAGE = 4096;

    private static CoherentBuffer alloc(Rig rig, long byteCount) {
        return Objects.requireNonNull(rig.dma.allocCoherent(byteCount));
    }

    private static void free(Rig rig, CoherentBuffer buffer) {
        rig.dma.freeCoherent(buffer.byteCount(), buffer.cpuAddress(), buffer.dmaAddress());
    }

    @Test
    void r54AllocationCanFailAndIsCleared() {
        for (Rig rig : List.of(Rig.coherent(), Rig.nonCoherent(), Rig.strict())) {
            rig.dma.faults().fail(Point.ALLOC, 2);
            CoherentBuffer first = alloc(rig, 100);
            rig.cpu.store8(first.cpuAddress() + 99, 7);
            assertThat(rig.deviceReads(first.dmaAddress() + 99))
                    .as("without syncing")
                    .isEqualTo(7);
            rig.deviceWrites(first.dmaAddress() + 98, 9);
            assertThat(rig.cpu.load8(first.cpuAddress() + 98)).isEqualTo(9);
            free(rig, first);
            assertThat(rig.dma.allocCoherent(100)).isNull();
            CoherentBuffer again = alloc(rig, 100);
            assertThat(again.cpuAddress()).as("the same memory").isEqualTo(first.cpuAddress());
            assertThat(rig.cpu.load16(again.cpuAddress() + 98)).isZero();
            assertThat(rig.dma.allocCoherent(Rig.MEMORY_END))
                    .as("more than there is")
                    .isNull();
            assertThat(rig.dma.statistics().of(Count.FAILURES)).isEqualTo(2);
            free(rig, again);
            assertThat(rig.warnings()).isEmpty();
        }
    }

    @Test
    void r55FreedAsItWasAllocatedAndNotFromAHandler() {
        Rig rig = Rig.strict();
        CoherentBuffer buffer = alloc(rig, 100);
        rig.cpu.isAtomic = true;
        free(rig, buffer);
        rig.cpu.isAtomic = false;
        assertThat(rig.warnings()).singleElement().asString().contains("interrupt");

        free(rig, buffer);
        assertThat(rig.warnings()).as("twice: of the IOVA, and of the pages").hasSize(3);
        CoherentBuffer other = alloc(rig, 3 * PAGE);
        rig.dma.freeCoherent(PAGE, other.cpuAddress(), other.dmaAddress());
        assertThat(rig.reaches(other.dmaAddress() + PAGE, true))
                .as("freed by half")
                .isTrue();
    }

    @Test
    void r56BothAddressesAreAlignedToTheOrderOfTheSize() {
        for (Rig rig : List.of(Rig.coherent(), Rig.strict())) {
            alloc(rig, PAGE);
            for (long byteCount : new long[] {1, PAGE + 1, 3 * PAGE, 40_000, 65_536, 1 << 20}) {
                long order = (long) PAGE << KernelMemory.order(byteCount);
                CoherentBuffer buffer = alloc(rig, byteCount);
                assertThat(buffer.cpuAddress() % order).isZero();
                assertThat(buffer.dmaAddress() % order).isZero();
            }
        }
    }

    @Test
    void r58MemoryMappedElsewhereMustOutliveThatMapping() {
        // Nobody notices; what was mapped there is somebody else's.
        Rig rig = Rig.coherent();
        CoherentBuffer buffer = alloc(rig, 100);
        long user = buffer.cpuAddress();
        free(rig, buffer);
        CoherentBuffer next = alloc(rig, 100);
        rig.cpu.store8(user, 5);

        assertThat(rig.deviceReads(next.dmaAddress())).isEqualTo(5);
        assertThat(rig.warnings()).isEmpty();
    }

    @Test
    void nonCoherentMemoryIsUncachedUntilItIsFreed() {
        Rig rig = Rig.nonCoherent();
        CoherentBuffer buffer = alloc(rig, 5000);
        long at = buffer.cpuAddress();
        free(rig, buffer);
        CoherentBuffer combining = Objects.requireNonNull(rig.dma.allocCoherent(100, Attributes.WRITE_COMBINE));
        rig.dma.freeCoherent(100, combining.cpuAddress(), combining.dmaAddress(), Attributes.WRITE_COMBINE);

        assertThat(rig.cpu.maintenance)
                .containsExactly(
                        "UNCACHED 0x%x+8192".formatted(at),
                        "WRITE_BACK 0x%x+8192".formatted(at),
                        "WRITE_COMBINING 0x%x+4096".formatted(at),
                        "WRITE_BACK 0x%x+4096".formatted(at));
    }

    @Test
    void r59PoolsAlignTheirBlocksAndKeepToTheBoundary() {
        Rig rig = Rig.strict();
        assertThat(DmaPool.create(rig.dma, "p", 100, 48, 0))
                .as("no power of two")
                .isNull();
        assertThat(DmaPool.create(rig.dma, "p", 100, 16, 64))
                .as("smaller than a block")
                .isNull();
        assertThat(DmaPool.create(rig.dma, "p", 0, 16, 0)).isNull();
        DmaPool pool = Objects.requireNonNull(DmaPool.create(rig.dma, "td", 200, 64, 512));
        assertThat(pool.blockBytes()).isEqualTo(256);
        CoherentBuffer first = Objects.requireNonNull(pool.alloc());
        for (int i = 1; i < 100; i++) {
            CoherentBuffer block = Objects.requireNonNull(pool.zalloc());
            assertThat(block.dmaAddress() % 64).isZero();
            assertThat(block.dmaAddress() / 512).isEqualTo((block.dmaAddress() + 199) / 512);
            assertThat(block.dmaAddress() - block.cpuAddress() & PAGE - 1).isZero();
        }
        rig.cpu.store32(first.cpuAddress(), 0x1234);
        pool.free(first.cpuAddress(), first.dmaAddress());
        assertThat(rig.cpu.load32(Objects.requireNonNull(pool.alloc()).cpuAddress()))
                .as("alloc does not clear")
                .isEqualTo(0x1234);
        pool.free(first.cpuAddress(), first.dmaAddress());
        assertThat(Objects.requireNonNull(pool.zalloc()).cpuAddress()).isEqualTo(first.cpuAddress());
        assertThat(rig.cpu.load32(first.cpuAddress())).isZero();

        pool.destroy();
        assertThat(rig.warnings()).singleElement().asString().contains("dma_pool_destroy td busy");
        assertThat(rig.dma.statistics().of(Count.FREES))
                .as("its pages are lost")
                .isZero();
    }

    @Test
    void r59WhatIsFreedWronglyComesBackWrongly() {
        Rig rig = Rig.coherent();
        DmaPool pool = Objects.requireNonNull(DmaPool.create(rig.dma, "td", 64, 0, 0));
        CoherentBuffer block = Objects.requireNonNull(pool.alloc());
        pool.free(block.cpuAddress(), block.dmaAddress());
        pool.free(block.cpuAddress(), block.dmaAddress() + 4);

        assertThat(Objects.requireNonNull(pool.alloc()).dmaAddress()).isEqualTo(block.dmaAddress() + 4);
        assertThat(Objects.requireNonNull(pool.alloc()).cpuAddress())
                .as("twice")
                .isEqualTo(block.cpuAddress());
        assertThat(rig.warnings()).as("nobody notices").isEmpty();
    }

    @Test
    void r60ManagedMemoryIsNotFreedByHandToo() {
        Rig rig = Rig.coherent();
        CoherentBuffer right = Objects.requireNonNull(rig.dma.allocManagedCoherent(100));
        CoherentBuffer wrong = Objects.requireNonNull(rig.dma.allocManagedCoherent(100));
        free(rig, wrong);
        rig.dma.releaseManaged();

        assertThat(rig.warnings()).singleElement().asString().contains("0x%x".formatted(wrong.cpuAddress()));
        assertThat(rig.memory.purposeOf(right.cpuAddress())).isNull();
    }

    @Test
    void r8CoherentMemoryIsWithinItsOwnMask() {
        KernelMemory memory = new KernelMemory(1 << 20, 6L << 30, 8);
        Rig rig = new Rig(Way.DIRECT, new Dma.Platform(true, 64), memory);
        assertThat(rig.dma.setMask(Dma.bitMask(64))).isZero();
        assertThat(alloc(rig, PAGE).dmaAddress()).as("until it is raised").isLessThan(1L << 32);
        assertThat(rig.dma.setCoherentMask(Dma.bitMask(64))).isZero();
        assertThat(alloc(rig, PAGE).dmaAddress()).isGreaterThanOrEqualTo(1L << 32);
        assertThat(rig.dma.setCoherentMask(Dma.bitMask(24))).isZero();
        assertThat(alloc(rig, PAGE).dmaAddress()).isLessThan(1L << 24);
        assertThat(rig.dma.setCoherentMask(Dma.bitMask(28))).isZero();
        assertThat(alloc(rig, PAGE).dmaAddress()).isLessThan(1L << 28);
        assertThat(rig.dma.allocCoherent(17 << 20)).as("zone DMA is no help").isNotNull();
    }
}
