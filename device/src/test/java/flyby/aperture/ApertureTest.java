package flyby.aperture;

import static flyby.aperture.layout.ApertureRegisters.COALESCE_COUNT;
import static flyby.aperture.layout.ApertureRegisters.COALESCE_NANOS;
import static flyby.aperture.layout.ApertureRegisters.CONTROL;
import static flyby.aperture.layout.ApertureRegisters.DONE_COUNT;
import static flyby.aperture.layout.ApertureRegisters.MEMORY;
import static flyby.aperture.layout.ApertureRegisters.MEMORY_BYTES;
import static flyby.aperture.layout.ApertureRegisters.REPORT;
import static flyby.aperture.layout.ApertureRegisters.RING;
import static flyby.aperture.layout.ApertureRegisters.RING_COUNT;
import static flyby.aperture.layout.ApertureRegisters.SEEN;
import static flyby.aperture.layout.ApertureRegisters.STATUS;
import static flyby.aperture.layout.ApertureRegisters.TAIL;
import static flyby.aperture.layout.ApertureRegisters.WORK_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.memory.PhysicalMemory;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import flyby.split.BusPort;
import flyby.split.SplitBus;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the device does with its rings and its memory, on a real bus.
final class ApertureTest {
    private static final int RING_AT = 0x1000;
    private static final int ENTRIES = 8;
    private static final int REPORT_AT = 0x2000;
    private static final int DATA_AT = 0x10_000;
    private static final int DATA_BYTES = 0x8_000;
    private static final int ENABLE = 1;
    private static final int INTERRUPT = 2;
    private static final int REPORTS = 4;

    private final List<String> told = new ArrayList<>();
    private final Simulation simulation = new Simulation(1, Trace.off());
    private final PhysicalMemory memory = new PhysicalMemory();
    private final SplitBus bus =
            new SplitBus(simulation, "bus", SplitBus.Timing.PEER, memory, 1 << 20, SplitBus.Mode.RUN_AHEAD);
    private final BusPort port = bus.attach("device", (_, asserted) -> drive(asserted));
    private final Aperture device = new Aperture(port, "device");
    private long posted;

    private boolean isAsserted;

    private void drive(boolean asserted) {
        if (asserted != isAsserted) {
            told.add(simulation.nowPicos() / 1_000_000 + " us " + asserted);
        }
        isAsserted = asserted;
    }

    private void start(int control) {
        device.writeRegister(0, RING, 8, RING_AT);
        device.writeRegister(0, RING_COUNT, 4, ENTRIES);
        device.writeRegister(0, REPORT, 8, REPORT_AT);
        device.writeRegister(0, CONTROL, 4, control);
        told.clear();
    }

    private void describe(int hostAddress, int local, int byteCount, boolean isToHost) {
        long at = RING_AT + posted++ % ENTRIES * 32;
        memory.write32(at, hostAddress);
        memory.write32(at + 4, 0);
        memory.write32(at + 8, local);
        memory.write32(at + 12, byteCount);
        memory.write32(at + 16, isToHost ? 1 : 0);
    }

    private void ring() {
        device.writeRegister(0, TAIL, 4, posted);
    }

    private long done() {
        return device.readRegister(0, DONE_COUNT, 4);
    }

    @Test
    void cpusReachItsMemory() {
        device.writeRegister(MEMORY, 8, 8, 0x0123_4567_89ab_cdefL);
        assertThat(device.readRegister(MEMORY, 8, 8)).isEqualTo(0x0123_4567_89ab_cdefL);
        assertThat(device.readRegister(MEMORY, 9, 1)).isEqualTo(0xcd);
        assertThat(device.readRegister(MEMORY, MEMORY_BYTES, 1)).isEqualTo(-1);
        assertThat(device.readRegister(1, 0, 4)).isEqualTo(-1);
    }

