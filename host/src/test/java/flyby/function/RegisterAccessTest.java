package flyby.function;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ErrorRegisters;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.configuration.layout.PowerRegisters;
import flyby.pcie.CompletionStatus;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.Packet;
import org.junit.jupiter.api.Test;

/// What software sees of a function: configuration space, Base Address Registers and what is behind them.
final class RegisterAccessTest {
    private static final long BASE = 0xe000_0000L;
    private static final long UPPER_BASE = 0x20_0000_0000L;
    private static final FunctionDescription CARD = FunctionDescription.of(0x1234, 0x5678, 0x01_0802)
            .with(BaseAddress.memory32(0, 4_096))
            .with(new BaseAddress(1, BaseAddress.Kind.IO, false, 64))
            .with(new BaseAddress(2, BaseAddress.Kind.MEMORY_64, true, 1L << 33));

    private final FunctionBench bench = new FunctionBench(CARD);

    private void place() {
        bench.writeConfiguration(0x10, 4, BASE);
        bench.writeConfiguration(0x14, 4, 0xc000);
        bench.writeConfiguration(0x18, 4, 0);
        bench.writeConfiguration(0x1c, 4, UPPER_BASE >>> 32);
    }

    @Test
    void softwareFindsTheFunctionAndItsCapabilities() {
        assertThat(bench.readConfiguration(0x00, 4)).isEqualTo(0x5678_1234L);
        assertThat(bench.readConfiguration(0x08, 4)).isEqualTo(0x0108_0200L);
        assertThat(bench.readConfiguration(0x0e, 1)).isZero();
        assertThat(bench.capability(CapabilityIds.PCI_EXPRESS)).isPositive();
        assertThat(bench.capability(CapabilityIds.POWER_MANAGEMENT)).isPositive();
        assertThat(bench.capability(CapabilityIds.MSI)).isZero();
        assertThat(bench.extendedCapability(CapabilityIds.ADVANCED_ERROR_REPORTING))
                .isEqualTo(0x100);
    }

    /// Section 7.5.1.2.1: ones are written, and what is read back tells kind and size.
    @Test
    void softwareFindsHowLargeRegionsAre() {
        for (int register = 0x10; register < 0x28; register += 4) {
            bench.writeConfiguration(register, 4, 0xffff_ffffL);
        }
        assertThat(bench.readConfiguration(0x10, 4)).isEqualTo(0xffff_f000L);
        assertThat(bench.readConfiguration(0x14, 4)).isEqualTo(0xffff_ffc1L);
        assertThat(bench.readConfiguration(0x18, 4)).isEqualTo(0x0000_000cL);
        assertThat(bench.readConfiguration(0x1c, 4)).isEqualTo(0xffff_fffeL);
        assertThat(bench.readConfiguration(0x20, 4)).isZero();
    }

    @Test
    void accessesReachTheDeviceByRegion() {
        place();
        bench.write(BASE + 0x10, 4, 0xcafe_f00dL);
        bench.read(BASE + 0x23, 1);
        assertThat(bench.root.answer()).isEqualTo(0x23);
        bench.read(UPPER_BASE + (1L << 33) - 8, 8);
        assertThat(bench.root.answer()).isEqualTo(0xfffe_fdfc_fbfa_f9f8L);
        assertThat(bench.heard).containsExactly("write 0:0x10+4=0xcafef00d", "read 0:0x23+1", "read 2:0x1fffffff8+8");
    }

    @Test
    void largeAndCrookedAccessesAreSplitIntoAlignedOnes() {
        place();
        bench.read(BASE + 0x03, 14);
        bench.write(BASE + 0x06, 6, 0x6655_4433_2211L);
        assertThat(bench.heard)
                .containsExactly(
                        "read 0:0x3+1",
                        "read 0:0x4+4",
                        "read 0:0x8+8",
                        "read 0:0x10+1",
                        "write 0:0x6+2=0x2211",
                        "write 0:0x8+4=0x66554433");
        assertThat(bench.root.answer()).isEqualTo(0x0a09_0807_0605_0403L);
    }

    @Test
    void ioWritesAreAnswered() {
        place();
        Packet out = bench.pool.take().request(Packet.Kind.IO_WRITE, TestRoot.ID, 0, 0xc004, 2);
        out.data()[0] = 7;
        bench.root.ask(out);
        bench.run();
        assertThat(bench.root.status()).isEqualTo(CompletionStatus.SUCCESSFUL);
        assertThat(bench.heard).containsExactly("write 1:0x4+2=0x7");
    }

