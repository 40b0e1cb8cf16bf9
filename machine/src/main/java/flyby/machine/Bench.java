package flyby.machine;

import static flyby.traffic.layout.TrafficRegisters.ADDRESS;
import static flyby.traffic.layout.TrafficRegisters.CONTROL;
import static flyby.traffic.layout.TrafficRegisters.CONTROL_CHECK;
import static flyby.traffic.layout.TrafficRegisters.CONTROL_RANDOM;
import static flyby.traffic.layout.TrafficRegisters.CONTROL_READ_BACK;
import static flyby.traffic.layout.TrafficRegisters.CONTROL_START;
import static flyby.traffic.layout.TrafficRegisters.COUNT;
import static flyby.traffic.layout.TrafficRegisters.DEPTH;
import static flyby.traffic.layout.TrafficRegisters.DONE_COUNT;
import static flyby.traffic.layout.TrafficRegisters.OFFSET;
import static flyby.traffic.layout.TrafficRegisters.READS;
import static flyby.traffic.layout.TrafficRegisters.SEED;
import static flyby.traffic.layout.TrafficRegisters.SIZE;
import static flyby.traffic.layout.TrafficRegisters.STATUS;
import static flyby.traffic.layout.TrafficRegisters.STATUS_BUSY;
import static flyby.traffic.layout.TrafficRegisters.STRIDE;
import static flyby.traffic.layout.TrafficRegisters.UNIT;
import static flyby.traffic.layout.TrafficRegisters.WARM_UP;
import static flyby.traffic.layout.TrafficRegisters.WINDOW;
import static flyby.traffic.layout.TrafficRegisters.WRITES;

import flyby.base.LabException;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.traffic.TrafficGenerator;
import flyby.traffic.TrafficResults;
import flyby.traffic.layout.Stamps;
import java.util.Arrays;
import java.util.function.LongConsumer;

/// One run of pcie-bench: a [Server] whose device does one kind of operation on one window of memory.
public final class Bench {
    private static final int LINE_BYTES = 64;
    /// How often the device is asked how far it is.
    private static final long POLL_PICOS = 100 * Time.MICROSECOND;
    /// If no operation ends for that long, none ever will: a completion times out before.
    private static final long PATIENCE_PICOS = 100 * Time.MILLISECOND;

    private final Simulation simulation;
    private final Settings settings;
    private final int byteCount;
    private final Server server;
    private final TrafficGenerator generator;

    /// @param settings of [BenchCatalogue#PARAMETERS], or of a catalogue that includes them
    /// @param byteCount the size of an operation, 1 to [BenchCatalogue#SIZE_MAX]
    public Bench(Simulation simulation, Settings settings, int byteCount) {
        this.simulation = simulation;
        this.settings = settings;
        this.byteCount = byteCount;
        boolean byCommand = settings.choice("bench.interface").equals(BenchCatalogue.COMMAND);
        boolean remote = settings.choice("bench.node").equals(BenchCatalogue.REMOTE);
        this.server = new Server(simulation, settings, windowBytes(), remote, byCommand);
        this.generator = server.generator();
    }

    /// What was measured.
    public TrafficResults results() {
        return generator.results();
    }

    public Server server() {
        return server;
    }

    /// From the start of one place in the window to the next: whole cache lines, as the published tool has it.
    public int unitBytes() {
        int end = Math.toIntExact(settings.bytes("bench.offset")) + byteCount;
        return Math.ceilDiv(end, LINE_BYTES) * LINE_BYTES;
    }

    private long windowBytes() {
        return Math.max(settings.bytes("bench.window"), unitBytes());
    }

    /// Warms what is to be warm, and makes the operations.
    ///
    /// @param progress told now and then how many operations are over, of [#operationCount]
    /// @throws LabException if nothing moves any more
    public void run(LongConsumer progress) {
        if (!settings.choice("bench.operation").equals(BenchCatalogue.WRITE)) {
            server.stamp(unitBytes(), settings.bytes("bench.offset"), byteCount);
        }
        switch (settings.choice("bench.cache")) {
            case BenchCatalogue.HOST_WARM -> server.warmByHost();
            case BenchCatalogue.DEVICE_WARM -> server.warmByDevice();
            default -> server.cool();
        }
        server.openIommu();
        program();
        long done = 0;
        long donePicos = simulation.nowPicos();
        while (STATUS_BUSY.isSet(generator.readRegister(0, STATUS, 4))) {
            simulation.runUntil(simulation.nowPicos() + POLL_PICOS);
            long now = generator.readRegister(0, DONE_COUNT, 8);
            if (now != done) {
                done = now;
                donePicos = simulation.nowPicos();
                progress.accept(done);
            } else if (simulation.nowPicos() - donePicos > PATIENCE_PICOS) {
                throw new LabException(
                        LabException.Kind.STUCK,
                        "no operation has ended for %s of simulated time; %s"
                                .formatted(Time.text(PATIENCE_PICOS), String.join("; ", server.waiting())));
            }
        }
    }

    /// How many places of the shown window, [Server#window], have neither their stamp nor, if nothing but writes
    /// was to fill them, what was there before.
    public int wrongPlaceCount(byte[] window) {
        boolean mayBeEmpty = settings.choice("bench.operation").equals(BenchCatalogue.WRITE);
        byte[] empty = new byte[Stamps.BYTES];
        byte[] stamp = new byte[Stamps.BYTES];
        int count = Math.min(byteCount, Stamps.BYTES);
        int wrong = 0;
        int offset = Math.toIntExact(settings.bytes("bench.offset"));
        for (int place = offset; place <= window.length - byteCount; place += unitBytes()) {
            Stamps.put(place, stamp, 0, byteCount);
            boolean isStamped = Arrays.equals(window, place, place + count, stamp, 0, count);
            boolean isEmpty = Arrays.equals(window, place, place + count, empty, 0, count);
            if (!isStamped && !(mayBeEmpty && isEmpty)) {
                wrong++;
            }
        }
        return wrong;
    }

    /// Operations all in all, those before measuring begins too.
    public long operationCount() {
        return settings.count("bench.warm-up") + settings.count("bench.operations");
    }

    private void program() {
        String operation = settings.choice("bench.operation");
        boolean latency = operation.startsWith("latency");
        boolean reads = !operation.equals(BenchCatalogue.WRITE);
        boolean writes = operation.equals(BenchCatalogue.WRITE) || operation.equals(BenchCatalogue.READ_WRITE);
        set(ADDRESS, server.windowIova());
        set(WINDOW, windowBytes());
        set(OFFSET, settings.bytes("bench.offset"));
        set(SIZE, byteCount);
        set(UNIT, unitBytes());
        set(STRIDE, settings.choice("bench.pattern").equals("stride") ? settings.count("bench.stride") : 1);
        set(SEED, simulation.prng().child("bench").nextLong());
        set(READS, reads ? 1 : 0);
        set(WRITES, writes ? 1 : 0);
        set(DEPTH, latency ? 1 : settings.count("bench.depth"));
        set(WARM_UP, settings.count("bench.warm-up"));
        set(COUNT, operationCount());
        long control = CONTROL_START.mask() | CONTROL_CHECK.mask();
        if (settings.choice("bench.pattern").equals(BenchCatalogue.RANDOM)) {
            control |= CONTROL_RANDOM.mask();
        }
        if (operation.equals(BenchCatalogue.READ_BACK_LATENCY)) {
            control |= CONTROL_READ_BACK.mask();
        }
        set(CONTROL, control);
    }

    private void set(int register, long value) {
        generator.writeRegister(0, register, 8, value);
    }
}
