package flyby.root;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.bus.Device;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.ErrorRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.iommu.InterruptRemapping;
import flyby.iommu.Translator;
import flyby.iommu.layout.InterruptEntries;
import flyby.pcie.MessageCodes;
import flyby.pcie.Packet;
import flyby.pcie.PageRange;
import flyby.register.BitField;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What goes wrong at a root port, and what the root complex does besides memory: errors, resets, pulled cards,
/// interrupts of all forms, translation services, registers of its own.
final class RootErrorsTest {
    private static final long WINDOW = 0xc000_0000L;

    private final Bench bench = new Bench();

    private Bridge bridge() {
        return bench.root.ports().getFirst().bridge();
    }

    private boolean hasError(BitField error) {
        int at = CapabilityIds.EXTENDED_START;
        while ((bridge().space().get(at, 4) & 0xffff) != CapabilityIds.ADVANCED_ERROR_REPORTING) {
            at = (int) (bridge().space().get(at, 4) >>> 20);
        }
        return error.isSet(bridge().space().get(at + ErrorRegisters.UNCORRECTABLE_STATUS, 4));
    }

    @Test
    void poisonedBytesDoNotReachMemory() {
        Puppet device = bench.port(Bench.DIRECT, 1, WINDOW);
        Packet write = device.write(0x1000, new byte[] {1});
        write.poison();
        device.send(write);
        bench.simulation.run();
        assertThat(bench.bytes.read8(0x1000)).isZero();
        assertThat(hasError(ErrorRegisters.POISONED_RECEIVED)).isTrue();
        bench.assertNothingLeft();
    }

    @Test
    void aTimeoutIsRecordedAndTheLateAnswerTooIsUnexpected() {
        Puppet device = bench.port(Bench.DIRECT, 1, WINDOW);
        device.answers = false;
        assertThat(bench.cpuRead(WINDOW, 4)).isEqualTo(-1L);
        assertThat(hasError(ErrorRegisters.COMPLETION_TIMEOUT)).isTrue();
        assertThat(hasError(ErrorRegisters.UNEXPECTED_COMPLETION)).isFalse();

        device.answer(0, WINDOW);
        bench.simulation.run();
        assertThat(hasError(ErrorRegisters.UNEXPECTED_COMPLETION)).isTrue();
        bench.assertNothingLeft();
    }

    @Test
    void withoutBusMasterNothingPasses() {
        Puppet device = bench.port(Bench.DIRECT, 1, WINDOW);
        bridge().space().write(HeaderRegisters.COMMAND, 2, HeaderRegisters.COMMAND_MEMORY_SPACE_ENABLE.mask());
        device.send(device.write(0x1000, new byte[] {1}));
        device.interrupt(0, 0x40);
        device.send(device.read(0x1000, 4, 3));
        bench.simulation.run();
        assertThat(bench.bytes.read8(0x1000)).isZero();
        assertThat(bench.vectors).isEmpty();
        assertThat(device.heard).containsExactly("COMPLETION UNSUPPORTED_REQUEST tag 3 0x1000+0");
        bench.assertNothingLeft();
    }

    @Test
    void whoReadsFromACardThatIsPulledOutGetsOnesAtOnce() {
        Puppet device = bench.port(Bench.DIRECT, 1, WINDOW);
        device.answers = false;
        List<Long> answers = new ArrayList<>();
        bench.cpu.read(WINDOW, 4, 0, answers::add);
        bench.simulation.runUntil(1_000_000);
        bench.links.getFirst().takeDown();
        bench.simulation.runUntil(1_100_000);
        assertThat(answers).containsExactly(-1L);
        // A write goes nowhere, and a register write elsewhere does not bring the card back.
        assertThat(bench.cpuWrite(WINDOW, 4, 1, () -> {})).isTrue();
        bridge().space().write(HeaderRegisters.COMMAND, 2, 7);
        assertThat(bench.links.getFirst().upstream().isUp()).isFalse();
        bench.simulation.run();
        bench.assertNothingLeft();
    }

    @Test
    void softwareResetsWhatIsBelow() {
        bench.port(Bench.DIRECT, 1, WINDOW);
        bridge().space().write(HeaderRegisters.BRIDGE_CONTROL, 2, HeaderRegisters.BRIDGE_SECONDARY_BUS_RESET.mask());
        assertThat(bench.links.getFirst().upstream().isUp()).isFalse();
        bridge().space().write(HeaderRegisters.BRIDGE_CONTROL, 2, 0);
        assertThat(bench.links.getFirst().upstream().isUp()).isTrue();
    }

