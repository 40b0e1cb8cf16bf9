package flyby.split;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Transaction;
import flyby.bus.Transaction.Kind;
import flyby.bus.Transaction.Status;
import flyby.bus.Transaction.Tenure;
import flyby.memory.PhysicalMemory;
import flyby.sim.Alarm;
import flyby.sim.Event;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import flyby.split.SplitBus.Mode;
import flyby.split.SplitBus.Timing;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whether a bus that runs ahead can be told from one that does not: random machines, each built in both modes.
///
/// The times are drawn coarse, so that many things happen at one instant: alarms of devices with ranks before and
/// behind the bus's, observers that read memory, runs cut into pieces, and stops.
final class RunAheadTest {
    private static final long MEMORY_BYTES = 4_096;
    private static final int MACHINES = 400;

    @ParameterizedTest
    @ValueSource(longs = {0x5eed, 0xf1b})
    void cannotBeToldFromPlain(long seed) {
        for (int i = 0; i < MACHINES; i++) {
            long machine = seed + i * 1_000_003L;
            assertThat(run(machine, Mode.RUN_AHEAD)).as("machine 0x%x", machine).isEqualTo(run(machine, Mode.PLAIN));
        }
    }

    @Test
    void theMachinesDoSomething() {
        List<String> log = run(0x5eed, Mode.PLAIN);
        assertThat(log).hasSizeGreaterThan(100);
        assertThat(log).anyMatch(line -> line.contains("ADDRESS_ERROR"));
        assertThat(log).anyMatch(line -> line.contains("sees"));
    }

    /// Everything that anybody can see of the machine `seed` in `mode`.
    private static List<String> run(long seed, Mode mode) {
        Prng prng = new Prng(seed);
        List<String> log = new ArrayList<>();
        HashSink hash = new HashSink();
        Simulation simulation = new Simulation(seed, Trace.to(List.of(hash)));
        PhysicalMemory memory = new PhysicalMemory();
        new Observer(simulation, prng.child("early"), memory, log).at(0);
        long clockPicos = 4 * (1 + prng.below(3));
        Timing timing = new Timing(clockPicos, 1 << prng.below(6), 2 * prng.below(40), 2 * prng.below(40));
        SplitBus bus = new SplitBus(simulation, "bus", timing, memory, MEMORY_BYTES, mode);
        int ports = 1 + (int) prng.below(5);
        for (int i = 0; i < ports; i++) {
            String name = "device" + i;
            BusPort port = bus.attach(name, (vector, asserted) -> log.add(name + " interrupts"));
            new RandomDevice(port, name, prng.child(name), log).start();
        }
        new Observer(simulation, prng.child("late"), memory, log).at(0);

        long untilPicos = 0;
        while (untilPicos < 4_000) {
            untilPicos += prng.below(300);
            simulation.runUntil(Math.max(untilPicos, simulation.nowPicos()));
            log.add("outside at " + simulation.nowPicos() + " " + memory.read64(prng.below(64) * 64));
        }
        simulation.run();
        while (bus.statistics().transactionCount()
                < log.stream().filter(line -> line.contains("submits")).count()) {
            // A stop came between.
            simulation.run();
        }
        log.add("end " + simulation.nowPicos() + " " + bus.statistics() + " trace " + hash.text());
        for (long at = 0; at < MEMORY_BYTES; at += 8) {
            log.add("" + memory.read64(at));
        }
        return log;
    }

    /// Submits reads and writes of any size, at times of its own and in answer to completions.
    private static final class RandomDevice implements Transaction.Owner {
        private static final int WINDOW = 4;

        private final BusPort port;
        private final String name;
        private final Prng prng;
        private final List<String> log;
        private final Alarm alarm;
        private final List<Transaction> free = new ArrayList<>();
        private int left = 60;

        RandomDevice(BusPort port, String name, Prng prng, List<String> log) {
            this.port = port;
            this.name = name;
            this.prng = prng;
            this.log = log;
            this.alarm = port.alarm(name, this::act);
            for (int i = 0; i < WINDOW; i++) {
                free.add(new Transaction(this, 200));
            }
        }

        void start() {
            alarm.in(prng.below(50));
        }

        private void act() {
            log.add(port.nowPicos() + " " + name + " acts");
            submitSome();
            if (left > 0) {
                alarm.in(2 * prng.below(100));
            }
        }

        private void submitSome() {
            while (left > 0 && !free.isEmpty() && prng.chance(2, 3)) {
                left--;
                Transaction transaction = free.removeLast();
                Kind kind = prng.chance(1, 2) ? Kind.READ : Kind.WRITE;
                int byteCount = 1 + (int) prng.below(200);
                long address = prng.below(MEMORY_BYTES);
                transaction.begin(kind, address, byteCount, Tenure.RELEASE, left);
                if (kind == Kind.WRITE) {
                    for (int i = 0; i < byteCount; i++) {
                        transaction.data()[i] = (byte) prng.nextLong();
                    }
                }
                log.add(port.nowPicos() + " " + name + " submits " + transaction);
                port.submit(transaction);
            }
        }

        @Override
        public void completed(Transaction transaction, Status status) {
            int sum = 0;
            for (int i = 0; i < transaction.byteCount(); i++) {
                sum = sum * 31 + transaction.data()[i];
            }
            log.add(port.nowPicos() + " " + name + " has " + transaction + " " + status + " " + sum);
            free.add(transaction);
            if (prng.chance(1, 8)) {
                port.interrupt(0, true);
            }
            if (left > 0 && prng.chance(1, 4)) {
                // Also at once, which may be before or behind what the bus still does now.
                alarm.in(prng.chance(1, 2) ? 0 : prng.below(20));
            }
            submitSome();
        }
    }

    /// Reads memory now and then, and sometimes stops the run.
    private static final class Observer extends Event {
        private final Simulation simulation;
        private final Prng prng;
        private final PhysicalMemory memory;
        private final List<String> log;
        private int left = 150;

        Observer(Simulation simulation, Prng prng, PhysicalMemory memory, List<String> log) {
            super(simulation, "observer");
            this.simulation = simulation;
            this.prng = prng;
            this.memory = memory;
            this.log = log;
        }

        @Override
        protected void fire() {
            log.add(simulation.nowPicos() + " observer sees " + memory.read64(prng.below(MEMORY_BYTES - 8)));
            if (prng.chance(1, 30)) {
                simulation.stop();
            }
            if (left-- > 0) {
                in(1 + prng.below(60));
            }
        }
    }
}
