package flyby.root;

import flyby.base.LittleEndian;
import flyby.configuration.layout.ExpressRegisters;
import flyby.configuration.layout.HeaderRegisters;
import flyby.iommu.InterruptRemapping;
import flyby.iommu.Translation;
import flyby.iommu.Translator;
import flyby.link.StraightLink;
import flyby.memory.FlatMemory;
import flyby.memory.PhysicalMemory;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;

/// A root complex with flat memory, links that are always free, and a CPU.
final class Bench {
    static final long MEMORY_BYTES = 1L << 30;
    static final long READ_PICOS = 90_000;
    static final long WRITE_PICOS = 40_000;
    static final long LINK_PICOS = 10_000;

    static final RootParameters PARAMETERS = new RootParameters(
            50_000, 20_000, 30_000, 15_000, 50_000_000_000L, 4, new Segmentation(256, 512, 64), 0, false);

    final Simulation simulation = new Simulation(1, Trace.off());
    final PacketPool pool = new PacketPool(4_096);
    final PhysicalMemory bytes = new PhysicalMemory();
    final FlatMemory memory = new FlatMemory(bytes, MEMORY_BYTES, READ_PICOS, WRITE_PICOS);
    final RootComplex root;
    final ProcessorPort cpu;
    final List<Integer> vectors = new ArrayList<>();
    Runnable whenInterrupted = () -> {};
    final List<String> lines = new ArrayList<>();
    final List<StraightLink> links = new ArrayList<>();

    /// Translates nothing, at once.
    static final Translator DIRECT = translation -> {
        allow(translation);
        return true;
    };

    /// Remaps nothing, at once.
    static final InterruptRemapping DIRECT_INTERRUPTS = request -> {
        request.allow(0, 0);
        return true;
    };

    Bench() {
        this(PARAMETERS);
    }

    Bench(RootParameters parameters) {
        root = new RootComplex(
                simulation, pool, parameters, RootWindows.Q35, (line, asserted) -> lines.add(line + " " + asserted));
        cpu = root.processor("cpu0", memory);
        root.interrupts((vector, _) -> {
            vectors.add(vector);
            whenInterrupted.run();
        });
    }

    static void allow(Translation translation) {
        translation.passThrough();
    }

    /// Another root port, with a device below it whose registers are the MiB at `window`.
    Puppet port(Translator translator, int bus, long window) {
        return port(translator, DIRECT_INTERRUPTS, bus, window);
    }

    /// The same, with interrupts that are remapped.
    Puppet port(Translator translator, InterruptRemapping remapping, int bus, long window) {
        StraightLink link = new StraightLink(simulation, pool, LINK_PICOS);
        links.add(link);
        RootPort port = root.port("root port " + links.size(), link.upstream(), memory, translator, remapping);
        openWindow(port.bridge(), bus, window);
        return new Puppet(simulation, pool, link.downstream(), bus << 8);
    }

    /// As firmware does it.
    static void openWindow(Bridge bridge, int bus, long window) {
        var space = bridge.space();
        space.write(HeaderRegisters.SECONDARY_BUS, 1, bus);
        space.write(HeaderRegisters.SUBORDINATE_BUS, 1, bus);
        space.write(HeaderRegisters.MEMORY_BASE, 2, window >>> 16);
        space.write(HeaderRegisters.MEMORY_LIMIT, 2, window >>> 16);
        // An empty window: its base is above its limit.
        space.write(HeaderRegisters.PREFETCHABLE_BASE, 2, 0xfff0);
        space.write(HeaderRegisters.COMMAND, 2, 7);
        // Max_Payload_Size 256: the PCI Express capability is the first.
        int express = (int) space.get(HeaderRegisters.CAPABILITIES_POINTER, 1);
        space.write(express + ExpressRegisters.DEVICE_CONTROL, 2, ExpressRegisters.DEVICE_MAX_PAYLOAD.to(1));
    }

    /// What the CPU reads, once it has come.
    long cpuRead(long address, int byteCount) {
        long[] answer = new long[1];
        boolean[] came = new boolean[1];
        cpu.read(address, byteCount, 0, value -> {
            answer[0] = value;
            came[0] = true;
        });
        while (!came[0]) {
            simulation.runUntil(simulation.nowPicos() + 1_000_000);
        }
        return answer[0];
    }

    boolean cpuWrite(long address, int byteCount, long value, Runnable room) {
        byte[] data = new byte[8];
        LittleEndian.put(value, data, 0, 8);
        return cpu.write(address, data, 0, byteCount, 0, room);
    }

    /// Everything has been given back.
    void assertNothingLeft() {
        for (StraightLink link : links) {
            if (link.upstream().heldCount() != 0) {
                throw new AssertionError(link.upstream().heldCount() + " packets are held");
            }
        }
        if (pool.takenCount() != 0) {
            throw new AssertionError(pool.takenCount() + " packets are lost");
        }
    }

    static byte[] pattern(int byteCount, int seed) {
        byte[] data = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) {
            data[i] = (byte) (seed * 31 + i * 7 + 1);
        }
        return data;
    }
}
