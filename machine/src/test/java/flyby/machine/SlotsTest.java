package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.params.Given;
import flyby.params.Origin;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import flyby.traffic.layout.TrafficRegisters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Slots with nothing in them, and switches that keep what is below them apart.
final class SlotsTest {
    private static final String PORTS = "switches.switch0.ports.";

    private static PcieMachine machine(Simulation simulation, String name, String... changes) {
        List<Given> givens = new ArrayList<>();
        for (String change : changes) {
            String[] parts = change.split("=", 2);
            givens.add(new Given(parts[0], parts[1], Origin.commandLine(parts[0])));
        }
        return new PcieMachine(simulation, MachineLibrary.modern(name, givens));
    }

    @Test
    void firmwarePassesOverEmptySlots() {
        Simulation simulation = new Simulation(1, Trace.off());
        assertThat(machine(simulation, "server-gen3-bdw", "root-ports.spare.link.width=x16")
                        .devices())
                .hasSize(1);
        assertThat(machine(simulation, "desktop-switch", PORTS + "spare.link.width=x16")
                        .devices())
                .hasSize(2);
    }

    /// Section 6.12: what one card writes to another goes through the root port if, and only if, ACS is on.
    @Test
    void aSwitchWithAcsSendsRequestsBetweenItsPortsUp() {
        assertThat(packetsAtTheRoot("false")).isZero();
        assertThat(packetsAtTheRoot("true")).isEqualTo(10);
    }

    private static long packetsAtTheRoot(String acs) {
        Simulation simulation = new Simulation(1, Trace.off());
        String left = PORTS + "left.functions";
        PcieMachine machine = machine(
                simulation,
                "desktop-switch",
                left + "=none",
                left + ".load.device=traffic-generator",
                "switches.switch0.acs=" + acs);
        long before = machine.links().getFirst().upstreamTraffic().packets();
        PcieMachine.Plugged load = machine.device("load");
        write(load, TrafficRegisters.ADDRESS, 8, machine.device("copy1").registers());
        write(load, TrafficRegisters.WINDOW, 8, 64);
        write(load, TrafficRegisters.SIZE, 4, 4);
        write(load, TrafficRegisters.READS, 4, 0);
        write(load, TrafficRegisters.WRITES, 4, 1);
        write(load, TrafficRegisters.COUNT, 8, 10);
        write(load, TrafficRegisters.CONTROL, 4, TrafficRegisters.CONTROL_START.mask());
        simulation.run();
        return machine.links().getFirst().upstreamTraffic().packets() - before;
    }

    private static void write(PcieMachine.Plugged plugged, int register, int byteCount, long value) {
        plugged.device().writeRegister(0, register, byteCount, value);
    }
}
