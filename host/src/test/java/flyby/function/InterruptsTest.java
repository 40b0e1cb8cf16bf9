package flyby.function;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Transaction.Kind;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.HeaderRegisters;
import flyby.configuration.layout.MsiRegisters;
import flyby.configuration.layout.MsixRegisters;
import flyby.function.FunctionDescription.Msix;
import flyby.pcie.TagWidth;
import org.junit.jupiter.api.Test;

/// MSI, MSI-X and INTx: sections 6.1, 7.7.1 and 7.7.2.
final class InterruptsTest {
    private static final long BASE = 0xe000_0000L;
    private static final FunctionDescription CARD = FunctionDescription.of(0x1234, 0x5678, 0x01_0802)
            .with(BaseAddress.memory32(0, 16_384))
            .withPin(2);

    private static FunctionBench msix(int vectors) {
        FunctionBench bench = new FunctionBench(CARD.withMsix(new Msix(vectors, 0, 0x2000, 0x3000)));
        bench.writeConfiguration(0x10, 4, BASE);
        for (int i = 0; i < vectors; i++) {
            bench.write(entry(i), 4, 0xfee0_0000L + 0x1000L * i);
            bench.write(entry(i) + 8, 4, 0x40 + i);
            bench.write(entry(i) + 12, 4, 0);
        }
        control(bench, 0x8000);
        return bench;
    }

    private static long entry(int vector) {
        return BASE + 0x2000 + 16L * vector;
    }

    private static void control(FunctionBench bench, int value) {
        bench.writeConfiguration(bench.capability(CapabilityIds.MSI_X) + MsixRegisters.CONTROL, 2, value);
    }

    private static void raise(FunctionBench bench, int vector) {
        bench.function.interrupt(vector, true);
        bench.run();
    }

    @Test
    void aMessageGoesBehindTheDataEvenOfAnEngineThatIsSlow() {
        FunctionBench bench = new FunctionBench(CARD.withMsi(1)
                .with(new RequesterLimits(
                        TagWidth.FIVE_BITS,
                        32,
                        4_096,
                        4_096,
                        RequesterLimits.Pace.UNLIMITED,
                        new RequesterLimits.Pace(1_000_000, 0))));
        int msi = bench.capability(CapabilityIds.MSI);
        bench.writeConfiguration(msi + MsiRegisters.ADDRESS, 4, 0xfee0_1000L);
        bench.writeConfiguration(msi + MsiRegisters.DATA, 2, 0x31);
        bench.writeConfiguration(msi + MsiRegisters.CONTROL, 2, 1);
        bench.submit("w0", Kind.WRITE, 0, 4);
        bench.submit("w1", Kind.WRITE, 0x40, 4);
        raise(bench, 0);
        assertThat(bench.root.written).containsExactly("0x0+4", "0x40+4", "interrupt 0x31 to 0xfee01000");
        assertThat(bench.wires).isEmpty();
    }

    /// Section 7.7.1.5: of the data, the function changes as many bits as it has been given messages for.
    @Test
    void vectorsShareTheMessagesThatSoftwareGives() {
        FunctionBench bench = new FunctionBench(CARD.withMsi(4));
        int msi = bench.capability(CapabilityIds.MSI);
        assertThat(bench.readConfiguration(msi + MsiRegisters.CONTROL, 2)).isEqualTo(0x0184);
        bench.writeConfiguration(msi + MsiRegisters.ADDRESS, 4, 0xfee0_0000L);
        bench.writeConfiguration(msi + MsiRegisters.DATA, 2, 0x33);
        bench.writeConfiguration(msi + MsiRegisters.CONTROL, 2, 0x0011);
        raise(bench, 2);
        raise(bench, 3);
        assertThat(bench.root.heard).containsExactly("interrupt 0x32 to 0xfee00000", "interrupt 0x33 to 0xfee00000");
    }

    @Test
    void aMaskedMsiIsPendingUntilItsMaskIsCleared() {
        FunctionBench bench = new FunctionBench(CARD.withMsi(2));
        int msi = bench.capability(CapabilityIds.MSI);
        bench.writeConfiguration(msi + MsiRegisters.ADDRESS, 4, 0xfee0_0000L);
        bench.writeConfiguration(msi + MsiRegisters.CONTROL, 2, 0x0011);
        bench.writeConfiguration(msi + MsiRegisters.MASK, 4, 0b10);
        raise(bench, 1);
        assertThat(bench.root.heard).isEmpty();
        assertThat(bench.readConfiguration(msi + MsiRegisters.PENDING, 4)).isEqualTo(0b10);
        bench.writeConfiguration(msi + MsiRegisters.MASK, 4, 0);
        assertThat(bench.root.heard).containsExactly("interrupt 0x1 to 0xfee00000");
        assertThat(bench.readConfiguration(msi + MsiRegisters.PENDING, 4)).isZero();
    }

