package flyby.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.iommu.layout.InvalidationDescriptors;
import flyby.iommu.layout.RemappingRegisters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is forgotten when, and when software hears of it.
final class InvalidationTest {
    private static final int NIC = 0x0100;
    private static final int DISK = 0x0200;
    private static final long WORK = 300_000;
    private static final long READ = IommuBench.READ_PICOS;

    private final IommuBench bench = new IommuBench(IommuParameters.typical().withTimes(0, WORK));
    private final long nicTable = bench.frame();
    private final long diskTable = bench.frame();

    InvalidationTest() {
        bench.context(NIC, 1, nicTable, 1);
        bench.context(DISK, 2, diskTable, 0);
        for (int page = 0; page < 32; page++) {
            bench.map(nicTable, page * 4096L, 0x100_0000 + page * 4096L, 1, 3);
            bench.map(diskTable, page * 4096L, 0x200_0000 + page * 4096L, 1, 3);
        }
        bench.enable();
        warm();
    }

    private void warm() {
        for (int page = 0; page < 8; page++) {
            bench.translate(NIC, page * 4096L, false);
            bench.translate(DISK, page * 4096L, false);
        }
    }

    private long reads(int requester, long iova) {
        return bench.picos(requester, iova) / READ;
    }

    @Test
    void anUnmappedPageIsReachableUntilItIsInvalidated() {
        bench.memory.write64(bench.entryAddress(nicTable, 0x3000, 1), 0);

        assertThat(bench.translate(NIC, 0x3000, true).address()).isEqualTo(0x100_3000);
        bench.invalidatePages(1, 0x3000, 0, true);
        assertThat(bench.translate(NIC, 0x3000, true).allowed()).isFalse();
        assertThat(bench.translate(NIC, 0x2000, true).allowed()).isTrue();
    }

    @Test
    void pagesOfADomainAreForgottenAloneOrWithTheirTables() {
        bench.invalidatePages(1, 0x4000, 2, true);

        assertThat(reads(NIC, 0x3000)).isZero();
        assertThat(reads(NIC, 0x4000)).as("the table is still known").isEqualTo(1);
        assertThat(reads(NIC, 0x7000)).isEqualTo(1);
        assertThat(reads(DISK, 0x4000)).as("another domain").isZero();

        bench.invalidatePages(1, 0x4000, 0, false);
        assertThat(reads(NIC, 0x3000)).isZero();
        assertThat(reads(NIC, 0x4000)).as("so are all above").isEqualTo(4);
    }

    @Test
    void aDomainIsForgottenAlone() {
        bench.queue(InvalidationDescriptors.IOTLB | 2 << 4 | 2L << 16, 0);
        bench.flush();

        assertThat(reads(NIC, 0)).isZero();
        assertThat(reads(DISK, 0)).isEqualTo(4);
    }

    @Test
    void contextsAreForgottenByDomainAndByFunction() {
        bench.queue(InvalidationDescriptors.CONTEXT_CACHE | 2 << 4 | 1L << 16, 0);
        bench.flush();
        assertThat(bench.picos(DISK, 0)).isZero();
        assertThat(bench.picos(NIC, 0))
                .as("root, context, four levels or the IOTLB")
                .isGreaterThanOrEqualTo(2 * READ);

        bench.queue(InvalidationDescriptors.CONTEXT_CACHE | 3 << 4 | (long) (DISK | 7) << 32 | 3L << 48, 0);
        bench.flush();
        assertThat(bench.picos(NIC, 0)).isZero();
        assertThat(bench.picos(DISK, 0)).isGreaterThanOrEqualTo(2 * READ);
    }

    @Test
    void aWaitDescriptorTellsInMemoryAndByInterrupt() {
        bench.write(RemappingRegisters.IEDATA, 4, 0x42);
        bench.write(RemappingRegisters.IECTL, 4, 0);
        long before = bench.simulation.nowPicos();
        bench.queue(InvalidationDescriptors.IOTLB | 1 << 4, 0);
        bench.queue(InvalidationDescriptors.WAIT | 3 << 4 | 0x1234_5678L << 32, IommuBench.STATUS);
        bench.flush();

        assertThat(bench.simulation.nowPicos() - before)
                .as("both are read as one line; the wait itself takes no time")
                .isEqualTo(READ + WORK);
        assertThat(bench.memory.read32(IommuBench.STATUS)).isEqualTo(0x1234_5678L);
        assertThat(bench.messages).containsExactly(0x42);
        assertThat(bench.read(RemappingRegisters.ICS, 4)).isEqualTo(1);
        bench.write(RemappingRegisters.ICS, 4, 1);
        assertThat(bench.read(RemappingRegisters.ICS, 4)).isZero();
    }

    @Test
    void theRingGoesRound() {
        for (int i = 0; i < 1_000; i++) {
            bench.queue(InvalidationDescriptors.IOTLB | 1 << 4, 0);
            bench.queue(InvalidationDescriptors.WAIT | 2 << 4 | (long) i << 32, IommuBench.STATUS);
            bench.flush();
            assertThat(bench.memory.read32(IommuBench.STATUS)).isEqualTo(i);
        }
        assertThat(bench.read(RemappingRegisters.IQH, 8)).isEqualTo(2_000 * 16 % 4096);
        assertThat(bench.iommu.statistics().invalidations()).isEqualTo(2_000);
    }

