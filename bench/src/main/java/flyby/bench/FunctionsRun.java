package flyby.bench;

import flyby.base.Check;
import flyby.function.Endpoint;
import flyby.function.EndpointParameters;
import flyby.function.Function;
import flyby.function.FunctionDescription;
import flyby.link.Link;
import flyby.link.LinkParameters;
import flyby.memory.FlatMemory;
import flyby.memory.PhysicalMemory;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import flyby.pcie.PacketPool;
import flyby.pcie.Segmentation;
import flyby.root.Enumeration;
import flyby.root.RootComplex;
import flyby.root.RootParameters;
import flyby.root.RootPort;
import flyby.root.RootWindows;
import flyby.root.Switch;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.trace.Trace;
import flyby.traffic.DmaEngine;
import flyby.traffic.TrafficGenerator;
import flyby.traffic.layout.TrafficRegisters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a TLP costs in machines with more and more functions that are all busy: traffic generators that read and
/// write 256 bytes in turns, eight to a device, eight devices to a switch, a switch to a root port, in flat memory.
///
/// All functions of a machine together make the same number of operations. A TLP is counted once, on the link of
/// its device, and crosses two. Prints one RESULT line, of the fastest
/// round.
///
/// Usage: `FunctionsRun [functions=1] [operations=1000000] [rounds=5]`.
public final class FunctionsRun {
    private static final int PER_DEVICE_MAX = 8;
    private static final int PER_PORT_MAX = 8 * PER_DEVICE_MAX;
    private static final int OPERATION_BYTES = 256;
    private static final int DEPTH = 4;
    private static final long MEMORY_BYTES = 4L << 30;
    /// Of all functions together: what differs is to be the number of functions, and not the memory that they
    /// touch.
    private static final long WINDOWS_BYTES = 1 << 20;
    private static final Segmentation LIMITS = new Segmentation(256, 512, 64);
    private static final RootParameters ROOT =
            new RootParameters(100_000, 0, 50_000, 50_000, 50 * Time.MILLISECOND, 64, LIMITS, 0, false);

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final PacketPool pool = new PacketPool(Segmentation.PAGE_BYTES);
    private final FlatMemory memory = new FlatMemory(new PhysicalMemory(), MEMORY_BYTES, 100_000, 0);
    private final RootComplex root = new RootComplex(simulation, pool, ROOT, RootWindows.Q35, (_, _) -> {});
    private final List<Link> deviceLinks = new ArrayList<>();
    private final List<TrafficGenerator> generators = new ArrayList<>();

    private FunctionsRun(int functionCount) {
        while (generators.size() < functionCount) {
            plug(Math.min(PER_PORT_MAX, functionCount - generators.size()));
        }
        Enumeration.run(
                simulation,
                root.processor("firmware", memory),
                RootWindows.Q35,
                new Enumeration.Options(true, true, false));
    }

    public static void main(String[] arguments) {
        int functions = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1;
        int operations = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
        double fastest = Double.MAX_VALUE;
        long packets = 0;
        for (int round = 0; round < rounds; round++) {
            FunctionsRun run = new FunctionsRun(functions);
            long packetsBefore = run.packets();
            long beginNanos = Result.cpuNanos();
            run.operate(operations / functions);
            long nanos = Result.cpuNanos() - beginNanos;
            packets = run.packets() - packetsBefore;
            fastest = Math.min(fastest, (double) nanos / packets);
        }
        System.out.printf(
                Locale.ROOT,
                "RESULT flyby-functions functions=%d operations=%d tlps=%d ns/TLP=%.2f%n",
                functions,
                operations,
                packets,
                fastest);
    }

    /// Another root port and a switch, with `functionCount` functions behind it.
    private void plug(int functionCount) {
        Link above = link();
        RootPort port = root.port("port" + generators.size(), above.upstream(), memory);
        Switch crossing = new Switch(
                simulation, pool, "switch" + generators.size(), 100_000, LIMITS, above.downstream(), port.wires());
        for (int done = 0; done < functionCount; done += PER_DEVICE_MAX) {
            Link below = link();
            crossing.downstream(below.upstream());
            deviceLinks.add(below);
            plugDevice(below, Math.min(PER_DEVICE_MAX, functionCount - done));
        }
    }

    private void plugDevice(Link link, int functionCount) {
        String name = "device" + deviceLinks.size();
        EndpointParameters parameters = new EndpointParameters(256, 40_000, 0, false);
        Endpoint endpoint = new Endpoint(simulation, pool, name, link.downstream(), parameters, (_, _) -> {});
        for (int i = 0; i < functionCount; i++) {
            String functionName = name + "." + i;
            Function function = endpoint.add(functionName, FunctionDescription.of(0xf1b0, 0x1000, 0xff_0000));
            TrafficGenerator generator =
                    new TrafficGenerator(function, functionName, DmaEngine.IDEAL, DEPTH, OPERATION_BYTES);
            function.attach(generator);
            generators.add(generator);
        }
    }

    private Link link() {
        LinkRate rate = new LinkRate(Generation.GEN4, LinkWidth.X4);
        return new Link(simulation, pool, "link", LinkParameters.of(rate, 256, 20_000));
    }

    private void operate(int operationsEach) {
        long windowBytes = WINDOWS_BYTES / generators.size();
        for (int i = 0; i < generators.size(); i++) {
            TrafficGenerator generator = generators.get(i);
            generator.writeRegister(0, TrafficRegisters.ADDRESS, 8, (1L << 24) + i * windowBytes);
            generator.writeRegister(0, TrafficRegisters.WINDOW, 8, windowBytes);
            generator.writeRegister(0, TrafficRegisters.UNIT, 4, OPERATION_BYTES);
            generator.writeRegister(0, TrafficRegisters.WRITES, 4, 1);
            generator.writeRegister(0, TrafficRegisters.COUNT, 8, operationsEach);
            generator.writeRegister(0, TrafficRegisters.CONTROL, 4, TrafficRegisters.CONTROL_START.mask());
        }
        simulation.run();
        for (TrafficGenerator generator : generators) {
            Check.that(
                    generator.readRegister(0, TrafficRegisters.DONE_COUNT, 8) == operationsEach
                            && generator.results().errorCount() == 0,
                    "a generator did not end well");
        }
    }

    private long packets() {
        return deviceLinks.stream()
                .mapToLong(link -> link.upstreamTraffic().packets()
                        + link.downstreamTraffic().packets())
                .sum();
    }
}
