package flyby.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.iommu.layout.RemappingRegisters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the unit does and how long it takes, worked out by hand: a read of memory takes 100 ns.
final class IommuTest {
    private static final int NIC = 0x0100;
    private static final long TABLE = 0x10_0000;
    private static final long READ = IommuBench.READ_PICOS;

    private final IommuBench bench = new IommuBench(IommuParameters.typical());

    private void mapSome() {
        bench.frame();
        bench.context(NIC, 1, TABLE, 0);
        for (int page = 0; page < 200; page++) {
            bench.map(TABLE, page * 4096L, 0x100_0000 + page * 4096L, 1, 3);
        }
        bench.map(TABLE, 1L << 21, 0x200_0000, 1, 3);
        bench.map(TABLE, 1L << 30, 0x200_1000, 1, 3);
        bench.map(TABLE, 1L << 39, 0x200_2000, 1, 3);
        bench.enable();
    }

    @Test
    void nothingIsTranslatedBeforeItIsEnabled() {
        assertThat(bench.translate(NIC, 0x1234, true).address()).isEqualTo(0x1234);
        assertThat(bench.translate(NIC, 0x1234, true, AddressType.TRANSLATED).allowed())
                .isFalse();
    }

    @Test
    void whoHasNoEntryIsBlocked() {
        mapSome();

        assertThat(bench.translate(0x0200, 0x5678, true).allowed()).isFalse();
        assertThat(bench.translate(0x0101, 0x5678, false).allowed()).isFalse();

        assertThat(bench.takeFaults()).containsExactly("01 0200 5000 W", "02 0101 5000 R");
        assertThat(bench.iommu.statistics().faults()).isEqualTo(2);
    }

    @Test
    void aWalkReadsWhatTheCachesDoNotKnow() {
        mapSome();

        assertThat(bench.picos(NIC, 0)).as("root, context, four levels").isEqualTo(6 * READ);
        assertThat(bench.picos(NIC, 0)).as("IOTLB").isZero();
        assertThat(bench.picos(NIC, 0x1000)).as("the lowest level").isEqualTo(READ);
        assertThat(bench.picos(NIC, 1L << 21)).as("another table of pages").isEqualTo(2 * READ);
        assertThat(bench.picos(NIC, 1L << 30)).as("another directory").isEqualTo(3 * READ);
        assertThat(bench.picos(NIC, 1L << 39))
                .as("another quarter of the space")
                .isEqualTo(4 * READ);
        assertThat(bench.iommu.statistics().memoryReads()).isEqualTo(6 + 1 + 2 + 3 + 4);
        assertThat(bench.iommu.statistics().contextMisses()).isEqualTo(1);
    }

    @Test
    void theOneUsedLongestAgoLeavesTheIotlb() {
        mapSome();
        for (int page = 0; page < 64; page++) {
            bench.translate(NIC, page * 4096L, false);
        }
        assertThat(bench.picos(NIC, 0)).as("64 entries hold 64 pages").isZero();

        bench.translate(NIC, 64 * 4096L, false);

        assertThat(bench.picos(NIC, 0)).as("used a moment ago").isZero();
        assertThat(bench.picos(NIC, 4096)).as("used longest ago").isEqualTo(READ);
    }

    @Test
    void aLargePageNeedsOneEntry() {
        mapSome();
        bench.map(TABLE, 4L << 21, 0x1000_0000, 2, 3);
        bench.map(TABLE, 5L << 30, 0, 3, 1);

        assertThat(bench.translate(NIC, (4L << 21) + 0x12345, false).address()).isEqualTo(0x1001_2345);
        assertThat(bench.picos(NIC, (5L << 21) - 1)).isZero();
        assertThat(bench.translate(NIC, (5L << 30) + 0x1234_5678, false).address())
                .isEqualTo(0x1234_5678);
        assertThat(bench.picos(NIC, (6L << 30) - 1)).isZero();
        assertThat(bench.translate(NIC, 5L << 30, true).allowed()).isFalse();
    }

    @Test
    void walkersAreFewAndTheRestWaits() {
        mapSome();
        bench.translate(NIC, 0, false);
        long start = bench.simulation.nowPicos();
        List<Long> times = new ArrayList<>();
        for (int page = 1; page <= 13; page++) {
            Translation translation = new Translation(_ -> times.add((bench.simulation.nowPicos() - start) / READ));
            translation.ask(NIC, page * 4096L, 4, false, AddressType.UNTRANSLATED);
            assertThat(bench.iommu.translate(translation)).isFalse();
        }
        assertThat(bench.iommu.waiting())
                .hasSize(7)
                .contains("iommu walker 0 looks up 0x1000 of 0100: MISS", "7 translations wait for a walker");

        bench.simulation.run();

        assertThat(times).containsExactly(1L, 1L, 1L, 1L, 1L, 1L, 2L, 2L, 2L, 2L, 2L, 2L, 3L);
        assertThat(bench.iommu.statistics().waitingMax()).isEqualTo(7);
        assertThat(bench.iommu.waiting()).isEmpty();
    }

