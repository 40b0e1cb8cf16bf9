package flyby.traffic;

import static flyby.traffic.layout.TrafficRegisters.ADDRESS;
import static flyby.traffic.layout.TrafficRegisters.CONTROL;
import static flyby.traffic.layout.TrafficRegisters.COUNT;
import static flyby.traffic.layout.TrafficRegisters.DEPTH;
import static flyby.traffic.layout.TrafficRegisters.DONE_COUNT;
import static flyby.traffic.layout.TrafficRegisters.INTERVAL;
import static flyby.traffic.layout.TrafficRegisters.OFFSET;
import static flyby.traffic.layout.TrafficRegisters.READS;
import static flyby.traffic.layout.TrafficRegisters.SEED;
import static flyby.traffic.layout.TrafficRegisters.SIZE;
import static flyby.traffic.layout.TrafficRegisters.STATUS;
import static flyby.traffic.layout.TrafficRegisters.STRIDE;
import static flyby.traffic.layout.TrafficRegisters.UNIT;
import static flyby.traffic.layout.TrafficRegisters.WARM_UP;
import static flyby.traffic.layout.TrafficRegisters.WINDOW;
import static flyby.traffic.layout.TrafficRegisters.WRITES;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/// What a generator asks for, how fast, and what it says of it.
final class TrafficGeneratorTest {
    private static final long START = 1;
    private static final long STOP = 2;
    private static final long RANDOM = 4;
    private static final long READ_BACK = 8;
    private static final long INTERRUPT = 16;
    private static final long CHECK = 32;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final FixedHost host = new FixedHost(simulation, 1_000, 4);
    private TrafficGenerator generator = generator(DmaEngine.IDEAL);

    private TrafficGenerator generator(DmaEngine engine) {
        generator = new TrafficGenerator(host, "traffic", engine, 16, 256);
        return generator;
    }

    private void set(int register, long value) {
        generator.writeRegister(0, register, 8, value);
    }

    private void run(long control) {
        host.logs = true;
        set(CONTROL, control | START);
        simulation.run();
    }

    @Test
    void placesFollowEachOtherRoundTheWindow() {
        set(ADDRESS, 0x1000);
        set(WINDOW, 0x100);
        set(SIZE, 16);
        set(OFFSET, 8);
        set(COUNT, 6);
        run(0);
        assertThat(host.log).hasToString("r1008+16 r1048+16 r1088+16 r10c8+16 r1008+16 r1048+16 ");
    }

    @Test
    void aStrideSkipsPlaces() {
        set(WINDOW, 0x140);
        set(SIZE, 64);
        set(STRIDE, 3);
        set(COUNT, 5);
        run(0);
        assertThat(host.log).hasToString("r0+64 rc0+64 r40+64 r100+64 r80+64 ");
    }

    @Test
    void randomPlacesAreTheSameForTheSameSeedAndCoverTheWindow() {
        set(WINDOW, 0x100);
        set(UNIT, 16);
        set(SIZE, 4);
        set(SEED, 7);
        set(COUNT, 200);
        run(RANDOM);
        String once = host.log.toString();
        for (int place = 0; place < 16; place++) {
            assertThat(once).contains("r" + Integer.toHexString(place * 16) + "+4 ");
        }
        host.log = new StringBuilder();
        run(RANDOM);
        assertThat(host.log).hasToString(once);
        host.log = new StringBuilder();
        set(SEED, 8);
        run(RANDOM);
        assertThat(host.log.toString()).isNotEqualTo(once);
    }

    @Test
    void readsAndWritesAreEvenlySpread() {
        set(SIZE, 4);
        set(READS, 1);
        set(WRITES, 2);
        set(COUNT, 6);
        run(0);
        assertThat(host.log.toString().replaceAll("[0-9a-f+ ]", "")).isEqualTo("wwrwwr");
    }

    /// 4 tags of 1 ns each: 100 operations take 25 ns.
    @Test
    void theHostIsTheLimitOfAnIdealEngine() {
        set(SIZE, 64);
        set(COUNT, 100);
        run(0);
        assertThat(generator.results().elapsedPicos()).isEqualTo(25_000);
        assertThat(generator.results().readBytes()).isEqualTo(6_400);
        assertThat(generator.results().operationCount()).isEqualTo(100);
        assertThat(generator.readRegister(0, DONE_COUNT, 8)).isEqualTo(100);
        assertThat(generator.readRegister(0, STATUS, 4)).isEqualTo(2);
    }

    /// A write of 200 bytes in chunks of 128 and lines of 64: 5 + 2 chunks of 10 + 2 further lines of 3 ns.
    @Test
    void anEngineTakesItsTimeForEachChunkAndLine() {
        generator(new DmaEngine(0, 5_000, 128, 10_000, 64, 3_000, 0, 0, 0));
        set(READS, 0);
        set(WRITES, 1);
        set(SIZE, 200);
        set(COUNT, 11);
        set(WARM_UP, 1);
        run(0);
        assertThat(generator.results().elapsedPicos()).isEqualTo(10 * 31_000);
        assertThat(generator.results().writtenBytes()).isEqualTo(2_000);
    }