    @Test
    void aCpuWithoutRoomIsToldWhenThereIs() {
        bench.port(Bench.DIRECT, 1, WINDOW);
        List<Long> told = new ArrayList<>();
        // Room for four, which leave 30 ns after they were written.
        for (int i = 0; i < 3; i++) {
            assertThat(bench.cpuWrite(WINDOW, 4, i, () -> told.add(-1L))).isTrue();
        }
        assertThat(bench.cpuWrite(WINDOW, 4, 3, () -> told.add(bench.simulation.nowPicos())))
                .isFalse();
        assertThat(bench.root.waiting())
                .containsExactly("root port 1: 1 CPUs wait for room, 4 writes wait for the link");
        bench.simulation.run();
        assertThat(told).containsExactly(30_000L);
        bench.assertNothingLeft();
    }

    @Test
    void interruptsGoToWhomTheyName() {
        List<String> heard = new ArrayList<>();
        for (int i = 1; i < 4; i++) {
            int cpu = i;
            bench.root.interrupts((vector, _) -> heard.add(cpu + " " + vector));
        }
        // Physical, to all, logical to 1 and 3, the lowest of 1 and 3; then a reserved vector and SMI: nobody.
        bench.root.message(0xfee0_2000L, 0x50);
        bench.root.message(0xfeef_f000L, 0x51);
        bench.root.message(0xfee0_a004L, 0x52);
        bench.root.message(0xfee0_a00cL, 0x53);
        bench.root.message(0xfee0_2000L, 0x0f);
        bench.root.message(0xfee0_2000L, 0x254);
        bench.simulation.run();
        assertThat(heard).containsExactly("2 80", "1 81", "2 81", "3 81", "1 82", "3 82", "1 83");
        assertThat(bench.vectors).containsExactly(0x51);
    }

    @Test
    void theIommuSaysWhereARemappedInterruptGoes() {
        InterruptRemapping table = request -> {
            if (request.requesterId() == 0x100) {
                request.allow(0, 0x77);
            } else {
                request.refuse();
            }
            return true;
        };
        Puppet device = bench.port(Bench.DIRECT, table, 1, WINDOW);
        Puppet other = bench.port(Bench.DIRECT, table, 2, WINDOW + (1 << 20));
        for (Puppet each : List.of(device, other)) {
            each.send(each.write(0xfee0_0000L | InterruptEntries.ADDRESS_FORMAT.to(1), new byte[4]));
        }
        bench.simulation.run();
        assertThat(bench.vectors).containsExactly(0x77);
        bench.assertNothingLeft();
    }

    @Test
    void translationServicesReachTheIommuAndBack() {
        Translator table = translation -> {
            translation.allow(translation.iova() + 0x10_0000, 21, true, false, false);
            return true;
        };
        Puppet device = bench.port(table, 1, WINDOW);
        Packet question = device.read(0x20_0000, 8, 4);
        question.addressType(AddressType.TRANSLATION_REQUEST);
        device.send(question);
        List<String> answered = new ArrayList<>();
        bench.root.deviceTlbs(() -> answered.add("another"));
        var way = bench.root.deviceTlbs(() -> answered.add("forgotten"));
        way.invalidate(device.id, 0x20_0000, 512);
        bench.simulation.run();
        long entry = PageRange.get(device.got.getFirst(), 0);
        assertThat(device.heard.getFirst()).startsWith("MESSAGE");
        assertThat(PageRange.shift(entry)).isEqualTo(21);
        long range = PageRange.get(device.got.getLast(), 0);
        assertThat(PageRange.address(range)).isEqualTo(0x20_0000);
        assertThat(PageRange.isReadable(range)).isTrue();
        assertThat(PageRange.isWritable(range)).isFalse();

        Packet done = bench.pool.take().message(MessageCodes.INVALIDATE_COMPLETION, device.id, 0, 0);
        done.tag(1);
        device.send(done);
        bench.simulation.run();
        assertThat(answered).containsExactly("forgotten");
        bench.assertNothingLeft();
    }

    @Test
    void aDeviceOfTheRootComplexHasRegisters() {
        List<String> accesses = new ArrayList<>();
        bench.root.integrated(
                new Device() {
                    @Override
                    public long readRegister(int region, long offset, int byteCount) {
                        return 0x1234_5678L + offset;
                    }

                    @Override
                    public void writeRegister(int region, long offset, int byteCount, long value) {
                        accesses.add(offset + " " + value);
                    }

                    @Override
                    public void reset() {}
                },
                0xfed9_0000L,
                0x1000);
        assertThat(bench.cpu.isMapped(0xfed9_0fffL)).isTrue();
        assertThat(bench.cpuRead(0xfed9_0008L, 4)).isEqualTo(0x1234_5680L);
        assertThat(bench.cpuWrite(0xfed9_0018L, 4, 7, () -> {})).isTrue();
        assertThat(accesses).containsExactly("24 7");
    }
}
