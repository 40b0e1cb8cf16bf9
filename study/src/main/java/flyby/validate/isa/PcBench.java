package flyby.validate.isa;

import flyby.bus.Cpu;
import flyby.machine.IsaPc;
import flyby.machine.PcCatalogue;
import flyby.params.Catalogue;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A shipped PC with cards in it, whose bus is watched. Port numbers are typed here as Linux's `asm/dma.h` has
/// them, and not taken from the models.
final class PcBench {
    /// How many transfers [#singles] makes.
    static final int TRANSFERS = 400;

    static final int SINGLE_WRITE = 0x44;
    static final String DMA_WRITE = "DMA memory write";
    static final String DMA_READ = "DMA memory read";

    /// DMA_PAGE_0 to DMA_PAGE_7; channel 4 has none.
    private static final int[] PAGE_PORTS = {0x87, 0x83, 0x81, 0x82, -1, 0x8b, 0x89, 0x8a};

    private static final int SINGLE_MASK = 0xa;
    private static final int MODE = 0xb;
    private static final int CLEAR_FLIP_FLOP = 0xc;
    private static final long SEED = 0;

    private final Settings settings;
    private final BusLog log = new BusLog();
    private final Simulation simulation = new Simulation(SEED, Trace.to(List.of(log)));
    private final IsaPc pc;

    /// A PC of `profile`.
    ///
    /// @param changes `path=value` of what is to differ
    PcBench(String profile, String... changes) {
        List<String> values = Stream.concat(Stream.of(Catalogue.PROFILE + "=" + profile), Stream.of(changes))
                .toList();
        settings = Settings.resolve(
                PcCatalogue.PARAMETERS, PcCatalogue.profiles(), List.of(), Given.fromCommandLine(values));
        pc = new IsaPc(simulation, PcCatalogue.pc(settings, false));
    }

    /// A card that always asks has made single transfers into memory on `channel`, while the CPU kept off the bus.
    static PcBench singles(String profile, int channel, String... changes) {
        PcBench bench = new PcBench(profile, changes);
        bench.transfer(channel, SINGLE_WRITE, 0x2, 0, TRANSFERS);
        return bench;
    }

    IsaPc pc() {
        return pc;
    }

    BusLog log() {
        return log;
    }

    /// A clock of the 8237As.
    long dmaClockPicos() {
        return settings.periodPicos("machine.clock") * settings.count("machine.dma.clock-divider");
    }

    /// The bus cycles called `name`, in clocks of the 8237As.
    CycleTimes times(String name) {
        return new CycleTimes(log.cycles(name), dmaClockPicos());
    }

    /// The physical addresses of all DMA cycles that wrote to memory.
    List<Long> addresses() {
        return log.cycles(DMA_WRITE).stream().map(BusLog.Cycle::address).toList();
    }

    /// The mean of durations, in clocks of the 8237As.
    double dmaClocks(List<Long> picos) {
        return picos.stream().mapToLong(Long::longValue).average().orElseThrow() / dmaClockPicos();
    }

    /// A new card on DMA channel `channel`.
    EagerCard card(int channel) {
        EagerCard card = new EagerCard();
        card.wire(pc.isa().channel(channel, card));
        return card;
    }

    /// Boots, and runs `program` to its end.
    PcBench run(Consumer<Cpu> program) {
        pc.mainboard().cpu().run(cpu -> {
            pc.isa().boot(cpu);
            program.accept(cpu);
            simulation.stop();
        });
        simulation.run();
        return this;
    }

    /// Lets a card make `count` transfers on `channel` into or out of memory at `page` and `address`, while the CPU
    /// keeps off the bus.
    EagerCard transfer(int channel, int mode, int page, int address, int count) {
        EagerCard card = card(channel);
        run(cpu -> {
            program(cpu, channel, mode, page, address, count);
            card.start();
            while (card.terminalCounts() == 0) {
                cpu.delay(100 * dmaClockPicos());
            }
        });
        return card;
    }

    /// Programs `channel` for `count` transfers, and clears its mask.
    ///
    /// @param address as the registers have it: of words for channels 5 to 7
    static void program(Cpu cpu, int channel, int mode, int page, int address, int count) {
        out(cpu, channel, SINGLE_MASK, 0x04 | (channel & 3));
        out(cpu, channel, CLEAR_FLIP_FLOP, 0);
        out(cpu, channel, MODE, mode | (channel & 3));
        out(cpu, channel, 2 * (channel & 3), address & 0xff);
        out(cpu, channel, 2 * (channel & 3), address >> 8);
        out(cpu, channel, 2 * (channel & 3) + 1, (count - 1) & 0xff);
        out(cpu, channel, 2 * (channel & 3) + 1, (count - 1) >> 8);
        cpu.outb(page, PAGE_PORTS[channel]);
        out(cpu, channel, SINGLE_MASK, channel & 3);
    }

    /// Writes a register of the controller of `channel`: ports 00 to 0F, or every second one of C0 to DE.
    static void out(Cpu cpu, int channel, int register, int value) {
        cpu.outb(value, channel < 4 ? register : 0xc0 + 2 * register);
    }

    /// The byte in memory at `address`, 0 to 255.
    int memory(long address) {
        byte[] octet = new byte[1];
        pc.mainboard().memory().read(address, octet, 0, 1);
        return octet[0] & 0xff;
    }
}