    @Test
    void equalMissesShareAWalk() {
        mapSome();
        int[] answered = new int[1];
        for (int i = 0; i < 16; i++) {
            Translation translation = new Translation(_ -> answered[0]++);
            translation.ask(NIC, i * 256L, 256, true, AddressType.UNTRANSLATED);
            bench.iommu.translate(translation);
        }
        bench.simulation.run();

        assertThat(answered[0]).isEqualTo(16);
        assertThat(bench.iommu.statistics().merged()).isEqualTo(15);
        assertThat(bench.iommu.statistics().walkPicos().count()).isEqualTo(1);
    }

    @Test
    void passThroughNeedsNoTables() {
        bench.context(NIC, 1, 0, 2);
        bench.enable();

        assertThat(bench.picos(NIC, 0x1234_5678)).as("root and context").isEqualTo(2 * READ);
        assertThat(bench.translate(NIC, 0x1234_5678, true).address()).isEqualTo(0x1234_5678);
    }

    @Test
    void aPageCanForceSnooping() {
        mapSome();
        bench.memory.write64(bench.entryAddress(TABLE, 0x3000, 1), 0x700_0000 | 0x803);
        Translation translation = new Translation(_ -> {});
        translation.ask(NIC, 0x3000, 4, false, AddressType.UNTRANSLATED);
        bench.iommu.translate(translation);
        bench.simulation.run();

        assertThat(translation.isSnoopForced()).isTrue();
    }

    @Test
    void moreFaultsThanRegistersAreAnOverflow() {
        mapSome();
        bench.write(RemappingRegisters.FEDATA, 4, 0x31);
        bench.write(RemappingRegisters.FECTL, 4, 0);
        for (int i = 0; i < 10; i++) {
            bench.translate(NIC, 0x5000_0000L + i * 4096L, true);
        }

        assertThat(bench.read(RemappingRegisters.FSTS, 4)).as("PFO and PPF").isEqualTo(3);
        assertThat(bench.messages).as("one interrupt for all").containsExactly(0x31);
        assertThat(bench.takeFaults()).hasSize(8).startsWith("05 0100 50000000 W");
        assertThat(bench.read(RemappingRegisters.FSTS, 4)).isZero();

        bench.translate(NIC, 0x6000_0000L, false);
        assertThat(bench.takeFaults()).containsExactly("06 0100 60000000 R");
        assertThat(bench.messages).hasSize(2);
    }

    @Test
    void aMaskedFaultEventComesWhenItIsUnmasked() {
        mapSome();
        bench.translate(0x0200, 0, true);
        assertThat(bench.messages).isEmpty();
        assertThat(bench.read(RemappingRegisters.FECTL, 4)).as("IM and IP").isEqualTo(0xc000_0000L);

        bench.write(RemappingRegisters.FECTL, 4, 0);

        assertThat(bench.messages).hasSize(1);
    }

    @Test
    void whoseFaultsAreNotToBeProcessedLeavesNoRecord() {
        mapSome();
        bench.contextEntry(NIC, TABLE | 3, 1 << 8 | 2);

        assertThat(bench.translate(NIC, 0x5000_0000L, true).allowed()).isFalse();
        assertThat(bench.takeFaults()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3, 0x2, 38", "4, 0x6, 47", "5, 0xe, 56"})
    void capabilitiesSayHowDeepTablesMayBe(int levels, String widths, int width) {
        IommuParameters some = IommuParameters.typical();
        IommuBench other = new IommuBench(new IommuParameters(
                46,
                levels,
                true,
                false,
                true,
                false,
                false,
                some.iotlb(),
                some.pml4Cache(),
                some.pdptCache(),
                some.pdCache(),
                some.contextCache(),
                some.interruptCache(),
                1,
                0,
                0,
                3,
                1));
        long capabilities = other.read(RemappingRegisters.CAP, 8);

        assertThat(capabilities >>> 8 & 0x1f).isEqualTo((long) Integer.decode(widths));
        assertThat(capabilities >>> 16 & 0x3f).isEqualTo(width);
        assertThat(capabilities >>> 34 & 0xf).as("2 MiB alone").isEqualTo(1);
        assertThat(capabilities >>> 40 & 0xff)
                .as("three fault recording registers")
                .isEqualTo(2);
        assertThat(other.read(RemappingRegisters.ECAP, 8) & 0xff).isEqualTo(0b0101_1011);
    }

    @Test
    void accessesThatSoftwareMayNotMakeChangeNothing() {
        mapSome();
        bench.write(RemappingRegisters.GCMD, 2, 0);
        bench.iommu.writeRegister(0, RemappingRegisters.GCMD + 1, 4, 0);
        bench.iommu.writeRegister(1, RemappingRegisters.GCMD, 4, 0);
        bench.iommu.writeRegister(0, Iommu.REGISTER_BYTES, 4, 0);

        assertThat(bench.read(RemappingRegisters.GSTS, 4)).as("TES, RTPS, QIES").isEqualTo(0xc400_0000L);
        assertThat(bench.iommu.readRegister(1, 0, 4)).isEqualTo(-1);
        assertThat(bench.read(RemappingRegisters.GSTS + 3, 1)).isEqualTo(0xc4);
    }
}
