package flyby.machine;

import flyby.base.Check;
import flyby.cache.Cache;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;
import flyby.cpu.CpuCore;
import flyby.cpu.CpuTiming;
import flyby.cpu.InterruptLines;
import flyby.cpu.WorkPattern;
import flyby.memory.PhysicalMemory;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.topology.Part;
import flyby.topology.PartKind;
import flyby.topology.Seams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A CPU, its memory and its cache on a classic bus, into which devices are plugged. Memory begins at address 0.
public final class Mainboard {
    /// Where drivers have their buffer. Below it lies what the CPU's other work uses.
    public static final long BUFFER = 0x1_0000;

    /// Where memory ends at the latest, and mapped registers may begin.
    public static final long MEMORY_END_MAX = 0xffff_0000L;

    /// The bus, as what is at the seams knows it.
    static final Part BUS = new Part(
            PartKind.ISA_BRIDGE,
            "bus",
            "bus",
            "",
            Settings.defaults(Catalogue.titled("A classic bus").build(), List.of()),
            List.of());

    /// The shape of a data cache.
    ///
    /// @param sizeBytes a power of two times `ways`
    /// @param lineBytes a power of two
    public record CacheShape(int sizeBytes, int ways, int lineBytes) {}

    /// What makes one differ from another.
    ///
    /// @param memoryBytes room above [#BUFFER] is the drivers'
    /// @param cache the CPU's data cache, or null for none
    public record Parameters(
            BusTiming bus,
            CpuTiming cpu,
            WorkPattern work,
            long memoryBytes,
            @Nullable CacheShape cache) {
        public Parameters {
            Check.that(memoryBytes > BUFFER && memoryBytes <= MEMORY_END_MAX, "%d bytes of memory", memoryBytes);
        }
    }

    private final Parameters parameters;
    private final PhysicalMemory memory = new PhysicalMemory();
    private final CpuCore cpu;
    private final ClassicBus bus;
    private final @Nullable Cache cache;
    private Seams seams = Seams.DIRECT;

    public Mainboard(Simulation simulation, Parameters parameters) {
        this.parameters = parameters;
        AddressMap map = new AddressMap(memory, parameters.memoryBytes());
        InterruptLines lines = new InterruptLines();
        bus = new ClassicBus(simulation, parameters.bus(), map, lines);
        cpu = new CpuCore(simulation, bus, lines, parameters.cpu(), parameters.work());
        CacheShape shape = parameters.cache();
        cache = shape == null ? null : new Cache(shape.sizeBytes(), shape.ways(), shape.lineBytes(), cpu.backing());
        if (cache != null) {
            cpu.cache(cache);
        }
    }

    /// Puts `newSeams` between the CPU, memory and what else is on the bus. Before any program runs.
    public void seams(Seams newSeams) {
        seams = newSeams;
        cpu.view(newSeams::cpu);
        bus.map().watchMasters(memory -> newSeams.memory(BUS, memory));
    }

    Seams seams() {
        return seams;
    }

    public CpuCore cpu() {
        return cpu;
    }

    public ClassicBus bus() {
        return bus;
    }

    public PhysicalMemory memory() {
        return memory;
    }

    /// The CPU's data cache, or null if it has none.
    public @Nullable Cache cache() {
        return cache;
    }

    public Parameters parameters() {
        return parameters;
    }

    /// The address of a buffer of `bufferBytes` bytes, which there is room for.
    public long buffer(int bufferBytes) {
        Check.that(BUFFER + bufferBytes <= parameters.memoryBytes(), "a buffer of %d bytes", bufferBytes);
        return BUFFER;
    }
}