    @Test
    void eachVectorOfMsixHasItsOwnMessage() {
        FunctionBench bench = msix(3);
        raise(bench, 2);
        raise(bench, 0);
        assertThat(bench.root.heard).containsExactly("interrupt 0x42 to 0xfee02000", "interrupt 0x40 to 0xfee00000");
        bench.read(entry(1) + 8, 4);
        assertThat(bench.root.answer()).isEqualTo(0x41);
        // The table is not the device's.
        assertThat(bench.heard).isEmpty();
    }

    @Test
    void aMessageIsSentForEachRisingEdge() {
        FunctionBench bench = msix(1);
        bench.function.interrupt(0, true);
        bench.function.interrupt(0, true);
        bench.function.interrupt(0, false);
        bench.function.interrupt(0, true);
        bench.run();
        assertThat(bench.root.heard).hasSize(2);
    }

    @Test
    void maskedVectorsWaitAndThoseTakenBackAreForgotten() {
        FunctionBench bench = msix(70);
        bench.write(entry(65) + 12, 4, 1);
        raise(bench, 65);
        bench.read(BASE + 0x3008, 8);
        assertThat(bench.root.answer()).isEqualTo(0b10);
        bench.write(entry(65) + 12, 4, 0);
        assertThat(bench.root.heard).containsExactly("interrupt 0x81 to 0xfee41000");

        control(bench, 0xc000);
        raise(bench, 1);
        raise(bench, 2);
        bench.function.interrupt(1, false);
        control(bench, 0x8000);
        assertThat(bench.root.heard).hasSize(2).endsWith("interrupt 0x42 to 0xfee02000");
        bench.read(BASE + 0x3000, 8);
        assertThat(bench.root.answer()).isZero();
    }

    @Test
    void afterResetEveryVectorIsMasked() {
        FunctionBench bench = new FunctionBench(CARD.withMsix(new Msix(2, 0, 0x2000, 0x3000)));
        bench.writeConfiguration(0x10, 4, BASE);
        bench.read(entry(1) + 12, 4);
        assertThat(bench.root.answer()).isEqualTo(1);
    }

    @Test
    void withoutBusMasterEnableAMessageIsLost() {
        FunctionBench bench = msix(1);
        bench.writeConfiguration(HeaderRegisters.COMMAND, 2, 3);
        raise(bench, 0);
        assertThat(bench.root.heard).isEmpty();
    }

    @Test
    void theWireIsNotOrderedBehindData() {
        FunctionBench bench = new FunctionBench(CARD, new EndpointParameters(256, 0, 300, false));
        long begin = bench.simulation.nowPicos();
        bench.submit("w", Kind.WRITE, 0, 4);
        bench.function.interrupt(0, true);
        bench.simulation.runUntil(begin + 300);
        assertThat(bench.wires).containsExactly("1 true at " + (begin + 300));
        assertThat(bench.root.written).isEmpty();
        assertThat(bench.readConfiguration(HeaderRegisters.STATUS, 2) & 8).isEqualTo(8);

        bench.writeConfiguration(HeaderRegisters.COMMAND, 2, 0x0407);
        assertThat(bench.wires).hasSize(2);
        assertThat(bench.readConfiguration(HeaderRegisters.STATUS, 2) & 8).isEqualTo(8);
        bench.function.interrupt(0, false);
        assertThat(bench.readConfiguration(HeaderRegisters.STATUS, 2) & 8).isZero();
        assertThat(bench.wires).hasSize(2);
    }

    @Test
    void functionsShareAWire() {
        FunctionBench bench = new FunctionBench(CARD);
        Function second = bench.endpoint.add("second", CARD);
        bench.function.interrupt(0, true);
        second.interrupt(0, true);
        bench.function.interrupt(0, false);
        assertThat(bench.wires).hasSize(1);
        second.interrupt(0, false);
        assertThat(bench.wires).hasSize(2);
    }

    @Test
    void enablingMessagesReleasesTheWire() {
        FunctionBench bench = new FunctionBench(CARD.withMsi(1));
        bench.function.interrupt(0, true);
        bench.writeConfiguration(bench.capability(CapabilityIds.MSI) + MsiRegisters.CONTROL, 2, 1);
        assertThat(bench.wires).hasSize(2);
    }
}
