package flyby.dma;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Property;
import flyby.dma.DmaFaults.Point;
import flyby.kernel.Errno;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rules of scatterlists: section 1.7 of the rules.
final class ScatterRulesTest {
    private static final int PAGE = 4096;
    private static final long NO = Attributes.NONE;
    private static final Direction TO = Direction.TO_DEVICE;
    private static final Direction FROM = Direction.FROM_DEVICE;

    private static Scatterlist pages(Rig rig, int count) {
        Scatterlist list = new Scatterlist(count);
        for (int i = 0; i < count; i++) {
            list.set(i, rig.page("piece"), PAGE);
        }
        return list;
    }

    @Test
    void r48FewerEntriesMayComeBackThanWereGiven() {
        Rig rig = Rig.strict();
        Scatterlist list = pages(rig, 4);
        list.set(1, list.address(1) + 100, 200);
        assertThat(rig.dma.mapSg(list, 4, TO, NO)).isEqualTo(3);
        assertThat(list.dmaLength(0)).isEqualTo(PAGE);
        assertThat(list.dmaAddress(1)).isEqualTo(list.dmaAddress(0) + PAGE + 100);
        assertThat(list.dmaLength(1)).isEqualTo(200);
        assertThat(list.dmaAddress(2)).isEqualTo(list.dmaAddress(0) + 2 * PAGE);
        assertThat(list.dmaLength(2)).isEqualTo(2 * PAGE);
        assertThat(list.dmaLength(3)).isZero();
        assertThat(list.mappedCount()).isEqualTo(3);
        assertThat(list.count()).isEqualTo(4);

        Rig direct = Rig.coherent();
        assertThat(direct.dma.mapSg(pages(direct, 4), 4, TO, NO))
                .as("nobody merges")
                .isEqualTo(4);
    }

    @Test
    void r49UnmapTakesTheOriginalCount() {
        Rig rig = Rig.strict();
        Scatterlist right = pages(rig, 4);
        rig.dma.mapSg(right, 4, TO, NO);
        long first = right.dmaAddress(0);
        rig.dma.unmapSg(right, 4, TO, NO);
        assertThat(rig.reaches(first + 3 * PAGE, false)).isFalse();
        assertThat(rig.warnings()).isEmpty();

        // Where nothing merged the returned count is the same, and with a smaller one the rest stays mapped.
        Scatterlist wrong = new Scatterlist(3);
        for (int i = 0; i < 3; i++) {
            wrong.set(i, rig.page("piece") + 8, 100);
        }
        assertThat(rig.dma.mapSg(wrong, 3, TO, NO)).isEqualTo(3);
        rig.dma.unmapSg(wrong, 2, TO, NO);
        assertThat(rig.reaches(wrong.dmaAddress(2), false)).as("leaked").isTrue();
        assertThat(rig.reaches(wrong.dmaAddress(1), false)).isFalse();
    }

    @Test
    void r50ZeroIsFailureAndTheTablesVariantHasAnError() {
        for (Rig rig : List.of(Rig.coherent(), Rig.strict())) {
            rig.dma.faults().fail(Point.MAP, 3);
            assertThat(rig.dma.mapSg(pages(rig, 4), 4, TO, NO)).isZero();
            assertThat(rig.dma.mapSgtable(pages(rig, 4), TO, NO)).isZero();
            rig.dma.faults().fail(Point.MAP, 4);
            assertThat(rig.dma.mapSgtable(pages(rig, 4), TO, NO)).isIn(-Errno.EIO, -Errno.ENOMEM);
            assertThat(rig.dma.mapSgtable(new Scatterlist(0), TO, NO)).isEqualTo(-Errno.EINVAL);
        }
    }

    @Test
    void r51AListThatIsMappedTwiceForgetsTheFirst() {
        Rig rig = Rig.strict();
        Scatterlist list = pages(rig, 2);
        rig.dma.mapSg(list, 2, TO, NO);
        long first = list.dmaAddress(0);
        rig.dma.mapSg(list, 2, TO, NO);
        assertThat(list.dmaAddress(0)).isNotEqualTo(first);
        rig.dma.unmapSg(list, 2, TO, NO);
        assertThat(rig.reaches(first, false)).as("leaked").isTrue();
        rig.dma.unmapSg(list, 2, TO, NO);
        assertThat(rig.warnings()).as("unmapped twice").hasSize(1);
    }

