package flyby.check;

import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.check.Finding.Step;
import flyby.coherence.LineWatch;
import flyby.dma.Dma;
import flyby.kernel.Kernel;
import flyby.memory.MemoryAgent;
import flyby.sim.Simulation;
import flyby.topology.Card;
import flyby.topology.Part;
import flyby.topology.PartKind;
import flyby.topology.Seams;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Sees what the CPU, the driver's calls and the devices of one machine do, and says which access breaks which rule.
///
/// ```java
/// Checker checker = new Checker(simulation, Policy.TRUSTING);
/// PcieMachine machine = new PcieMachine(simulation, description.with(checker.seams(Seams.DIRECT)));
/// ...
/// checker.over(true);
/// checker.findings().forEach(...);
/// ```
/// It changes nothing that is simulated: a run that is watched takes the same time and has the same trace.
public final class Checker {
    private final World world;
    private final ApiRules api;
    private final CpuRules cpu;
    private final DeviceRules devices;
    private final Map<String, Dma> dmas = new TreeMap<>();

    public Checker(Simulation simulation, Policy policy) {
        world = new World(simulation, policy);
        api = new ApiRules(world);
        cpu = new CpuRules(world);
        devices = new DeviceRules(world, api, cpu);
    }

    /// To be put into a machine: this checker next to devices, CPUs and memory, and `others` around it.
    public Seams seams(Seams others) {
        return new Watched(others);
    }

    /// What was found so far, the earliest first.
    public List<Finding> findings() {
        return world.findings.list();
    }

    /// The run is over.
    ///
    /// @param isGone whether the driver has left its devices, so that nothing may be left
    public void over(boolean isGone) {
        world.publications.over();
        if (isGone) {
            Leaks.report(world, api);
        }
    }

    /// Something that whoever runs the driver has found.
    public void add(
            Rule rule, Evidence evidence, String what, String party, CallSite site, List<Step> before, String advice) {
        world.findings.add(rule, evidence, what, party, site, before, advice);
    }

    /// The driver has thrown `thrown`.
    public void thrown(Throwable thrown) {
        Thrown.report(world, api, thrown);
    }

    /// Whether a device has written something that the driver has not looked at.
    public boolean isDriverBehind() {
        return cpu.isBehind();
    }

    /// What the driver did last that devices can see.
    public List<Step> lately() {
        return world.records.lately(12);
    }

    private final class Watched implements Seams {
        private final Seams others;

        Watched(Seams others) {
            this.others = others;
        }

        @Override
        public Function<DeviceHost, Device> around(Part function, Function<DeviceHost, Device> maker) {
            return others.around(
                    function,
                    host -> new CheckedDevice(
                            maker.apply(new CheckedHost(
                                    host, function.name(), world, devices, () -> dmas.get(function.path()))),
                            function.name(),
                            world));
        }

        @Override
        public @Nullable Card card(Part function) {
            return others.card(function);
        }

        @Override
        public Cpu cpu(Cpu bare) {
            return others.cpu(new CheckedCpu(bare, world, cpu));
        }

        @Override
        public MemoryAgent memory(Part port, MemoryAgent agent) {
            String name = port.all()
                    .filter(part -> part.kind() == PartKind.FUNCTION)
                    .map(Part::name)
                    .findFirst()
                    .orElse(port.name());
            return new CheckedMemory(others.memory(port, agent), name, devices, port.kind() == PartKind.ISA_BRIDGE);
        }

        @Override
        public LineWatch lines() {
            LineWatch theirs = others.lines();
            if (theirs == null) {
                return world.lines;
            }
            return (event, address, bytes, offset) -> {
                world.lines.line(event, address, bytes, offset);
                theirs.line(event, address, bytes, offset);
            };
        }

        @Override
        public void kernel(Kernel kernel) {
            world.kernel = kernel;
            kernel.memory().watch(new KernelRules(world, kernel.memory()));
            others.kernel(kernel);
        }

        @Override
        public void dma(Part function, Dma dma) {
            dmas.put(function.path(), dma);
            world.lineBytes = dma.cacheAlignment();
            world.lines.lineBytes(dma.platform().cacheLineBytes());
            dma.observe(api);
            others.dma(function, dma);
        }
    }
}
