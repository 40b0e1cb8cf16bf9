package flyby.machine;

import flyby.bus.InterruptSink;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;
import flyby.cpu.BusBridge;
import flyby.memory.MemoryAgent;
import flyby.root.ProcessorPort;
import flyby.sim.Simulation;

/// An ISA bus behind the bridge of a machine that has its CPU and its memory elsewhere, as chip sets have it.
///
/// ```
///   CPU ---- ProcessorPort ---- bridge ---- everything else: root complex
///                                 |
///   memory ---- MemoryAgent ---- ISA bus ---- 8237As, cards
/// ```
/// What a [IsaBoard] holds does not know which machine it is in. Bus masters reach memory up to
/// [IsaBoard#MEMORY_BYTES_MAX], and from 1 MiB to 16 MiB, through the caches.
public final class IsaBridge {
    /// What makes one differ from another.
    public record Parameters(BusTiming bus, IsaBoard.Parameters isa) {}

    private static final long MEBIBYTE = 1 << 20;

    private final BusBridge bridge;
    private final IsaBoard isa;
    private final ClassicBus bus;

    /// @param memory that of the machine, as the bridge reaches it
    /// @param interrupts who hears the IRQ lines, by their numbers
    /// @param next where the CPU's accesses go that no ISA device claims
    public IsaBridge(
            Simulation simulation,
            Parameters parameters,
            MemoryAgent memory,
            InterruptSink interrupts,
            ProcessorPort next) {
        BusTiming timing = parameters.bus();
        long cyclePicos = timing.picos(timing.dmaCycleClocks());
        AddressMap map = AddressMap.bridged(memory, IsaBoard.MEMORY_BYTES_MAX, extendedEnd(memory), cyclePicos);
        bus = new ClassicBus(simulation, timing, map, interrupts);
        bridge = new BusBridge(simulation, "isa bridge", bus, next);
        isa = new IsaBoard(bus, parameters.isa());
    }

    /// Where the memory ends that the bus reaches, of which there may be less than it has addresses for.
    private static long extendedEnd(MemoryAgent memory) {
        long end = 1L << IsaBoard.ADDRESS_BITS;
        while (end > MEBIBYTE && !memory.holds(end - 1, 1)) {
            end -= MEBIBYTE;
        }
        return end;
    }

    /// Where the CPU's register accesses go instead of straight to `next`.
    public ProcessorPort processorPort() {
        return bridge;
    }

    /// What hangs on the bus, and where cards are plugged in.
    public IsaBoard isa() {
        return isa;
    }

    public ClassicBus bus() {
        return bus;
    }
}
