package flyby.copy;

import static flyby.copy.layout.CopyEngineRegisters.BLOCKS;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL_INTERRUPT;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL_START;
import static flyby.copy.layout.CopyEngineRegisters.DONE_COUNT;
import static flyby.copy.layout.CopyEngineRegisters.DST;
import static flyby.copy.layout.CopyEngineRegisters.LENGTH;
import static flyby.copy.layout.CopyEngineRegisters.RING;
import static flyby.copy.layout.CopyEngineRegisters.SRC;
import static flyby.copy.layout.CopyEngineRegisters.STATUS;
import static flyby.copy.layout.CopyEngineRegisters.UNIT;
import static flyby.copy.layout.CopyEngineRegisters.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.memory.PhysicalMemory;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.split.BusPort;
import flyby.split.SplitBus;
import flyby.trace.Trace;
import flyby.workbench.Recorded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the copy engine does with its registers, on a real bus. Times by hand.
final class CopyEngineTest {
    private static final int BUSY = 1;
    private static final int END = 2;
    private static final int ERROR = 4;
    private static final long START = CONTROL_START.to(1);
    private static final long START_WITH_INTERRUPT = START | CONTROL_INTERRUPT.to(1);

    private final List<String> told = new ArrayList<>();
    private final Simulation simulation = new Simulation(1, Trace.off());
    private final PhysicalMemory memory = new PhysicalMemory();
    private final SplitBus bus =
            new SplitBus(simulation, "bus", SplitBus.Timing.PEER, memory, 1 << 20, SplitBus.Mode.RUN_AHEAD);
    private final List<Recorded> recordings = new ArrayList<>();
    private final Device engine = engine("engine", 2);

    @AfterEach
    void othersDoThatAgain() {
        recordings.forEach(Recorded::replay);
    }

    private Device engine(String name, int windowMax) {
        BusPort port = bus.attach(
                name,
                (vector, asserted) -> told.add(simulation.nowPicos() + " " + name + " " + vector + " " + asserted));
        Recorded recorded = new Recorded();
        recordings.add(recorded);
        Device made = recorded.around(
                        host -> new CopyEngine(host, name, new CopyEngine.Profile(windowMax, 64, 100_000)))
                .apply(port);
        told.clear();
        return made;
    }

    private static void program(Device device, long src, long dst, long lengthBytes) {
        device.writeRegister(0, SRC, 8, src);
        device.writeRegister(0, DST, 8, dst);
        device.writeRegister(0, LENGTH, 8, lengthBytes);
    }

    private static void control(Device device, long value) {
        device.writeRegister(0, CONTROL, 4, value);
    }

    private long status() {
        return engine.readRegister(0, STATUS, 4);
    }

    private void fill(long address, int byteCount) {
        for (int i = 0; i < byteCount; i++) {
            memory.write8(address + i, i * 7 + 1);
        }
    }

    private void assertCopied(long from, long to, int byteCount) {
        byte[] source = new byte[byteCount];
        byte[] copy = new byte[byteCount];
        memory.read(from, source, 0, byteCount);
        memory.read(to, copy, 0, byteCount);
        assertThat(copy).isEqualTo(source);
        assertThat(memory.read8(to + byteCount)).as("one byte further").isZero();
    }

    @Test
    void copiesOneUnit() {
        // Read submitted at 100,000, over at 166,250; write granted at 167,000, in memory at 201,500, over at 202,500.
        fill(0x1000, 65);
        program(engine, 0x1000, 0x2000, 64);
        control(engine, START_WITH_INTERRUPT);
        told.clear();
        assertThat(status()).isEqualTo(BUSY);
        simulation.run();
        assertThat(told).containsExactly("202500 engine 0 true");
        assertThat(status()).isEqualTo(END);
        assertCopied(0x1000, 0x2000, 64);
    }

    @Test
    void theInterruptGoesWhenItsCauseIsCleared() {
        program(engine, 0x1000, 0x2000, 64);
        control(engine, START_WITH_INTERRUPT);
        simulation.run();
        told.clear();
        engine.writeRegister(0, STATUS, 4, END);
        assertThat(told).containsExactly("202500 engine 0 false");
        assertThat(status()).isZero();
    }

    @Test
    void noInterruptUnlessEnabled() {
        program(engine, 0x1000, 0x2000, 64);
        control(engine, START);
        simulation.run();
        assertThat(told).noneMatch(line -> line.endsWith("true"));
        assertThat(status()).isEqualTo(END);
    }

    @Test
    void twoEnginesContend() {
        // Reads granted 101,000 and 102,000, responses 162,250-166,250-170,250. Engine's write begins at 166,250,
        // request 167,000-171,000; other's begins at 170,250, request 171,000-175,000. Ready at 201,500 and 205,500.
        Device other = engine("other", 2);
        program(engine, 0x1000, 0x2000, 64);
        program(other, 0x3000, 0x4000, 64);
        control(engine, START_WITH_INTERRUPT);
        control(other, START_WITH_INTERRUPT);
        told.clear();
        simulation.run();
        assertThat(told).containsExactly("202500 engine 0 true", "206500 other 0 true");
    }

    @Test
    void copiesOddLengthsAndNoMore() {
        for (int byteCount : new int[] {1, 63, 65, 1000}) {
            fill(0x1000, byteCount + 1);
            program(engine, 0x1000, 0x10000L * byteCount % 0x80000 + 0x2000, byteCount);
            control(engine, START);
            simulation.run();
            assertCopied(0x1000, 0x10000L * byteCount % 0x80000 + 0x2000, byteCount);
        }
    }