    /// Against two arrays of bytes, into which each operation is carried out at once.
    @Test
    void movesWhatTheDescriptorsSay() {
        Prng prng = new Prng(7);
        byte[] host = new byte[DATA_BYTES];
        byte[] local = new byte[MEMORY_BYTES];
        for (int i = 0; i < DATA_BYTES; i++) {
            host[i] = (byte) prng.below(256);
            memory.write8(DATA_AT + i, host[i] & 0xff);
        }
        start(ENABLE | REPORTS);
        for (int i = 0; i < 200; i++) {
            int byteCount = (int) (prng.below(10) == 0 ? 0 : prng.below(DATA_BYTES / 2));
            int at = (int) prng.below(DATA_BYTES - byteCount);
            int offset = (int) prng.below(4 * DATA_BYTES);
            boolean isToHost = prng.below(2) == 0;
            describe(DATA_AT + at, offset, byteCount, isToHost);
            if (isToHost) {
                System.arraycopy(local, offset, host, at, byteCount);
            } else {
                System.arraycopy(host, at, local, offset, byteCount);
            }
            if (posted % ENTRIES == 0 || prng.below(3) == 0) {
                ring();
                simulation.run();
                assertThat(done()).isEqualTo(posted);
                assertThat(memory.read32(REPORT_AT)).isEqualTo(posted);
            }
        }
        byte[] seen = new byte[DATA_BYTES];
        memory.read(DATA_AT, seen, 0, DATA_BYTES);
        assertThat(seen).isEqualTo(host);
        for (int i = 0; i < 5 * DATA_BYTES; i++) {
            assertThat(device.readRegister(MEMORY, i, 1)).isEqualTo(local[i] & 0xff);
        }
    }

    @Test
    void worksBeforeItMoves() {
        start(ENABLE | INTERRUPT);
        device.writeRegister(0, WORK_NANOS, 4, 5_000);
        describe(DATA_AT, 0, 64, true);
        ring();
        simulation.run();
        assertThat(told).containsExactly("5 us true");
    }

    @Test
    void anInterruptTellsOfSeveralOrOfTheLate() {
        start(ENABLE | INTERRUPT);
        device.writeRegister(0, WORK_NANOS, 4, 1_000);
        device.writeRegister(0, COALESCE_COUNT, 4, 3);
        device.writeRegister(0, COALESCE_NANOS, 4, 10_000);
        told.clear();
        for (int i = 0; i < 4; i++) {
            describe(DATA_AT, 0, 64, true);
        }
        ring();
        simulation.run();
        assertThat(told).as("the third of four").containsExactly("3 us true");
        told.clear();
        device.writeRegister(0, SEEN, 4, 3);
        long late = simulation.nowPicos() + 10_000_000;
        simulation.run();
        assertThat(told)
                .as("the fourth, 10 us after the write to SEEN")
                .containsExactly("4 us false", late / 1_000_000 + " us true");
    }

    /// What ends between the driver's look at the report and its write to SEEN is not lost.
    @Test
    void anInterruptThatWasOverlookedComesAgain() {
        start(ENABLE | INTERRUPT);
        for (int i = 0; i < 2; i++) {
            describe(DATA_AT, 0, 64, true);
        }
        ring();
        simulation.run();
        told.clear();
        device.writeRegister(0, SEEN, 4, 1);
        assertThat(told).hasSize(2).last().asString().endsWith("true");
        device.writeRegister(0, SEEN, 4, 2);
        assertThat(told).last().asString().endsWith("false");
    }

    @Test
    void refusesWhatLeavesItsMemory() {
        start(ENABLE | INTERRUPT);
        describe(DATA_AT, MEMORY_BYTES - 63, 64, false);
        ring();
        simulation.run();
        assertThat(device.readRegister(0, STATUS, 4)).isEqualTo(2);
        assertThat(device.readRegister(0, CONTROL, 4)).as("stopped").isEqualTo(INTERRUPT);
        assertThat(done()).isZero();
        assertThat(told).last().asString().endsWith("true");
        device.writeRegister(0, STATUS, 4, 2);
        assertThat(told).last().asString().endsWith("false");
    }

    @Test
    void givesUpWhereNobodyAnswers() {
        start(ENABLE);
        describe(1 << 20, 0, 8_192, false);
        ring();
        simulation.run();
        assertThat(device.readRegister(0, STATUS, 4)).isEqualTo(2);
    }

    @Test
    void aResetForgetsWhatIsUnderWay() {
        start(ENABLE | INTERRUPT | REPORTS);
        describe(DATA_AT, 0, 0x4000, false);
        ring();
        simulation.runUntil(500_000);
        device.reset();
        told.clear();
        simulation.run();
        assertThat(told).as("no interrupt of before").isEmpty();
        assertThat(done()).isZero();
        posted = 0;
        start(ENABLE);
        describe(DATA_AT, 0, 64, true);
        ring();
        simulation.run();
        assertThat(done()).as("and it works again").isEqualTo(1);
    }
}
