package flyby.root;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.iommu.Translation;
import flyby.iommu.Translator;
import flyby.pcie.Packet;
import flyby.pcie.Segmentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a root port does with one or two requests. Times are worked out by hand from [Bench]'s parameters.
final class RootPortTest {
    private static final long WINDOW = 0xc000_0000L;

    /// An IOMMU whose answers the test gives.
    private static final class Slow implements Translator {
        final List<Translation> asked = new ArrayList<>();

        @Override
        public boolean translate(Translation translation) {
            asked.add(translation);
            return false;
        }

        void answer(int index) {
            Bench.allow(asked.get(index));
            asked.get(index).done();
        }
    }

    @Test
    void aWriteIsVisibleAfterLinkAndRoot() {
        Bench bench = new Bench();
        Puppet device = bench.port(Bench.DIRECT, 1, WINDOW);
        byte[] data = Bench.pattern(200, 3);
        device.send(device.write(0x1234, data));

        // The link takes 10 ns, the root port 50.
        bench.simulation.runUntil(59_999);
        assertThat(bench.bytes.read32(0x1234)).isZero();
        bench.simulation.runUntil(60_000);
        byte[] there = new byte[200];
        bench.bytes.read(0x1234, there, 0, 200);
        assertThat(there).isEqualTo(data);
        // Its room is free when memory has taken it, 40 ns later.
        assertThat(bench.links.getFirst().upstream().heldCount()).isOne();
        bench.simulation.runUntil(100_000);
        bench.assertNothingLeft();
    }

    @Test
    void aSmallReadCanBeAnsweredLineByLine() {
        Bench bench = new Bench(new RootParameters(
                50_000, 20_000, 30_000, 15_000, 50_000_000_000L, 4, new Segmentation(256, 512, 64), 256, false));
        Puppet device = bench.port(Bench.DIRECT, 1, WINDOW);
        device.send(device.read(0x1020, 200, 1));
        bench.simulation.run();
        assertThat(device.got).extracting(piece -> piece.length).containsExactly(32, 64, 64, 40);
        device.got.clear();
        device.send(device.read(0x1000, 512, 2));
        bench.simulation.run();
        assertThat(device.got).extracting(piece -> piece.length).containsExactly(64, 256, 192);
        bench.assertNothingLeft();
    }

    @Test
    void aReadIsAnsweredInPiecesThatEndAtTheReadCompletionBoundary() {
        Bench bench = new Bench();
        Puppet device = bench.port(Bench.DIRECT, 1, WINDOW);
        byte[] data = Bench.pattern(512, 5);
        bench.bytes.write(0x1000 + 0x30, data, 0, 512);
        device.send(device.read(0x1030, 512, 9));
        bench.simulation.run();

        // From 0x1030, at most 256 bytes and up to a multiple of 64: 208, then 256, then what is left.
        assertThat(device.heard)
                .containsExactly(
                        "COMPLETION SUCCESSFUL tag 9 0x1030+208",
                        "COMPLETION SUCCESSFUL tag 9 0x1100+256",
                        "COMPLETION SUCCESSFUL tag 9 0x1200+48");
        assertThat(device.got.get(1)).isEqualTo(Arrays.copyOfRange(data, 208, 464));
        // 10 there, 50 and 90 and 20 in the root complex, 10 back.
        assertThat(device.heardAt.getFirst()).isEqualTo(180_000);
        bench.assertNothingLeft();
    }

    @Test
    void aReadWaitsForTheWriteBeforeItAndSeesIt() {
        Bench bench = new Bench();
        Slow iommu = new Slow();
        Puppet device = bench.port(iommu, 1, WINDOW);
        device.send(device.write(0x2000, Bench.pattern(4, 1)));
        device.send(device.read(0x2000, 4, 1));
        bench.simulation.runUntil(1_000_000);
        // Both questions are under way at a time, and the read's is answered first.
        assertThat(iommu.asked).hasSize(2);
        iommu.answer(1);
        bench.simulation.runUntil(2_000_000);
        assertThat(device.heard).isEmpty();
        assertThat(bench.root.waiting())
                .containsExactly(
                        "root port 1: MEMORY_WRITE 100 tag 0 at 0x2000+4 waits for the IOMMU",
                        "root port 1: MEMORY_READ 100 tag 1 at 0x2000+4 waits for writes before it");
        iommu.answer(0);
        bench.simulation.run();
        assertThat(device.got).containsExactly(Bench.pattern(4, 1));
        bench.assertNothingLeft();
    }

