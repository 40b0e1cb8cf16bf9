package flyby.dma;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.dma.DmaFaults.Point;
import flyby.dma.Rig.Way;
import flyby.kernel.Errno;
import flyby.kernel.KernelMemory;
import org.junit.jupiter.api.Test;

/// Rules of addresses, devices and masks: sections 1.1 and 1.2 of the rules, `dma-api.rst` parts Ic and II.
final class AddressRulesTest {
    private static final int PAGE = 4096;
    private static final Dma.Platform COHERENT = new Dma.Platform(true, 64);

    private static KernelMemory sixGigabytes() {
        return new KernelMemory(1 << 20, 6L << 30, 8);
    }

    @Test
    void r1OnlyTheApiKnowsWhatTheDeviceIsToBeGiven() {
        Rig rig = Rig.strict();
        long page = rig.page("buffer");
        rig.cpu.store8(page, 7);
        long dmaAddress = rig.dma.mapSingle(page, PAGE, Direction.TO_DEVICE);

        assertThat(dmaAddress).isNotEqualTo(page);
        assertThat(rig.deviceReads(dmaAddress)).isEqualTo(7);
        assertThat(rig.reaches(page, false)).as("the physical address").isFalse();
    }

    @Test
    void r3AMappingIsOfTheDeviceThatIssuesTheCycles() {
        Rig one = Rig.strict();
        Rig other = Rig.strict();
        long dmaAddress = one.dma.mapSingle(one.page("buffer"), PAGE, Direction.TO_DEVICE);

        assertThat(one.reaches(dmaAddress, false)).isTrue();
        assertThat(other.reaches(dmaAddress, false)).as("another device").isFalse();
    }

    @Test
    void r3ADeviceWithoutMaskMapsNothing() {
        Rig rig = Rig.coherent();
        rig.dma.dropMask();

        assertThat(rig.dma.mapSingle(rig.page("buffer"), PAGE, Direction.TO_DEVICE))
                .isEqualTo(Dma.MAPPING_ERROR);
        Scatterlist list = new Scatterlist(1);
        list.set(0, rig.page("buffer"), PAGE);
        assertThat(rig.dma.mapSg(list, 1, Direction.TO_DEVICE, Attributes.NONE)).isZero();
        assertThat(rig.dma.setMask(-1)).isEqualTo(-Errno.EIO);
        assertThat(rig.warnings()).containsExactly("0000:01:00.0: no dma_mask is set");
    }

    @Test
    void r4AnAddressIsGoodForItsRangeUntilItIsUnmapped() {
        Rig rig = Rig.strict();
        long dmaAddress = rig.dma.mapSingle(rig.page("buffer"), PAGE, Direction.TO_DEVICE);

        assertThat(rig.reaches(dmaAddress + PAGE - 1, false)).isTrue();
        assertThat(rig.reaches(dmaAddress + PAGE, false)).isFalse();
        assertThat(rig.reaches(dmaAddress - 1, false)).isFalse();
        rig.dma.unmapSingle(dmaAddress, PAGE, Direction.TO_DEVICE);
        assertThat(rig.reaches(dmaAddress, false)).isFalse();
    }

    @Test
    void r5ZeroIsAnAddressAndOnlyMappingErrorKnowsFailure() {
        Rig rig = Rig.coherent();
        long dmaAddress = rig.dma.mapPage(0, 0, 64, Direction.TO_DEVICE, Attributes.NONE);
        assertThat(dmaAddress).isZero();
        assertThat(rig.dma.mappingError(dmaAddress)).isZero();
        rig.dma.faults().fail(Point.MAP, 1);
        long failed = rig.dma.mapSingle(rig.page("buffer"), 64, Direction.TO_DEVICE);
        assertThat(failed).isNotZero();
        assertThat(rig.dma.mappingError(failed)).isEqualTo(-Errno.ENOMEM);
    }

    @Test
    void r6ThirtyTwoBitsUntilTheDriverSaysOtherwise() {
        Rig rig = new Rig(Way.DIRECT, COHERENT, sixGigabytes());
        long high = rig.page("above 4 GiB");
        assertThat(high).isGreaterThanOrEqualTo(1L << 32);

        assertThat(rig.dma.mapSingle(high, PAGE, Direction.TO_DEVICE)).isEqualTo(Dma.MAPPING_ERROR);
        assertThat(rig.dma.setMaskAndCoherent(Dma.bitMask(64))).isZero();
        assertThat(rig.dma.mapSingle(high, PAGE, Direction.TO_DEVICE)).isEqualTo(high);
        assertThat(rig.warnings())
                .containsExactly("0000:01:00.0: DMA addr 0x%x+4096 overflow (mask ffffffff, bus limit %x)."
                        .formatted(high, -1L));
    }

    @Test
    void r7AMaskThatReachesNoZoneIsRefusedAndWideOnesNeverAre() {
        Rig rig = Rig.coherent();

        assertThat(rig.dma.setMask(Dma.bitMask(20))).isEqualTo(-Errno.EIO);
        assertThat(rig.dma.setCoherentMask(Dma.bitMask(23))).isEqualTo(-Errno.EIO);
        assertThat(rig.dma.setMaskAndCoherent(Dma.bitMask(23))).isEqualTo(-Errno.EIO);
        assertThat(rig.dma.mask()).as("as before").isEqualTo(0xffff_ffffL);
        for (int bits = 32; bits <= 64; bits++) {
            assertThat(rig.dma.setMaskAndCoherent(Dma.bitMask(bits))).isZero();
        }
        assertThat(rig.dma.setMask(Dma.bitMask(24))).as("zone DMA").isZero();
        assertThat(Rig.strict().dma.setMask(Dma.bitMask(20)))
                .as("IOVAs can be as low")
                .isZero();
        assertThat(rig.warnings()).isEmpty();
    }