    @Test
    void nothingIsABlockToo() {
        program(engine, 0x1000, 0x2000, 0);
        control(engine, START);
        simulation.run();
        assertThat(simulation.nowPicos()).isEqualTo(100_000);
        assertThat(status()).isEqualTo(END);
    }

    @Test
    void aJobOfBlocksGoesRoundItsRing() {
        fill(0x1000, 129);
        program(engine, 0x1000, 0x2000, 64);
        engine.writeRegister(0, BLOCKS, 4, 5);
        engine.writeRegister(0, RING, 4, 2);
        control(engine, START);
        simulation.run();
        assertThat(engine.readRegister(0, DONE_COUNT, 4)).isEqualTo(5);
        // The first block ends at 202,500. The second: read begun at 302,500, granted at 303,000, over at 368,250;
        // write granted at 369,000, over at 404,500; and so on every 202,000.
        assertThat(simulation.nowPicos()).isEqualTo(202_500 + 4 * 202_000);
        assertCopied(0x1000, 0x2000, 128);
    }

    @Test
    void aWindowOfOneIsOneAfterTheOther() {
        engine.writeRegister(0, WINDOW, 4, 1);
        program(engine, 0x1000, 0x2000, 128);
        control(engine, START);
        simulation.run();
        // The second unit begins when the first is over, at 202,500: read granted at 203,000, over at 268,250; write
        // granted at 269,000, over at 304,500.
        assertThat(simulation.nowPicos()).isEqualTo(304_500);
    }

    @Test
    void unitsAndWindowAreClipped() {
        engine.writeRegister(0, UNIT, 4, 0);
        assertThat(engine.readRegister(0, UNIT, 4)).isEqualTo(1);
        engine.writeRegister(0, UNIT, 4, 65);
        assertThat(engine.readRegister(0, UNIT, 4)).isEqualTo(64);
        engine.writeRegister(0, WINDOW, 4, 0xffff_ffffL);
        assertThat(engine.readRegister(0, WINDOW, 4)).isEqualTo(2);
    }

    @Test
    void registersStandStillWhileBusy() {
        program(engine, 0x1000, 0x2000, 64);
        control(engine, START);
        engine.writeRegister(0, SRC, 8, 0);
        engine.writeRegister(0, DONE_COUNT, 4, 9);
        assertThat(engine.readRegister(0, SRC, 8)).isEqualTo(0x1000);
        assertThat(engine.readRegister(0, DONE_COUNT, 4)).isZero();
    }

    @Test
    void elsewhereThereIsNothing() {
        assertThat(engine.readRegister(1, SRC, 8)).isEqualTo(Device.ABSENT);
        assertThat(engine.readRegister(0, 0x34, 4)).isEqualTo(Device.ABSENT);
        assertThat(engine.readRegister(0, 1, 4)).isEqualTo(Device.ABSENT);
        assertThat(engine.readRegister(0, -4, 4)).isEqualTo(Device.ABSENT);
        engine.writeRegister(0, 0x34, 4, 1);
        engine.writeRegister(1, CONTROL, 4, START);
        assertThat(status()).isZero();
    }

    @Test
    void givesUpWhereNothingAnswers() {
        // The source ends with the memory after one unit.
        program(engine, (1 << 20) - 64, 0x2000, 1024);
        control(engine, START_WITH_INTERRUPT);
        simulation.run();
        assertThat(status()).isEqualTo(ERROR);
        assertThat(told).last().asString().endsWith("true");
        assertThat(bus.statistics().transactionCount())
                .as("two reads, one write")
                .isEqualTo(3);
    }

    @Test
    void resetForgetsAndStartsAgain() {
        fill(0x1000, 1001);
        program(engine, 0x1000, 0x2000, 1000);
        control(engine, START);
        simulation.runUntil(180_000);
        engine.reset();
        assertThat(status()).isZero();
        program(engine, 0x1000, 0x8000, 1000);
        control(engine, START);
        simulation.run();
        assertThat(status()).isEqualTo(END);
        assertCopied(0x1000, 0x8000, 1000);
        assertThat(memory.read64(0x2000 + 512))
                .as("the forgotten job went no further")
                .isZero();
    }

    @Test
    void aHostMayCompleteInTheSameCall() {
        // 1 MiB in units of 64 bytes: without end if each unit started the next from within its own completion.
        Simulation bench = new Simulation(1, Trace.off());
        Recorded recorded = new Recorded();
        recordings.add(recorded);
        Device quick = recorded.around(host -> new CopyEngine(host, "quick", new CopyEngine.Profile(8, 64, 0)))
                .apply(new QuickHost(bench));
        program(quick, 0, 1 << 20, 1 << 20);
        control(quick, START);
        bench.run();
        assertThat(quick.readRegister(0, STATUS, 4)).isEqualTo(END);
    }

    private record QuickHost(Simulation simulation) implements DeviceHost {
        @Override
        public long nowPicos() {
            return simulation.nowPicos();
        }

        @Override
        public Alarm alarm(String name, Runnable action) {
            return simulation.event(name, action);
        }

        @Override
        public void submit(Transaction transaction) {
            transaction.accept();
            transaction.complete(Transaction.Status.SUCCESS);
        }

        @Override
        public void interrupt(int vector, boolean asserted) {}

        @Override
        public long currentTransfer() {
            return 0;
        }

        @Override
        public Trace trace() {
            return simulation.trace();
        }
    }
}