    @Test
    void writesStayInOrderButRelaxedOnesOvertake() {
        Bench bench = new Bench();
        Slow iommu = new Slow();
        Puppet device = bench.port(iommu, 1, WINDOW);
        device.send(device.write(0x1000, new byte[] {1}));
        device.send(device.write(0x1001, new byte[] {1}));
        Packet relaxed = device.write(0x1002, new byte[] {1});
        relaxed.attributes(true, false, false);
        device.send(relaxed);
        bench.simulation.runUntil(1_000_000);
        iommu.answer(2);
        iommu.answer(1);
        assertThat(bench.bytes.read8(0x1002)).isOne();
        assertThat(bench.bytes.read8(0x1001)).isZero();
        iommu.answer(0);
        assertThat(bench.bytes.read16(0x1000)).isEqualTo(0x0101);
        bench.simulation.run();
        bench.assertNothingLeft();
    }

    @Test
    void whatIsNotThereIsUnsupported() {
        Bench bench = new Bench();
        Puppet device = bench.port(Bench.DIRECT, 1, WINDOW);
        device.send(device.read(Bench.MEMORY_BYTES, 64, 3));
        device.send(device.write(Bench.MEMORY_BYTES, new byte[8]));
        bench.simulation.run();
        assertThat(device.heard).containsExactly("COMPLETION UNSUPPORTED_REQUEST tag 3 0x40000000+0");
        bench.assertNothingLeft();
    }

    @Test
    void aMessageInterruptComesBehindTheData() {
        Bench bench = new Bench();
        Slow iommu = new Slow();
        Puppet device = bench.port(iommu, 1, WINDOW);
        device.send(device.write(0x3000, new byte[] {7}));
        device.interrupt(0, 0x31);
        bench.simulation.runUntil(1_000_000);
        assertThat(bench.vectors).isEmpty();
        iommu.answer(0);
        bench.simulation.runUntil(1_014_999);
        assertThat(bench.vectors).isEmpty();
        bench.simulation.runUntil(1_015_000);
        assertThat(bench.vectors).containsExactly(0x31);
        bench.simulation.run();
        bench.assertNothingLeft();
    }

    @Test
    void theCpuReadsAndWritesRegisters() {
        Bench bench = new Bench();
        Puppet device = bench.port(Bench.DIRECT, 1, WINDOW);
        assertThat(bench.cpuWrite(WINDOW + 0x10, 4, 0xabcd, () -> {})).isTrue();
        assertThat(bench.cpuRead(WINDOW + 0x18, 8)).isEqualTo(WINDOW + 0x18);
        assertThat(device.heard).containsExactly("MEMORY_WRITE tag 0 0xc0000010+4", "MEMORY_READ tag 0 0xc0000018+8");
        // 30 to the link and 10 on it; then as much back, with 50 in the root port.
        assertThat(device.heardAt.getLast()).isEqualTo(40_000);
        bench.assertNothingLeft();
    }

    @Test
    void whatTheCpuReadsFromNobodyIsAllOnes() {
        Bench bench = new Bench();
        assertThat(bench.cpuRead(WINDOW, 8)).isEqualTo(-1L);
        assertThat(bench.cpuRead(bench.root.windows().configurationAddress(0x500, 0), 4))
                .isEqualTo(-1L);
    }

    @Test
    void aRegisterThatIsNeverAnsweredTimesOut() {
        Bench bench = new Bench();
        Puppet device = bench.port(Bench.DIRECT, 1, WINDOW);
        device.answers = false;
        assertThat(bench.cpuRead(WINDOW, 4)).isEqualTo(-1L);
        assertThat(bench.simulation.nowPicos()).isBetween(50_000_000_000L, 50_002_000_000L);
    }
}