    @Test
    void whatIsNoRegisterIsAnUnsupportedRequest() {
        place();
        bench.read(BASE + 4_096, 4);
        assertThat(bench.root.status()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        // One that crosses the end is not in the region either.
        bench.read(BASE + 4_094, 4);
        assertThat(bench.root.status()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        bench.write(BASE + 4_096, 4, 1);
        assertThat(bench.heard).isEmpty();
    }

    @Test
    void aFunctionWithoutMemorySpaceOrPowerAnswersNothing() {
        place();
        bench.writeConfiguration(HeaderRegisters.COMMAND, 2, 4);
        bench.read(BASE, 4);
        assertThat(bench.root.status()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);

        bench.writeConfiguration(HeaderRegisters.COMMAND, 2, 7);
        int power = bench.capability(CapabilityIds.POWER_MANAGEMENT);
        bench.writeConfiguration(power + PowerRegisters.CONTROL_STATUS, 4, 3);
        bench.read(BASE, 4);
        assertThat(bench.root.status()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
        assertThat(bench.heard).isEmpty();

        bench.writeConfiguration(power + PowerRegisters.CONTROL_STATUS, 4, 0);
        bench.read(BASE, 4);
        assertThat(bench.root.status()).isEqualTo(CompletionStatus.SUCCESSFUL);
    }

    @Test
    void accessesThatAreTooLargeAreAborted() {
        FunctionBench small = new FunctionBench(FunctionDescription.of(1, 2, 3)
                .with(BaseAddress.memory32(0, 4_096))
                .withAccesses(8));
        small.writeConfiguration(0x10, 4, BASE);
        small.read(BASE, 16);
        assertThat(small.root.status()).isEqualTo(CompletionStatus.COMPLETER_ABORT);
        int aer = small.extendedCapability(CapabilityIds.ADVANCED_ERROR_REPORTING);
        assertThat(small.readConfiguration(aer + ErrorRegisters.UNCORRECTABLE_STATUS, 4))
                .isEqualTo(1 << 15);
        assertThat(small.readConfiguration(HeaderRegisters.STATUS, 2) & 0x0800).isNotZero();
    }

    @Test
    void softwareLearnsHowFastTheLinkIs() {
        bench.endpoint.rate(new LinkRate(Generation.GEN4, LinkWidth.X8));
        int express = bench.capability(CapabilityIds.PCI_EXPRESS);
        assertThat(bench.readConfiguration(express + ExpressRegisters.LINK_CAPABILITIES, 4))
                .isEqualTo(0x84);
        assertThat(bench.readConfiguration(express + ExpressRegisters.LINK_STATUS, 2))
                .isEqualTo(0x84);
    }

    /// Section 2.2.6.4: IDO of a completion is not that of its request.
    @Test
    void completionsHaveIdoIfSoftwareAllowsIt() {
        place();
        askWithIdo(true);
        assertThat(bench.root.isAnsweredWithIdo()).isFalse();
        int express = bench.capability(CapabilityIds.PCI_EXPRESS);
        bench.writeConfiguration(express + ExpressRegisters.DEVICE_CONTROL_2, 2, 0x0200);
        askWithIdo(false);
        assertThat(bench.root.isAnsweredWithIdo()).isTrue();
    }

    private void askWithIdo(boolean hasIdo) {
        Packet packet = bench.pool.take().request(Packet.Kind.MEMORY_READ, TestRoot.ID, 0, BASE, 4);
        packet.attributes(false, false, hasIdo);
        bench.root.ask(packet);
        bench.run();
    }

    @Test
    void functionsThatAreNotThereDoNotAnswer() {
        bench.root.readConfiguration(FunctionBench.ID + 1, 0, 4);
        bench.run();
        assertThat(bench.root.status()).isEqualTo(CompletionStatus.UNSUPPORTED_REQUEST);
    }

    @Test
    void softwareLearnsOfTheOtherFunctions() {
        bench.endpoint.add("second", CARD);
        assertThat(bench.readConfiguration(HeaderRegisters.HEADER_TYPE, 1)).isEqualTo(0x80);

        FunctionBench many = new FunctionBench(CARD, new EndpointParameters(256, 0, 0, true));
        for (int i = 1; i < 20; i++) {
            many.endpoint.add("f" + i, CARD);
        }
        // Section 7.8.8.2: each names the next one, the last one 0.
        int count = 0;
        int number = 0;
        do {
            many.root.readConfiguration(FunctionBench.ID + number, 0x12c, 4);
            many.run();
            assertThat(many.root.answer() & 0xffff).isEqualTo(CapabilityIds.ALTERNATIVE_ROUTING_ID);
            many.root.readConfiguration(FunctionBench.ID + number, 0x130, 2);
            many.run();
            number = (int) many.root.answer() >> 8;
            count++;
        } while (number != 0);
        assertThat(count).isEqualTo(20);
    }

    @Test
    void theFunctionGoesByTheIdOfTheLastConfigurationWrite() {
        bench.root.writeConfiguration(0x4200, HeaderRegisters.INTERRUPT_LINE, 1, 9);
        bench.run();
        assertThat(bench.function.id()).isEqualTo(0x4200);
    }

    @Test
    void registersTakeTimeToAnswer() {
        FunctionBench slow = new FunctionBench(CARD, new EndpointParameters(256, 200_000, 0, false));
        slow.writeConfiguration(0x10, 4, BASE);
        long begin = slow.simulation.nowPicos();
        slow.read(BASE, 4);
        assertThat(slow.simulation.nowPicos() - begin).isEqualTo(200_000 + 2 * FunctionBench.LINK_PICOS);
    }

    @Test
    void longAnswersAreCutAtTheMaximumPayload() {
        place();
        bench.read(BASE, 512);
        assertThat(bench.heard).hasSize(64);
        assertThat(bench.pool.takenCount()).isZero();
        int express = bench.capability(CapabilityIds.PCI_EXPRESS);
        assertThat(bench.readConfiguration(express + ExpressRegisters.DEVICE_CAPABILITIES, 4) & 7)
                .isEqualTo(1);
    }
}