    @Test
    void r8TheCoherentMaskIsItsOwn() {
        Rig rig = new Rig(Way.DIRECT, COHERENT, sixGigabytes());
        assertThat(rig.dma.setMask(Dma.bitMask(64))).isZero();

        assertThat(rig.dma.coherentMask()).isEqualTo(Dma.bitMask(32));
    }

    @Test
    void r9TheLastMaskCounts() {
        Rig rig = new Rig(Way.DIRECT, COHERENT, sixGigabytes());
        rig.dma.setMask(Dma.bitMask(64));
        rig.dma.setMask(Dma.bitMask(32));

        assertThat(rig.dma.mapSingle(rig.page("high"), PAGE, Direction.TO_DEVICE))
                .isEqualTo(Dma.MAPPING_ERROR);
    }

    @Test
    void r10EveryAddressIsWithinTheMask() {
        for (int bits = 24; bits <= 48; bits++) {
            Rig rig = Rig.strict();
            long mask = Dma.bitMask(bits);
            assertThat(rig.dma.setMaskAndCoherent(mask)).isZero();
            for (int i = 0; i < 40; i++) {
                long dmaAddress = rig.dma.mapSingle(rig.page("buffer"), PAGE, Direction.TO_DEVICE);
                assertThat(dmaAddress + PAGE - 1 & mask).isEqualTo(dmaAddress + PAGE - 1);
                assertThat(dmaAddress).as("32 bits first").isLessThan(1L << 32);
            }
            CoherentBuffer ring = requireNonNull(rig.dma.allocCoherent(PAGE));
            assertThat(ring.dmaAddress() & mask).isEqualTo(ring.dmaAddress());
        }
    }

    @Test
    void r10BeyondThirtyTwoBitsOnlyWhenTheyAreUsedUp() {
        Rig rig = Rig.strict();
        rig.dma.setMask(Dma.bitMask(40));
        for (int i = 0; i < 2; i++) {
            assertThat(rig.space.reserve(1L << 30, rig.dma.mask())).isLessThan(1L << 32);
        }
        long wide = rig.space.reserve(1L << 30, rig.dma.mask());
        assertThat(wide).isBetween(1L << 32, (1L << 40) - 1);
        assertThat(rig.space.reserve(1L << 30, Dma.bitMask(32))).isEqualTo(Dma.MAPPING_ERROR);
    }

    @Test
    void r10TheBusMayCarryLessThanTheDeviceDrives() {
        Rig rig = new Rig(Way.DIRECT, COHERENT.withBusMask(Dma.bitMask(27)), new KernelMemory(1 << 20, 1 << 28, 8));
        long low = rig.page("low");
        long high = (1L << 27) + PAGE;

        assertThat(rig.dma.mapSingle(low, PAGE, Direction.TO_DEVICE)).isEqualTo(low);
        assertThat(rig.dma.mapSingle(high, PAGE, Direction.TO_DEVICE)).isEqualTo(Dma.MAPPING_ERROR);
    }

    @Test
    void r11TheRequiredMaskOnlyInforms() {
        Rig rig = new Rig(Way.DIRECT, COHERENT, sixGigabytes());

        assertThat(rig.dma.requiredMask()).isEqualTo(Dma.bitMask(33));
        assertThat(rig.dma.mask()).isEqualTo(Dma.bitMask(32));
        assertThat(Rig.coherent().dma.requiredMask()).isEqualTo(Dma.bitMask(28));
        assertThat(Rig.strict().dma.requiredMask()).isEqualTo(Dma.bitMask(32));
    }

    @Test
    void r12ListsKeepToTheSegmentsThatTheDeviceTakes() {
        Rig rig = Rig.strict();
        assertThat(rig.dma.maxSegSize()).isEqualTo(65_536);
        assertThat(rig.dma.segBoundary()).isEqualTo(0xffff_ffffL);
        rig.dma.setMaxSegSize(3 * PAGE);
        rig.dma.setSegBoundary(8 * PAGE - 1);
        Scatterlist list = new Scatterlist(20);
        for (int i = 0; i < 20; i++) {
            list.set(i, rig.page("buffer"), PAGE);
        }
        int mapped = rig.dma.mapSg(list, 20, Direction.TO_DEVICE, Attributes.NONE);

        // 3 + 3 + 2 pages up to each boundary.
        assertThat(mapped).isEqualTo(8);
        long all = 0;
        for (int i = 0; i < mapped; i++) {
            long first = list.dmaAddress(i);
            long last = first + list.dmaLength(i) - 1;
            assertThat(list.dmaLength(i)).isLessThanOrEqualTo(3 * PAGE);
            assertThat(first / (8 * PAGE)).isEqualTo(last / (8 * PAGE));
            all += list.dmaLength(i);
        }
        assertThat(all).isEqualTo(20 * PAGE);
    }
}
