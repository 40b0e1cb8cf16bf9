package flyby.machine;

import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.classic.AddressMap;
import flyby.classic.ClassicBus;
import flyby.classic.MasterSlot;
import flyby.classic.Slot;
import flyby.driver.IsaStreamDriver;
import flyby.driver.PcBios;
import flyby.isa.IsaDma;
import flyby.isa.RefreshMaster;
import flyby.isa.RefreshTimer;
import flyby.isa.layout.IsaDmaPorts;
import flyby.isa.layout.TimerPorts;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.stream.Medium;
import flyby.stream.Streamer;
import flyby.stream.layout.StreamerRegisters;
import flyby.topology.IsaCatalogue;

/// What hangs on an ISA bus, whoever drives it: one or two 8237As, refresh, and slots for cards.
///
/// A card is plugged in with [#slot], [#plug] and [#channel]; what it needs of these.
public final class IsaBoard {
    /// Where the streamer's registers are mapped: where adapters have their memory.
    public static final long STREAMER_BASE = 0xd_0000;

    /// The streamer's IRQ.
    public static final int STREAMER_IRQ = 3;

    /// How many bits of an address 8237As and page registers drive.
    public static final int ADDRESS_BITS = 24;

    /// The most memory: where adapters begin.
    public static final long MEMORY_BYTES_MAX = IsaCatalogue.MEMORY_BYTES;

    /// The 8253 runs on a quarter of the CPU clock of PC and XT: 14.31818 MHz, by 12 and by 3.
    private static final int CPU_CLOCKS_PER_COUNT = 4;

    /// The interrupt of slots of devices that have none.
    private static final int NO_IRQ = 0;

    /// How an AT refreshes its memory.
    ///
    /// @param clocks for how many clocks of the bus one takes it
    public record Refresh(long periodPicos, int clocks) {}

    /// What makes one differ from another.
    ///
    /// @param command what the BIOS writes to COMMAND of the 8237As
    /// @param refreshes whether memory is refreshed
    /// @param refresh how; the XT has it from its timer and channel 0
    public record Parameters(IsaDma.Parameters dma, long command, boolean refreshes, Refresh refresh) {}

    private final Parameters parameters;
    private final ClassicBus bus;
    private final IsaDma dma;

    public IsaBoard(ClassicBus bus, Parameters parameters) {
        this.bus = bus;
        this.parameters = parameters;
        MasterSlot slot = bus.masterSlot("dma", NO_IRQ);
        dma = new IsaDma(slot, parameters.dma());
        slot.connect(dma);
        ports(dma, slot, IsaDma.PORTS_FIRST, IsaDmaPorts.FIRST, 0x10);
        ports(dma, slot, IsaDma.PORTS_PAGES, IsaDmaPorts.PAGES, 0x10);
        if (parameters.dma().isAt()) {
            ports(dma, slot, IsaDma.PORTS_SECOND, IsaDmaPorts.SECOND, 0x20);
            if (parameters.refreshes()) {
                refreshByItself();
            }
        } else {
            refreshByTimer();
        }
    }

    public IsaDma dma() {
        return dma;
    }

    /// A slot for a card whose interrupt is IRQ `irq`; the host to make the card with.
    public Slot slot(String name, int irq) {
        return bus.slot(name, irq);
    }

    /// Lets register region 0 of `card`, made with `slot`, answer at `portCount` ports from `firstPort` on.
    public void plug(Device card, Slot slot, int firstPort, int portCount) {
        ports(card, slot, 0, firstPort, portCount);
    }

    /// Wires `peripheral` to DMA channel `number`.
    ///
    /// @return its DREQ
    public DmaChannel channel(int number, DmaPeripheral peripheral) {
        return dma.wire(number, peripheral);
    }

    /// The period of the 8237As' clock.
    public long dmaClockPicos() {
        return parameters.dma().clockPicos();
    }

    /// Whether it has channels 5 to 7, which move words.
    public boolean movesWords() {
        return parameters.dma().isAt();
    }

    /// Whether channel 0 refreshes memory, and is not free.
    public boolean refreshesByChannel0() {
        return parameters.refreshes() && !parameters.dma().isAt();
    }

    /// Plugs in a streamer on DMA channel `channel`: 1 to 3, or 5 to 7, where it gives and takes words.
    ///
    /// @param mediumBytePicos its pace in picoseconds a byte; 0: as fast as it is taken
    public void plugStreamer(Medium medium, long mediumBytePicos, int fifoBytes, int channel) {
        Slot slot = slot("streamer", STREAMER_IRQ);
        Streamer streamer = new Streamer(slot, medium, mediumBytePicos, fifoBytes, channel < 4 ? 1 : 2);
        bus.map().add(STREAMER_BASE, StreamerRegisters.MAP.spanBytes(), streamer, 0, slot);
        streamer.wire(channel(channel, streamer));
    }

    /// The wiring for a driver under `kernel` of the streamer on DMA channel `channel` with a buffer at `buffer`.
    public static IsaStreamDriver.Wiring streamerWiring(Kernel kernel, int channel, long buffer, int bufferBytes) {
        return new IsaStreamDriver.Wiring(
                new IoMemory(kernel, STREAMER_BASE, StreamerRegisters.MAP.spanBytes()),
                STREAMER_IRQ,
                channel,
                buffer,
                bufferBytes);
    }

    /// What the BIOS does at power-on. First in every program.
    public void boot(Cpu cpu) {
        PcBios bios = new PcBios(cpu, parameters.command());
        bios.startDma();
        if (parameters.dma().isAt()) {
            bios.startCascade();
        } else if (parameters.refreshes()) {
            bios.startRefresh();
        }
    }

    private void refreshByTimer() {
        Slot slot = bus.slot("timer", NO_IRQ);
        RefreshTimer timer = new RefreshTimer(slot, bus.timing().picos(CPU_CLOCKS_PER_COUNT));
        ports(timer, slot, 0, TimerPorts.FIRST, TimerPorts.COUNT);
        timer.wire(channel(0, timer));
    }

    private void refreshByItself() {
        MasterSlot slot = bus.masterSlot("refresh", NO_IRQ);
        Refresh refresh = parameters.refresh();
        RefreshMaster master =
                new RefreshMaster(slot, refresh.periodPicos(), bus.timing().picos(refresh.clocks()));
        slot.connect(master);
        master.start();
    }

    private void ports(Device device, Slot slot, int region, int firstPort, int portCount) {
        bus.map().add(AddressMap.port(firstPort), portCount, device, region, slot);
    }
}