    /// 2 ns before the request, 1 ns in the host, 256 B at 4 ns a KiB behind it. The host's tags are free
    /// meanwhile.
    @Test
    void waitingInsideTheDeviceIsLatencyAndHoldsNothingOfTheHosts() {
        generator(new DmaEngine(0, 0, 128, 0, 64, 0, 2_000, 7_000, 4_000));
        set(SIZE, 256);
        set(COUNT, 16);
        run(0);
        assertThat(generator.results().latency().min()).isEqualTo(4_000);
        assertThat(generator.results().latency().max()).isEqualTo(4_000 + 3_000);
        assertThat(generator.results().latencyPicos(500)).isEqualTo(5_000);
        assertThat(generator.results().latencyPicos(999)).isEqualTo(7_000);
    }

    /// 7 + 1 ns inside, and the host has the write; 2 ns inside, 1 ns read, 1 ns inside.
    @Test
    void whatIsWrittenIsReadBackOneAtATime() {
        generator(new DmaEngine(0, 0, 128, 0, 64, 0, 2_000, 7_000, 4_000));
        set(WINDOW, 0x200);
        set(UNIT, 256);
        set(SIZE, 256);
        set(COUNT, 3);
        run(READ_BACK);
        assertThat(host.log).hasToString("w0+256 r0+256 w100+256 r100+256 w0+256 r0+256 ");
        assertThat(generator.results().latency().min()).isEqualTo(12_000);
        assertThat(generator.results().latency().max()).isEqualTo(12_000);
        assertThat(generator.results().wrongCount()).isZero();
        assertThat(host.memory()[0]).isEqualTo((byte) 2);
    }

    @Test
    void placesThatLackTheirStampsAreCounted() {
        set(WINDOW, 0x100);
        set(SIZE, 3);
        set(READS, 0);
        set(WRITES, 1);
        set(COUNT, 4);
        run(CHECK);
        assertThat(host.memory()[0]).as("low byte of the stamp of place 0").isEqualTo((byte) 0x15);
        host.memory()[0x40] ^= 1;
        set(READS, 1);
        set(WRITES, 0);
        run(CHECK);
        assertThat(generator.results().wrongCount()).isEqualTo(1);
    }

    @Test
    void wrongBytesThatComeBackAreCounted() {
        generator(new DmaEngine(0, 0, 128, 0, 64, 0, 2_000, 0, 0));
        set(SIZE, 8);
        set(COUNT, 1);
        host.logs = true;
        // While the read is under way, somebody else writes.
        simulation.event("spoiler", () -> host.memory()[0] = 99).in(1_500);
        set(CONTROL, START | READ_BACK);
        simulation.run();
        assertThat(generator.results().wrongCount()).isEqualTo(1);
        assertThat(generator.readRegister(0, STATUS, 4)).isEqualTo(6);
    }

    @Test
    void theIntervalIsTheLeastTimeBetweenStarts() {
        set(SIZE, 4);
        set(INTERVAL, 500);
        set(COUNT, 9);
        run(0);
        assertThat(generator.results().elapsedPicos()).isEqualTo(8 * 500 + 1_000);
    }

    @Test
    void depthLimitsWhatIsUnderWay() {
        set(SIZE, 4);
        set(DEPTH, 2);
        set(COUNT, 10);
        run(0);
        assertThat(generator.results().elapsedPicos()).isEqualTo(5_000);
    }

    @Test
    void runsUntilStopped() {
        set(SIZE, 4);
        set(CONTROL, START | INTERRUPT);
        simulation.runUntil(10_000);
        assertThat(generator.readRegister(0, STATUS, 4)).isEqualTo(1);
        assertThat(host.isInterrupted()).isFalse();
        set(CONTROL, STOP);
        simulation.run();
        assertThat(generator.readRegister(0, STATUS, 4)).isEqualTo(2);
        assertThat(host.isInterrupted()).isTrue();
        set(STATUS, 2);
        assertThat(host.isInterrupted()).isFalse();
    }

    @Test
    void refusedOperationsAreCountedAndTheOthersGoOn() {
        set(ADDRESS, 0xff00);
        set(WINDOW, 0x200);
        set(UNIT, 0x100);
        set(SIZE, 16);
        set(COUNT, 10);
        run(0);
        assertThat(generator.results().errorCount()).isEqualTo(5);
        assertThat(generator.results().operationCount()).isEqualTo(5);
        assertThat(generator.readRegister(0, STATUS, 4)).isEqualTo(6);
    }

    @Test
    void aResetForgetsTheJobAndTheNextOneIsSound() {
        generator(new DmaEngine(0, 0, 128, 0, 64, 0, 700, 700, 4_000));
        set(SIZE, 16);
        set(CONTROL, START);
        simulation.runUntil(3_300);
        generator.reset();
        set(SIZE, 16);
        set(COUNT, 50);
        run(0);
        assertThat(generator.results().operationCount()).isEqualTo(50);
        assertThat(generator.readRegister(0, STATUS, 4)).isEqualTo(2);
    }

    @Test
    void operationsAllocateNothing() {
        generator(new DmaEngine(10, 10, 128, 10, 64, 10, 100, 100, 100));
        set(WRITES, 1);
        set(WINDOW, 4_096);
        set(CONTROL, START | RANDOM);
        simulation.runUntil(200_000_000);
        long before = allocatedBytes();
        simulation.runUntil(400_000_000);
        long allocated = allocatedBytes() - before;
        assertThat(generator.results().operationCount()).isGreaterThan(1_000_000);
        assertThat(allocated).isLessThan(16_384);
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