    @Test
    void r52TheCpusSideKeepsItsEntries() {
        Rig rig = Rig.strict();
        Scatterlist list = pages(rig, 3);
        list.set(2, list.address(2) + 7, 99);
        long second = list.address(1);
        rig.dma.mapSg(list, 3, TO, NO);

        assertThat(list.address(1)).isEqualTo(second);
        assertThat(list.length(1)).isEqualTo(PAGE);
        assertThat(list.address(2) % PAGE).isEqualTo(7);
        assertThat(list.length(2)).isEqualTo(99);
    }

    @Test
    void r53EntriesMeetAtTheMergeBoundary() {
        assertThat(Rig.strict().dma.mergeBoundary()).isEqualTo(PAGE - 1);
        assertThat(Rig.coherent().dma.mergeBoundary()).isZero();
    }

    @Test
    void r43ListsAreSyncedAsTheyWereMapped() {
        Rig bounced = Rig.bounced(BounceOptions.forced(Rig.pool(Rig.POOL_BYTES)));
        for (Rig rig : List.of(Rig.nonCoherent(), bounced, Rig.strict(), Rig.untrusted())) {
            Scatterlist list = new Scatterlist(2);
            list.set(0, rig.page("first") + 64, 64);
            list.set(1, rig.page("second") + 128, 64);
            int mapped = rig.dma.mapSg(list, 2, FROM, NO);
            for (int round = 1; round < 4; round++) {
                for (int i = 0; i < mapped; i++) {
                    rig.deviceWrites(list.dmaAddress(i), round + i);
                }
                rig.dma.syncSgForCpu(list, 2, FROM);
                assertThat(rig.cpu.load8(list.address(0))).isEqualTo(round);
                assertThat(rig.cpu.load8(list.address(1))).isEqualTo(round + 1);
                rig.dma.syncSgForDevice(list, 2, FROM);
            }
            rig.dma.unmapSg(list, 2, FROM, NO);
            assertThat(rig.warnings()).isEmpty();
        }
    }

    /// Whatever the pieces and the device's limits: the device finds the bytes one after the other, within its
    /// limits, and nothing is left when the list is unmapped.
    @Test
    void theDeviceFindsAllBytesInTheirOrder() {
        Property.check(200, choices -> {
            Rig rig = choices.pick(Rig.strict(), Rig.coherent(), Rig.untrusted(), Rig.lazy());
            rig.dma.setMaxSegSize(choices.between(1, 10) * PAGE);
            rig.dma.setSegBoundary((16L << choices.below(8)) * PAGE - 1);
            int count = (int) choices.between(1, 12);
            Scatterlist list = new Scatterlist(count);
            StringBuilder wanted = new StringBuilder();
            for (int i = 0; i < count; i++) {
                long page = rig.memory.allocatePages(2, flyby.kernel.KernelMemory.Zone.NORMAL, "piece");
                boolean isWhole = choices.chance(1, 2);
                long at = isWhole ? page : page + choices.below(PAGE);
                int length = (int) (isWhole ? choices.between(1, 3) * PAGE : choices.between(1, 2 * PAGE));
                list.set(i, at, length);
                for (int k : new int[] {0, length / 2, length - 1}) {
                    rig.cpu.store8(at + k, (int) choices.below(256));
                }
                for (int k : new int[] {0, length / 2, length - 1}) {
                    wanted.append(rig.cpu.load8(at + k)).append(' ');
                }
            }
            int mapped = rig.dma.mapSg(list, count, TO, NO);
            assertThat(mapped).isBetween(1, count);
            StringBuilder seen = new StringBuilder();
            int entry = 0;
            long offset = 0;
            for (int i = 0; i < count; i++) {
                if (offset == list.dmaLength(entry)) {
                    entry++;
                    offset = 0;
                }
                int length = list.length(i);
                for (int k : new int[] {0, length / 2, length - 1}) {
                    seen.append(rig.deviceReads(list.dmaAddress(entry) + offset + k))
                            .append(' ');
                }
                offset += length;
                assertThat(offset).isLessThanOrEqualTo(list.dmaLength(entry));
            }
            assertThat(seen).hasToString(wanted.toString());
            assertThat(entry).isEqualTo(mapped - 1);
            long first = list.dmaAddress(0);
            long last = list.dmaAddress(entry);
            rig.dma.unmapSg(list, count, TO, NO);
            rig.space.flush();
            assertThat(rig.warnings()).isEmpty();
            if (rig.space.isTranslated()) {
                assertThat(rig.reaches(first, false) || rig.reaches(last, false))
                        .isFalse();
            }
        });
    }
}
