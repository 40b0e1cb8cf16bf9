package flyby.ring;

import static flyby.ring.layout.RingRegisters.ARM;
import static flyby.ring.layout.RingRegisters.CONTROL;
import static flyby.ring.layout.RingRegisters.CONTROL_ENABLE;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_BYTES;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_LENGTH;
import static flyby.ring.layout.RingRegisters.DESCRIPTOR_STATUS;
import static flyby.ring.layout.RingRegisters.ENTRIES;
import static flyby.ring.layout.RingRegisters.HEAD;
import static flyby.ring.layout.RingRegisters.LENGTH_WRITE;
import static flyby.ring.layout.RingRegisters.RING;
import static flyby.ring.layout.RingRegisters.STATUS;
import static flyby.ring.layout.RingRegisters.STATUS_ERROR;
import static flyby.ring.layout.RingRegisters.STATUS_FAILED;
import static flyby.ring.layout.RingRegisters.STATUS_INTERRUPT;
import static flyby.ring.layout.RingRegisters.TAIL;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.split.SplitBus;
import flyby.trace.Trace;
import flyby.workbench.Recorded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the ring device does with rings in memory, on a real bus.
final class RingDeviceTest {
    private static final int RING_AT = 0x1000;
    private static final int MEMORY_BYTES = 1 << 20;
    private static final int BUFFERS = 0x1_0000;

    private final List<Boolean> interrupts = new ArrayList<>();
    private final Simulation simulation = new Simulation(1, Trace.off());
    private final PhysicalMemory memory = new PhysicalMemory();
    private final SplitBus bus =
            new SplitBus(simulation, "bus", SplitBus.Timing.PEER, memory, MEMORY_BYTES, SplitBus.Mode.RUN_AHEAD);
    private final Recorded recorded = new Recorded();
    private final Device device = recorded.around(host -> new RingDevice(host, new RingDevice.Profile(4, 64, 3)))
            .apply(bus.attach("ring", (_, asserted) -> interrupts.add(asserted)));
    private long posted;

    @AfterEach
    void anotherDoesThatAgain() {
        recorded.replay();
    }

    private void enable(int entries) {
        device.writeRegister(0, RING, 8, RING_AT);
        device.writeRegister(0, ENTRIES, 4, entries);
        device.writeRegister(0, CONTROL, 4, CONTROL_ENABLE.mask());
        interrupts.clear();
    }

    private long descriptor(long index) {
        long entries = device.readRegister(0, ENTRIES, 4);
        return RING_AT + index % entries * DESCRIPTOR_BYTES;
    }

    private void post(long address, long length) {
        memory.write64(descriptor(posted), address);
        memory.write32(descriptor(posted) + DESCRIPTOR_LENGTH, length);
        posted++;
    }

    private void kick() {
        device.writeRegister(0, TAIL, 4, posted);
        simulation.run();
    }

    private long report(long index) {
        return memory.read32(descriptor(index) + DESCRIPTOR_STATUS);
    }

    @Test
    void buffersOfAnyLengthAreFilledAndReportedInOrder() {
        enable(8);
        int[] lengths = {1, 8, 63, 64, 65, 200, 0};
        for (int i = 0; i < lengths.length; i++) {
            post(BUFFERS + i * 0x1000L, LENGTH_WRITE | lengths[i]);
        }
        kick();

        for (int i = 0; i < lengths.length; i++) {
            assertThat(report(i)).isEqualTo(i + 1L);
            for (int at = 0; at < lengths[i]; at++) {
                assertThat(memory.read8(BUFFERS + i * 0x1000L + at)).isEqualTo(at % 8 == 0 ? i : 0);
            }
            assertThat(memory.read8(BUFFERS + i * 0x1000L + lengths[i]))
                    .as("one byte further")
                    .isZero();
        }
        assertThat(device.readRegister(0, HEAD, 4)).isEqualTo(lengths.length);
        assertThat(device.readRegister(0, STATUS, 4)).isZero();
    }

    @Test
    void aRingIsUsedAgainAndAgain() {
        enable(5);
        for (int lap = 0; lap < 200; lap++) {
            for (int i = 0; i < 4; i++) {
                post(BUFFERS + posted % 5 * 256, LENGTH_WRITE | 100);
            }
            kick();
            assertThat(report(posted - 1)).isEqualTo(posted);
            assertThat(memory.read64(BUFFERS + (posted - 1) % 5 * 256)).isEqualTo(posted - 1);
        }
    }

    @Test
    void whatIsReadMustHaveItsStamp() {
        enable(4);
        memory.write64(BUFFERS, 0);
        memory.write64(BUFFERS + 256, 77);
        post(BUFFERS, 128);
        post(BUFFERS + 256, 128);
        kick();

        assertThat(report(0)).isEqualTo(1);
        assertThat(report(1)).isEqualTo(STATUS_FAILED | 2);
        assertThat(device.readRegister(0, STATUS, 4)).isEqualTo(STATUS_ERROR.mask());
    }

    @Test
    void anAddressThatNothingAnswersFailsItsOwnDescriptorOnly() {
        enable(4);
        post(MEMORY_BYTES + 4_096L, LENGTH_WRITE | 128);
        post(BUFFERS, LENGTH_WRITE | 128);
        kick();

        assertThat(report(0)).isEqualTo(STATUS_FAILED | 1);
        assertThat(report(1)).isEqualTo(2);
    }

    @Test
    void itInterruptsOnceWhenMoreIsDoneThanSoftwareHasSeen() {
        enable(4);
        device.writeRegister(0, ARM, 4, 0);
        assertThat(interrupts).isEmpty();
        post(BUFFERS, LENGTH_WRITE | 64);
        post(BUFFERS, LENGTH_WRITE | 64);
        kick();
        assertThat(interrupts).containsExactly(true);
        device.writeRegister(0, STATUS, 4, STATUS_INTERRUPT.mask());
        // Nothing new since the second, and then something that was there before.
        device.writeRegister(0, ARM, 4, 2);
        assertThat(interrupts).containsExactly(true, false);
        device.writeRegister(0, ARM, 4, 1);
        assertThat(interrupts).containsExactly(true, false, true);
    }

    @Test
    void moreThanTheRingHoldsIsRefused() {
        enable(4);
        device.writeRegister(0, TAIL, 4, 5);
        simulation.run();

        assertThat(device.readRegister(0, STATUS, 4)).isEqualTo(STATUS_ERROR.mask());
        assertThat(device.readRegister(0, HEAD, 4)).isZero();
    }

    @Test
    void whatIsUnderWayWhenItIsStoppedIsForgotten() {
        enable(4);
        post(BUFFERS, LENGTH_WRITE | 4_096);
        device.writeRegister(0, TAIL, 4, 1);
        simulation.runUntil(simulation.nowPicos() + 50_000);
        device.reset();
        simulation.run();
        assertThat(device.readRegister(0, HEAD, 4)).isZero();
        assertThat(report(0)).isZero();

        posted = 0;
        enable(4);
        post(BUFFERS, LENGTH_WRITE | 128);
        kick();
        assertThat(report(0)).isEqualTo(1);
    }

    @Test
    void nothingIsBetweenTheRegisters() {
        assertThat(device.readRegister(0, 0x21, 1)).isEqualTo(Device.ABSENT);
        assertThat(device.readRegister(1, 0, 4)).isEqualTo(Device.ABSENT);
        device.writeRegister(0, 0x100, 4, 1);
        assertThat(device.readRegister(0, CONTROL, 4)).isZero();
    }
}
