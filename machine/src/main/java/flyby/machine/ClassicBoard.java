package flyby.machine;

import flyby.base.Check;
import flyby.cache.Cache;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;
import flyby.classic.Slot;
import flyby.cpu.CpuCore;
import flyby.cpu.CpuTiming;
import flyby.cpu.InterruptLines;
import flyby.cpu.WorkPattern;
import flyby.dmac.Dmac;
import flyby.dmac.layout.DmacRegisters;
import flyby.driver.DmaStreamDriver;
import flyby.memory.PhysicalMemory;
import flyby.sim.Simulation;
import flyby.stream.Medium;
import flyby.stream.Streamer;
import flyby.stream.layout.StreamerRegisters;
import org.jspecify.annotations.Nullable;

/// A board of the classic kind: CPU, memory, a DMA controller and a streamer on one shared bus.
///
/// ```
///   CPU --[cache]--+--------- bus ---------+------------+
///    ^             |                       |            |
///    |           memory             DMA controller   streamer -- medium
///    +--- interrupt -----------------------+  DREQ/DACK |
///                                          +------------+
/// ```
/// Memory begins at address 0. The registers are mapped above it.
public final class ClassicBoard {
    /// Where the DMA controller's registers are mapped.
    public static final long DMAC_BASE = 0xffff_0000L;

    /// Where the streamer's registers are mapped.
    public static final long STREAMER_BASE = 0xffff_1000L;

    /// The DMA controller's interrupt line.
    public static final int DMAC_LINE = 5;

    /// Where drivers have their buffer. Below it lies what the CPU's other work uses.
    public static final long BUFFER = 0x1_0000;

    /// The shape of a data cache.
    ///
    /// @param sizeBytes a power of two times `ways`
    /// @param lineBytes a power of two
    public record CacheShape(int sizeBytes, int ways, int lineBytes) {}

    /// Everything that makes one board differ from another.
    ///
    /// @param memoryBytes room above [#BUFFER] is the drivers'
    /// @param cache the CPU's data cache, or null for none
    /// @param mediumBytePicos the streamer's pace in picoseconds a byte; 0: as fast as it is taken
    public record Parameters(
            BusTiming bus,
            CpuTiming cpu,
            WorkPattern work,
            long memoryBytes,
            @Nullable CacheShape cache,
            long mediumBytePicos,
            int fifoBytes) {
        public Parameters {
            Check.that(memoryBytes > BUFFER && memoryBytes <= DMAC_BASE, "%d bytes of memory", memoryBytes);
        }
    }

    private final Parameters parameters;
    private final PhysicalMemory memory = new PhysicalMemory();
    private final CpuCore cpu;
    private final ClassicBus bus;
    private final @Nullable Cache cache;

    public ClassicBoard(Simulation simulation, Parameters parameters, Medium medium) {
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

        int width = parameters.bus().widthBytes();
        Slot dmacSlot = bus.slot("dmac", DMAC_LINE);
        Dmac dmac = new Dmac(dmacSlot, width);
        map.add(DMAC_BASE, DmacRegisters.MAP.spanBytes(), dmac, 0, dmacSlot);
        Slot streamerSlot = bus.slot("streamer", DMAC_LINE + 1);
        Streamer streamer =
                new Streamer(streamerSlot, medium, parameters.mediumBytePicos(), parameters.fifoBytes(), width);
        map.add(STREAMER_BASE, StreamerRegisters.MAP.spanBytes(), streamer, 0, streamerSlot);
        dmac.wire(streamer);
        streamer.wire(dmac);
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

    /// The wiring for a driver that has a buffer of `bufferBytes` bytes at [#BUFFER].
    public DmaStreamDriver.Wiring wiring(int bufferBytes) {
        Check.that(BUFFER + bufferBytes <= parameters.memoryBytes(), "a buffer of %d bytes", bufferBytes);
        return new DmaStreamDriver.Wiring(DMAC_BASE, STREAMER_BASE, DMAC_LINE, BUFFER, bufferBytes);
    }
}
