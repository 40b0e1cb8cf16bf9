package flyby.machine;

import flyby.classic.Slot;
import flyby.dmac.Dmac;
import flyby.dmac.layout.DmacRegisters;
import flyby.driver.DmaStreamDriver;
import flyby.sim.Simulation;
import flyby.stream.Medium;
import flyby.stream.Streamer;
import flyby.stream.layout.StreamerRegisters;

/// A board of the classic kind: a mainboard, a DMA controller and a streamer on one shared bus.
///
/// ```
///   CPU --[cache]--+--------- bus ---------+------------+
///    ^             |                       |            |
///    |           memory             DMA controller   streamer -- medium
///    +--- interrupt -----------------------+  DREQ/DACK |
///                                          +------------+
/// ```
/// The registers are mapped above memory.
public final class ClassicBoard implements Machine {
    /// Where the DMA controller's registers are mapped.
    public static final long DMAC_BASE = Mainboard.MEMORY_END_MAX;

    /// Where the streamer's registers are mapped.
    public static final long STREAMER_BASE = DMAC_BASE + 0x1000;

    /// The DMA controller's interrupt line.
    public static final int DMAC_LINE = 5;

    /// Everything that makes one board differ from another.
    ///
    /// @param mediumBytePicos the streamer's pace in picoseconds a byte; 0: as fast as it is taken
    public record Parameters(Mainboard.Parameters mainboard, long mediumBytePicos, int fifoBytes) {}

    /// How many bits of an address the DMA controller drives.
    public static final int ADDRESS_BITS = 32;

    private final Mainboard mainboard;

    public ClassicBoard(Simulation simulation, Parameters parameters, Medium medium) {
        mainboard = new Mainboard(simulation, parameters.mainboard());
        var bus = mainboard.bus();
        int width = bus.timing().widthBytes();
        Slot dmacSlot = bus.slot("dmac", DMAC_LINE);
        Dmac dmac = new Dmac(dmacSlot, width);
        bus.map().add(DMAC_BASE, DmacRegisters.MAP.spanBytes(), dmac, 0, dmacSlot);
        Slot streamerSlot = bus.slot("streamer", DMAC_LINE + 1);
        Streamer streamer =
                new Streamer(streamerSlot, medium, parameters.mediumBytePicos(), parameters.fifoBytes(), width);
        bus.map().add(STREAMER_BASE, StreamerRegisters.MAP.spanBytes(), streamer, 0, streamerSlot);
        dmac.wire(streamer);
        streamer.wire(dmac);
    }

    @Override
    public Mainboard mainboard() {
        return mainboard;
    }

    /// The wiring for a driver under `kernel` that has a buffer of `bufferBytes` bytes.
    public DmaStreamDriver.Wiring wiring(BoardKernel kernel, int bufferBytes) {
        return new DmaStreamDriver.Wiring(
                kernel.map(DMAC_BASE, DmacRegisters.MAP.spanBytes()),
                kernel.map(STREAMER_BASE, StreamerRegisters.MAP.spanBytes()),
                DMAC_LINE,
                mainboard.buffer(bufferBytes),
                bufferBytes);
    }
}
