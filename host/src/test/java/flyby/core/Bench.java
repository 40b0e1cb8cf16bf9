package flyby.core;

import flyby.bus.Cpu;
import flyby.coherence.CoherenceParameters;
import flyby.coherence.CoherenceParameters.Disturbances;
import flyby.coherence.CoherenceParameters.InputOutput;
import flyby.coherence.CoherenceParameters.Level;
import flyby.coherence.CoherenceParameters.Memory;
import flyby.coherence.CoherenceParameters.SocketLink;
import flyby.coherence.CoherentMemory;
import flyby.memory.MemoryTypes;
import flyby.memory.PhysicalMemory;
import flyby.root.ProcessorPort;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One core, or two, with a little memory, and registers above it that answer after 500 ns.
///
/// An instruction takes 1 ns, a word of a block move 1 ns, an L1 hit 1 ns, memory 100 ns; the way into a handler 50
/// ns, out of it 30 ns.
final class Bench implements ProcessorPort {
    static final long NS = 1_000;
    static final long REGISTERS = 0x1_0000;

    final Simulation simulation;
    final PhysicalMemory bytes = new PhysicalMemory();
    final MemoryTypes types = new MemoryTypes();
    final CoherentMemory memory;
    final ServerCore core;
    /// Another one; null unless an order of accesses was asked for.
    final @Nullable ServerCore other;
    /// What the port has seen: `1000 ns write 10000: 0a0b`.
    final List<String> seen = new ArrayList<>();
    /// How many writes the port has room for before it takes 300 ns to make room for the next.
    int room = Integer.MAX_VALUE;
    /// Called when a write arrives.
    Runnable whenWritten = () -> {};

    Bench() {
        this(Trace.off());
    }

    Bench(Trace trace) {
        this(trace, 0, MemoryOrder.STRONG, true, 0);
    }

    /// @param acceptPicos until a line of a combining buffer has been accepted
    Bench(long acceptPicos) {
        this(Trace.off(), 0, MemoryOrder.STRONG, true, acceptPicos);
    }

    /// Two cores that keep `order`.
    ///
    /// @param snoops whether devices ask the caches
    Bench(long seed, MemoryOrder order, boolean snoops) {
        this(Trace.off(), seed, order, snoops, 0);
    }

    private Bench(Trace trace, long seed, MemoryOrder order, boolean snoops, long acceptPicos) {
        simulation = new Simulation(seed, trace);
        memory = new CoherentMemory(
                simulation,
                bytes,
                new CoherenceParameters(
                        1,
                        2,
                        64,
                        64,
                        new Level(1024, 2, NS),
                        new Level(4096, 4, 5 * NS),
                        new Level(8192, 4, 20 * NS),
                        0,
                        30 * NS,
                        2 * NS,
                        new InputOutput(snoops, 0b1100, 10 * NS, 0),
                        new Memory(REGISTERS, 0, 1, 64, 80 * NS, 0, 0),
                        new SocketLink(0, 0),
                        Disturbances.NONE));
        CoreTiming timing = new CoreTiming(NS, NS, 2, 2, 50 * NS, 30 * NS, 10 * NS, order, acceptPicos);
        core = new ServerCore(simulation, "core", memory.core(0, 0), 64, this, types, timing);
        other = order.equals(MemoryOrder.STRONG)
                ? null
                : new ServerCore(simulation, "other", memory.core(0, 1), 64, this, types, timing);
    }

    /// Runs `program` until nothing happens any more.
    ///
    /// @return when it ended
    long run(Consumer<Cpu> program) {
        long[] end = {-1};
        core.run(cpu -> {
            program.accept(cpu);
            end[0] = cpu.nowPicos();
        });
        simulation.run();
        return end[0];
    }

    @Override
    public boolean isMapped(long address) {
        return address >= REGISTERS;
    }

    @Override
    public void read(long address, int byteCount, long transfer, Reader reader) {
        note("read", address, "" + byteCount);
        simulation.event("answer", () -> reader.read(0x1122_3344_5566_7788L)).in(500 * NS);
    }

    @Override
    public boolean readsLines(long address) {
        return true;
    }

    /// Bytes that say where they are.
    @Override
    public void readLine(long address, byte[] into, int offset, int byteCount, long transfer, Runnable arrived) {
        note("line", address, "" + byteCount);
        simulation
                .event("line", () -> {
                    for (int i = 0; i < byteCount; i++) {
                        into[offset + i] = (byte) (address / 64 + i);
                    }
                    arrived.run();
                })
                .in(500 * NS);
    }

    @Override
    public boolean write(long address, byte[] from, int offset, int byteCount, long transfer, Runnable whenRoom) {
        note("write", address, HexFormat.of().formatHex(from, offset, offset + byteCount));
        whenWritten.run();
        room--;
        if (room <= 0) {
            simulation
                    .event("room", () -> {
                        room++;
                        whenRoom.run();
                    })
                    .in(300 * NS);
        }
        return room > 0;
    }

    private void note(String what, long address, String detail) {
        seen.add(String.format(Locale.ROOT, "%d ns %s %x: %s", simulation.nowPicos() / NS, what, address, detail));
    }
}
