package flyby.fault;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.choice.Property;
import flyby.record.MemoryHost;
import flyby.record.Recorder;
import flyby.record.RecordingHeader;
import flyby.record.Replay;
import flyby.record.ScrambleDevice;
import flyby.record.Tape;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What each kind of fault does, seen from the device and from the host, and that it is counted.
final class FaultsTest {
    private static final long AT_16 = 0x1716151413121110L;
    private static final long WRITTEN = 0x8786858483828180L;

    private static long at(Probe probe, int address) {
        return LittleEndian.get(probe.memory.memory(), address, 8);
    }

    private static void assertCount(Probe probe, long injected, long considered) {
        assertThat(probe.faults.log().count()).isEqualTo(injected);
        assertThat(probe.faults.log().counts()).singleElement().satisfies(count -> {
            assertThat(count.injected()).isEqualTo(injected);
            assertThat(count.considered()).isEqualTo(considered);
        });
    }

    @Test
    void misdirectedAccessesGoElsewhere() {
        Probe probe = new Probe("misdirect write by 0x20 2");
        probe.access(Kind.WRITE, 0x10);
        probe.access(Kind.WRITE, 0x20);
        probe.run();
        assertThat(at(probe, 0x10)).isEqualTo(WRITTEN);
        assertThat(at(probe, 0x20)).isNotEqualTo(WRITTEN);
        assertThat(at(probe, 0x40)).isEqualTo(WRITTEN);
        assertCount(probe, 1, 2);
    }

    @Test
    void aDroppedReadTimesOut() {
        Probe probe = new Probe("drop read 2");
        probe.access(Kind.READ, 0x10);
        probe.access(Kind.READ, 0x20);
        probe.run();
        assertThat(probe.heard).containsExactly("read 0x10 SUCCESS @100", "read 0x20 TIMEOUT @50000000000");
        assertCount(probe, 1, 2);
        assertThat(probe.faults.log().listed())
                .containsExactly(new InjectedFault(0, "drop read 2", "read 0x20+8 lost"));
    }

    @Test
    void theTimeoutCanBeChosen() {
        Probe probe = new Probe("drop dma timeout 50us");
        probe.access(Kind.READ, 0x10);
        probe.run();
        assertThat(probe.heard).containsExactly("read 0x10 TIMEOUT @50000000");
    }