    @Test
    void walksUnderWayAreDrainedAndNotKept() {
        // A slow walk: its table has to be found again.
        bench.invalidatePages(1, 0x9000, 0, false);
        List<String> order = new ArrayList<>();
        Translation translation = new Translation(_ -> order.add("answered"));
        translation.ask(NIC, 0x9000, 4, true, AddressType.UNTRANSLATED);
        assertThat(bench.iommu.translate(translation)).isFalse();
        bench.simulation.runUntil(bench.simulation.nowPicos() + 3 * READ + READ / 2);
        // It is reading the page's entry, and the page goes away.
        bench.memory.write64(bench.entryAddress(nicTable, 0x9000, 1), 0);
        bench.queue(InvalidationDescriptors.IOTLB | 3 << 4 | 3 << 6 | 1L << 16, 0x9000);
        bench.queue(InvalidationDescriptors.WAIT | 2 << 4 | 7L << 32, IommuBench.STATUS);
        bench.flush();

        assertThat(translation.isAllowed()).as("it was before the invalidation").isTrue();
        assertThat(order).containsExactly("answered");
        assertThat(bench.translate(NIC, 0x9000, true).allowed()).isFalse();
    }

    /// A type that does not exist; granularities that are reserved.
    @ParameterizedTest
    @ValueSource(longs = {0xf, InvalidationDescriptors.IOTLB, InvalidationDescriptors.CONTEXT_CACHE})
    void whatNobodyUnderstandsStopsTheQueue(long descriptor) {
        bench.queue(descriptor, 0);
        bench.queue(InvalidationDescriptors.WAIT | 2 << 4 | 7L << 32, IommuBench.STATUS);
        bench.flush();
        assertThat(bench.read(RemappingRegisters.FSTS, 4)).as("IQE").isEqualTo(0x10);
        assertThat(bench.memory.read32(IommuBench.STATUS)).isZero();

        long bad = IommuBench.QUEUE + bench.read(RemappingRegisters.IQH, 8);
        bench.memory.write64(bad, InvalidationDescriptors.IOTLB | 1 << 4);
        bench.write(RemappingRegisters.FSTS, 4, 0x10);
        bench.simulation.run();

        assertThat(bench.memory.read32(IommuBench.STATUS)).isEqualTo(7);
    }

    @Test
    void aWaitWaitsForDevicesToo() {
        List<String> asked = new ArrayList<>();
        bench.iommu.deviceTlbs(
                (requester, address, pages) -> asked.add("%x %x %d".formatted(requester, address, pages)));
        bench.queue(InvalidationDescriptors.DEVICE_TLB | (long) NIC << 32, 0x5000);
        bench.queue(InvalidationDescriptors.DEVICE_TLB | (long) NIC << 32, 0x3000 | 0x10_0000 | 1);
        bench.queue(InvalidationDescriptors.WAIT | 2 << 4 | 7L << 32, IommuBench.STATUS);
        bench.write(RemappingRegisters.IQT, 8, 0x30);
        bench.simulation.runUntil(bench.simulation.nowPicos() + 10_000_000);

        assertThat(asked).containsExactly("100 5000 1", "100 100000 8");
        assertThat(bench.iommu.waiting()).containsExactly("the invalidation queue waits for 2 device-TLBs");
        bench.iommu.deviceTlbInvalidated();
        assertThat(bench.memory.read32(IommuBench.STATUS)).isZero();
        bench.iommu.deviceTlbInvalidated();
        assertThat(bench.memory.read32(IommuBench.STATUS)).isEqualTo(7);
    }

    @Test
    void aDeviceThatNeverAnswersIsATimeOut() {
        bench.queue(InvalidationDescriptors.DEVICE_TLB | (long) NIC << 32, 0x5000);
        bench.queue(InvalidationDescriptors.WAIT | 2 << 4 | 7L << 32, IommuBench.STATUS);
        bench.flush();

        assertThat(bench.simulation.nowPicos()).as("a minute").isGreaterThan(60_000_000_000_000L);
        assertThat(bench.read(RemappingRegisters.FSTS, 4)).as("ITE").isEqualTo(0x40);
        assertThat(bench.memory.read32(IommuBench.STATUS)).isZero();
    }

    @Test
    void devicesThatTranslateThemselvesAreTrustedOnlyIfTheirEntrySaysSo() {
        assertThat(bench.translate(NIC, 0x12_3456_7000L, true, AddressType.TRANSLATED)
                        .address())
                .as("anywhere at all: the risk of ATS")
                .isEqualTo(0x12_3456_7000L);
        assertThat(bench.translate(NIC, 0x3000, false, AddressType.TRANSLATION_REQUEST))
                .isEqualTo(new IommuBench.Answer(true, 0x100_3000, true, true, 12));
        assertThat(bench.translate(NIC, 0x7777_0000L, true, AddressType.TRANSLATION_REQUEST))
                .as("no fault: there is no page")
                .isEqualTo(new IommuBench.Answer(true, 0, false, false, 0));
        assertThat(bench.takeFaults()).isEmpty();

        assertThat(bench.translate(DISK, 0x3000, true, AddressType.TRANSLATED).allowed())
                .isFalse();
        assertThat(bench.translate(DISK, 0x3000, false, AddressType.TRANSLATION_REQUEST)
                        .allowed())
                .isFalse();
        assertThat(bench.takeFaults()).containsExactly("0d 0200 3000 W", "0d 0200 3000 R");
    }
}