    @Test
    void aDroppedWriteIsMissedByNobody() {
        Probe probe = new Probe("drop write");
        probe.access(Kind.WRITE, 0x10);
        probe.run();
        assertThat(probe.heard).containsExactly("write 0x10 SUCCESS @0");
        assertThat(at(probe, 0x10)).isEqualTo(AT_16);
        assertCount(probe, 1, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADDRESS_ERROR", "ABORTED", "POISONED"})
    void aFailedAccessHasItsStatusAndMovesNothing(String status) {
        Probe probe = new Probe("fail dma with " + status);
        Transaction read = probe.access(Kind.READ, 0x10);
        probe.access(Kind.WRITE, 0x20);
        probe.run();
        boolean hasCome = status.equals("POISONED");
        assertThat(probe.heard)
                .containsExactlyInAnyOrder(
                        "read 0x10 " + status + (hasCome ? " @100" : " @0"), "write 0x20 " + status + " @0");
        // The bytes of a poisoned completion come: they are known to be bad.
        assertThat(LittleEndian.get(read.data(), 0, 8)).isEqualTo(hasCome ? AT_16 : WRITTEN);
        assertThat(at(probe, 0x20)).isNotEqualTo(WRITTEN);
        assertCount(probe, 2, 2);
    }

    @Test
    void aTimeoutTakesItsTime() {
        Probe probe = new Probe("fail write with timeout timeout 1us");
        probe.access(Kind.WRITE, 0x10);
        probe.run();
        assertThat(probe.heard).containsExactly("write 0x10 TIMEOUT @1000000");
        assertCount(probe, 1, 1);
    }

    @Test
    void aDelayedReadIsAnsweredLater() {
        Probe probe = new Probe("delay read by 10us every 2nd");
        probe.access(Kind.READ, 0x10);
        probe.access(Kind.READ, 0x20);
        probe.run();
        assertThat(probe.heard).containsExactly("read 0x10 SUCCESS @100", "read 0x20 SUCCESS @10000100");
        assertCount(probe, 1, 2);
    }

    @Test
    void aDelayedWriteArrivesLater() {
        Probe probe = new Probe("delay write by 10us");
        probe.access(Kind.WRITE, 0x10);
        probe.memory.simulation().runUntil(5_000_000);
        assertThat(at(probe, 0x10)).isEqualTo(AT_16);
        probe.run();
        assertThat(at(probe, 0x10)).isEqualTo(WRITTEN);
        assertThat(probe.heard).containsExactly("write 0x10 SUCCESS @10000100");
        assertCount(probe, 1, 1);
    }

    @Test
    void aDuplicateComesBehindAndOverwrites() {
        Probe probe = new Probe("duplicate write 1");
        probe.access(Kind.WRITE, 0x10);
        probe.memory.simulation().runUntil(100);
        LittleEndian.put(0, probe.memory.memory(), 0x10, 8);
        probe.run();
        assertThat(at(probe, 0x10)).isEqualTo(WRITTEN);
        assertThat(probe.heard).containsExactly("write 0x10 SUCCESS @100");
        assertCount(probe, 1, 1);
    }

    @Test
    void corruptBytesAndBits() {
        Probe probe = new Probe("corrupt read byte 3");
        Transaction read = probe.access(Kind.READ, 0x10);
        probe.run();
        assertThat(LittleEndian.get(read.data(), 0, 8)).isEqualTo(AT_16 ^ 0xff00_0000L);
        assertCount(probe, 1, 1);

        probe = new Probe("corrupt write bit 9");
        Transaction write = probe.access(Kind.WRITE, 0x10);
        probe.run();
        assertThat(at(probe, 0x10)).isEqualTo(WRITTEN ^ 0x200);
        assertThat(LittleEndian.get(write.data(), 0, 8)).as("the device's own").isEqualTo(WRITTEN);

        probe = new Probe("corrupt read seed=3");
        read = probe.access(Kind.READ, 0x10);
        probe.run();
        long flipped = LittleEndian.get(read.data(), 0, 8) ^ AT_16;
        assertThat(flipped).isNotZero();
        assertThat(Long.highestOneBit(flipped) / Long.lowestOneBit(flipped)).isLessThan(256);
    }

    @Test
    void aReorderedCompletionIsOvertaken() {
        Probe probe = new Probe("reorder read behind 2 1");
        for (int i = 1; i <= 4; i++) {
            probe.access(Kind.READ, 16L * i);
        }
        probe.run();
        assertThat(probe.heard)
                .containsExactly(
                        "read 0x20 SUCCESS @100",
                        "read 0x30 SUCCESS @100",
                        "read 0x10 SUCCESS @100",
                        "read 0x40 SUCCESS @100");
        assertCount(probe, 1, 4);
    }

    @Test
    void aCompletionThatNothingOvertakesComesAllTheSame() {
        Probe probe = new Probe("reorder dma");
        probe.access(Kind.READ, 0x10);
        probe.run();
        assertThat(probe.heard).containsExactly("read 0x10 SUCCESS @100000100");
    }

    @Test
    void interruptsAreLostRepeatedAndLate() {
        Probe probe = new Probe("drop interrupt 2");
        for (int i = 0; i < 3; i++) {
            probe.host().interrupt(0, true);
            probe.host().interrupt(0, false);
        }
        assertThat(probe.memory.interrupts()).isEqualTo("0+0-0-0+0-");
        assertCount(probe, 1, 3);

        probe = new Probe("duplicate interrupt vector 1");
        probe.host().interrupt(0, true);
        probe.host().interrupt(1, true);
        assertThat(probe.memory.interrupts()).isEqualTo("0+1+1-1+");
        assertCount(probe, 1, 1);

        probe = new Probe("delay interrupt by 1us");
        probe.host().interrupt(0, true);
        assertThat(probe.memory.interrupts()).isEmpty();
        probe.run();
        assertThat(probe.memory.interrupts()).isEqualTo("0+");
        probe.host().interrupt(0, false);
        probe.host().interrupt(0, true);
        probe.host().interrupt(0, false);
        probe.run();
        assertThat(probe.memory.interrupts()).isEqualTo("0+0-0-0+0-");
        assertCount(probe, 2, 2);
    }

    @Test
    void registersAreLostCorruptLateAndTwice() {
        Probe probe = new Probe("drop register-read in 0x8..0xf");
        assertThat(probe.outside.readRegister(0, 0, 4)).isEqualTo(0x55);
        assertThat(probe.outside.readRegister(0, 8, 4)).isEqualTo(Device.ABSENT);
        assertThat(probe.heard).containsExactly("register read 0x0");
        assertCount(probe, 1, 1);

        probe = new Probe("drop register-write region 2");
        probe.outside.writeRegister(2, 0, 4, 1);
        probe.outside.writeRegister(0, 0, 4, 2);
        assertThat(probe.heard).containsExactly("register write 0x0 of 0x2 @0");
        assertCount(probe, 1, 1);

        probe = new Probe("corrupt register bit 4");
        assertThat(probe.outside.readRegister(0, 0, 4)).isEqualTo(0x45);
        probe.outside.writeRegister(0, 0, 4, 0);
        assertThat(probe.heard).endsWith("register write 0x0 of 0x10 @0");
        assertCount(probe, 2, 2);

        probe = new Probe("delay register-write by 2ns");
        probe.outside.writeRegister(0, 0, 4, 1);
        assertThat(probe.heard).isEmpty();
        probe.run();
        assertThat(probe.heard).containsExactly("register write 0x0 of 0x1 @2000");

        probe = new Probe("duplicate register-write");
        probe.outside.writeRegister(0, 0, 4, 1);
        assertThat(probe.heard).hasSize(2);
    }

    @Test
    void aPulledDeviceIsGoneForGood() {
        Probe probe = new Probe("remove device at 1us");
        probe.host().interrupt(0, true);
        probe.alarm.in(2_000_000);
        probe.memory.simulation().runUntil(999_950);
        probe.access(Kind.READ, 0x10);
        probe.run();
        assertThat(probe.memory.interrupts()).isEqualTo("0+0-");
        probe.access(Kind.WRITE, 0x20);
        probe.host().interrupt(0, true);
        assertThat(probe.outside.readRegister(0, 0, 4)).isEqualTo(Device.ABSENT);
        probe.outside.writeRegister(0, 0, 4, 1);
        probe.outside.reset();
        probe.run();
        assertThat(probe.heard).isEmpty();
        assertThat(at(probe, 0x20)).isNotEqualTo(WRITTEN);
        assertThat(probe.memory.interrupts()).isEqualTo("0+0-");
        assertCount(probe, 1, 1);
    }

    @Test
    void aDeviceIsPulledAfterSoManyAccesses() {
        Probe probe = new Probe("remove device after 2");
        assertThat(probe.outside.readRegister(0, 0, 4)).isEqualTo(0x55);
        probe.access(Kind.READ, 0x10);
        probe.run();
        assertThat(probe.outside.readRegister(0, 0, 4)).isEqualTo(Device.ABSENT);
        assertThat(probe.heard).containsExactly("register read 0x0", "read 0x10 SUCCESS @100");
        assertCount(probe, 1, 3);
    }

    @Test
    void aHungDeviceHearsNothingUntilItIsReset() {
        Probe probe = new Probe("hang device at 50ps");
        probe.access(Kind.READ, 0x10);
        probe.alarm.in(70);
        probe.run();
        probe.outside.writeRegister(0, 0, 4, 1);
        assertThat(probe.heard).isEmpty();
        assertThat(probe.alarm.isPending()).isTrue();
        assertThat(probe.outside.readRegister(0, 0, 4))
                .as("its registers are still there")
                .isEqualTo(0x55);
        probe.outside.reset();
        assertThat(probe.heard).containsExactly("register read 0x0", "reset", "read 0x10 SUCCESS @100");
        probe.outside.writeRegister(0, 0, 4, 1);
        assertThat(probe.heard).endsWith("register write 0x0 of 0x1 @100");
        assertCount(probe, 1, 4);
    }

    @Test
    void aDeviceThatHangsForAWhileGoesOnLate() {
        Probe probe = new Probe("hang device at 50ps for 1us");
        probe.access(Kind.READ, 0x10);
        probe.alarm.in(70);
        probe.run();
        assertThat(probe.heard).containsExactly("tick @1000050", "read 0x10 SUCCESS @1000050");
    }

    @Test
    void aDeviceAsksForFaultsOfItsOwn() {
        Probe probe = new Probe("nvme status 0x281 on read in 100..107 every 2nd");
        DeviceFaults faults = DeviceFaults.of(probe.host());
        assertThat(faults.ask("nvme", "status", "read", 96, 4)).isEqualTo(DeviceFaults.NONE);
        assertThat(faults.ask("nvme", "status", "read", 96, 5)).isEqualTo(DeviceFaults.NONE);
        assertThat(faults.ask("nvme", "status", "write", 100, 1)).isEqualTo(DeviceFaults.NONE);
        assertThat(faults.ask("nvme", "status", "read", 107, 1)).isEqualTo(0x281);
        assertCount(probe, 1, 2);
        assertThat(DeviceFaults.of(probe.memory).ask("nvme", "status", "read", 107, 1))
                .isEqualTo(DeviceFaults.NONE);
    }

    @Test
    void chanceIsSeeded() {
        Probe probe = new Probe("drop interrupt p=0.25 seed=7");
        for (int i = 0; i < 4_000; i++) {
            probe.host().interrupt(0, true);
            probe.host().interrupt(0, false);
        }
        long count = probe.faults.log().count();
        assertThat(count).isBetween(900L, 1_100L);
        Probe again = new Probe("drop interrupt p=0.25 seed=7");
        for (int i = 0; i < 4_000; i++) {
            again.host().interrupt(0, true);
            again.host().interrupt(0, false);
        }
        assertThat(again.memory.interrupts()).isEqualTo(probe.memory.interrupts());
        assertThat(again.faults.log().listed()).isEqualTo(probe.faults.log().listed());
    }

    @Test
    void theFirstRuleThatHitsDecidesAndAllCount() {
        Probe probe = new Probe("drop interrupt 2 ; duplicate interrupt times 2");
        for (int i = 0; i < 4; i++) {
            probe.host().interrupt(0, true);
            probe.host().interrupt(0, false);
        }
        assertThat(probe.memory.interrupts()).isEqualTo("0+0-0+0-" + "0-" + "0+0-0+0-" + "0+0-");
        assertThat(probe.faults.log().counts())
                .containsExactly(
                        new FaultLog.RuleCount("drop interrupt 2", 4, 1),
                        new FaultLog.RuleCount("duplicate interrupt times 2", 4, 2));
    }

    @Test
    void withinATime() {
        Probe probe = new Probe("drop interrupt from 1us until 2us");
        for (long picos : new long[] {999_999, 1_000_000, 1_999_999, 2_000_000}) {
            probe.memory.simulation().runUntil(picos);
            probe.host().interrupt(0, true);
            probe.host().interrupt(0, false);
        }
        assertCount(probe, 2, 2);
    }

    /// Rules that never hit leave everything as it is, in memory and in the trace of the machine.
    @Test
    void withoutFaultsNothingChanges() {
        Property.check(200, choices -> {
            String plan = "drop dma times 1 after 1000000; hang device after 1000000; delay interrupt by 1us p=0;"
                    + " corrupt register after 1000000";
            long most = choices.pick(1L, 0L, 300L);
            long seed = choices.below(1_000);
            Faults faults = new Faults("scramble", FaultPlan.parse("test", plan));
            String plain = life(seed, most, host -> {
                // The row of the timeline that faults have.
                host.trace().track("scramble", "faults");
                host.trace().name("fault");
                return new ScrambleDevice(host);
            });
            assertThat(life(
                            seed,
                            most,
                            host -> faults.around(ScrambleDevice::new).apply(host)))
                    .isEqualTo(plain);
            assertThat(faults.log().count()).isZero();
        });
    }

    @Test
    void withoutRulesTheMakerIsTheSame() {
        Function<DeviceHost, Device> maker = ScrambleDevice::new;
        assertThat(new Faults("x", FaultPlan.none()).around(maker)).isSameAs(maker);
    }

    private static String life(long seed, long most, Function<DeviceHost, Device> maker) {
        HashSink hash = new HashSink();
        SplittableRandom random = new SplittableRandom(seed);
        MemoryHost host = new MemoryHost(() -> most == 0 ? 0 : random.nextLong(most), Trace.to(List.of(hash)));
        Device device = maker.apply(host);
        for (int i = 0; i < 40; i++) {
            device.writeRegister(0, ScrambleDevice.GO, 8, random.nextInt(MemoryHost.MEMORY_BYTES));
            host.simulation().runUntil(host.nowPicos() + random.nextInt(200));
            device.readRegister(0, ScrambleDevice.DONE, 8);
        }
        host.simulation().run();
        return host.interrupts() + Arrays.hashCode(host.memory()) + " " + hash.text() + " " + host.nowPicos();
    }

    /// The recorder is next to the device: what it has written down has the faults in it.
    @Test
    void aLifeWithFaultsReplaysWithoutThem() {
        String plan = "drop read p=0.1 timeout 1us; corrupt dma p=0.2; delay write by 1ns p=0.2; duplicate interrupt"
                + " p=0.3; reorder dma p=0.1; fail dma with ABORTED p=0.1; drop register-write p=0.05;"
                + " hang device at 2ns for 1ns";
        Property.check(300, choices -> {
            Tape tape = new Tape();
            Faults faults = new Faults(
                    "scramble", FaultPlan.parse("test", plan.replace("p=", "seed=" + choices.below(1_000) + " p=")));
            try (Recorder recorder = new Recorder(tape, new RecordingHeader("scramble", "", plan))) {
                life(
                        choices.below(1_000),
                        choices.pick(1L, 0L, 300L),
                        faults.around(recorder.around(ScrambleDevice::new)));
            }
            Replay.of(tape.bytes(), ScrambleDevice::new).run().check();
        });
    }
}
