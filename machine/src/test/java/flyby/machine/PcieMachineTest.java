package flyby.machine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.dma.Attributes;
import flyby.driver.CopyEngineDriver;
import flyby.link.LinkTraffic;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Profile;
import flyby.pci.PciDevice;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.topology.DeviceKind;
import flyby.topology.FunctionCatalogue;
import flyby.topology.MachineDescription;
import flyby.topology.Numbering;
import flyby.topology.Part;
import flyby.topology.PartKind;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import flyby.traffic.layout.TrafficRegisters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Machines built from their descriptions: the firmware finds what the description says, and devices move bytes.
final class PcieMachineTest {
    private static final int BYTES = 100_000;

    /// In the first MiB, which a bridge's window is open for until firmware closes it.
    private static final long FROM = 0x1_0003;

    private static final long TO = 0x20_0000;

    static Stream<String> shipped() {
        return ModernMachines.profiles().stream().map(Profile::name);
    }

    private static MachineDescription description(String name, String... changes) {
        List<Given> givens = new ArrayList<>();
        for (String change : changes) {
            String[] parts = change.split("=", 2);
            givens.add(new Given(parts[0], parts[1], Origin.commandLine(parts[0])));
        }
        return MachineLibrary.modern(name, givens);
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void firmwareNumbersFunctionsAsTheDescriptionSays(String name) {
        MachineDescription description = description(name);
        PcieMachine machine = new PcieMachine(new Simulation(1, Trace.off()), description);
        Numbering numbering = new Numbering(description);
        assertThat(machine.devices()).hasSize(description.all(PartKind.FUNCTION).size());
        machine.devices().values().forEach(plugged -> {
            assertThat(plugged.function().id()).isEqualTo(numbering.id(plugged.part()));
            assertThat(plugged.registers()).isGreaterThanOrEqualTo(0xc000_0000L);
        });
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyDeviceCopiesEveryByte(String name) {
        MachineDescription description = description(name);
        for (Part function : description.all(PartKind.FUNCTION)) {
            if (FunctionCatalogue.device(function.settings()) != DeviceKind.COPY_ENGINE) {
                continue;
            }
            assertCopied(description, function.name(), 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"passthrough", "strict", "lazy"})
    void behindAnIommuTooAndItTakesLonger(String mode) {
        for (String name : List.of("server-gen3-bdw", "board-arm")) {
            for (String pages : List.of("4K", "2M", "1G")) {
                long on = copyPicos(description(name, "iommu.mode=" + mode, "iommu.page-size=" + pages));
                assertThat(on).as(name).isGreaterThan(copyPicos(description(name)));
            }
        }
    }

    @Test
    void whatGoesBetweenPortsOfASwitchPassesTheRootOnlyWithAcs() {
        assertThat(peerReads("false")).isZero();
        assertThat(peerReads("true")).as("requests and completions").isEqualTo(2 * 100);
    }

    /// Reads registers of the neighbour behind the same switch.
    ///
    /// @return how many packets pass the link above the switch, on their way up
    private static long peerReads(String acs) {
        String port = "switches.switch0.ports.left";
        MachineDescription description = description(
                "desktop-switch",
                "switches.switch0.acs=" + acs,
                port + ".functions=none",
                port + ".functions.load.device=traffic-generator");
        Simulation simulation = new Simulation(1, Trace.off());
        PcieMachine machine = new PcieMachine(simulation, description);
        PcieMachine.Plugged load = machine.device("load");
        LinkTraffic up = machine.links().getFirst().upstreamTraffic();
        long before = up.packets();
        write(load, TrafficRegisters.ADDRESS, 8, machine.device("copy1").registers());
        write(load, TrafficRegisters.SIZE, 4, 8);
        write(load, TrafficRegisters.COUNT, 8, 100);
        write(load, TrafficRegisters.CONTROL, 4, TrafficRegisters.CONTROL_START.mask());
        simulation.run();
        assertThat(load.device().readRegister(0, TrafficRegisters.DONE_COUNT, 8))
                .isEqualTo(100);
        return up.packets() - before;
    }

    /// Operations under way when the link is too narrow for them are somebody's to wait for: each part says its
    /// own.
    @Test
    void everyPartSaysWhoWaits() {
        String port = "switches.switch0.ports.left";
        MachineDescription description = description(
                "desktop-switch", port + ".functions=none", port + ".functions.load.device=traffic-generator");
        Simulation simulation = new Simulation(1, Trace.off());
        PcieMachine machine = new PcieMachine(simulation, description);
        PcieMachine.Plugged load = machine.device("load");
        long begin = simulation.nowPicos();
        write(load, TrafficRegisters.WINDOW, 8, 1 << 20);
        write(load, TrafficRegisters.ADDRESS, 8, FROM);
        write(load, TrafficRegisters.COUNT, 8, 1_000);
        write(load, TrafficRegisters.CONTROL, 4, TrafficRegisters.CONTROL_START.mask());
        simulation.runUntil(begin + Time.MICROSECOND);
        assertThat(String.join("; ", machine.waiting())).contains("load").contains("switch0");
        simulation.run();
        assertThat(machine.waiting()).isEmpty();
        assertThat(load.device().readRegister(0, TrafficRegisters.DONE_COUNT, 8))
                .isEqualTo(1_000);
    }

    private static void write(PcieMachine.Plugged plugged, int register, int byteCount, long value) {
        plugged.device().writeRegister(0, register, byteCount, value);
    }

    @Test
    void aBarThatFirmwarePlacesElsewhereIsRefused() {
        String path = "root-ports.slot0.functions.copy0.bar0.address=";
        Simulation simulation = new Simulation(1, Trace.off());
        assertThat(new PcieMachine(simulation, description("server-2s", path + "0xc0000000"))
                        .device("copy0")
                        .registers())
                .isEqualTo(0xc000_0000L);
        assertThatThrownBy(() -> new PcieMachine(simulation, description("server-2s", path + "0xd0000000")))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("expected 0xc0000000, where firmware places it");
    }

    @Test
    void equalSeedsGiveEqualTraces() {
        MachineDescription description = description("desktop-switch");
        assertThat(assertCopied(description, "copy1", 7)).isEqualTo(assertCopied(description, "copy1", 7));
    }

    @Test
    void aNarrowLinkTakesLonger() {
        long wide = copyPicos(description("server-gen3-bdw"));
        long narrow = copyPicos(description("server-gen3-bdw", "root-ports.slot0.link.width=x1"));
        assertThat(narrow).isGreaterThan(4 * wide);
    }

    private static String assertCopied(MachineDescription description, String device, long seed) {
        HashSink hash = new HashSink();
        copy(new Simulation(seed, Trace.to(List.of(hash))), description, device);
        return hash.text();
    }

    private static long copyPicos(MachineDescription description) {
        Simulation simulation = new Simulation(1, Trace.off());
        return copy(simulation, description, "copy0");
    }

    private static CopyEngineDriver driver(KernelSetup setup, PcieMachine.Plugged plugged) {
        PciDevice device = setup.pci(plugged);
        return new CopyEngineDriver(
                setup.kernel(), device.dma(), requireNonNull(device.map(0)), device.vector(0), Attributes.NONE);
    }

    /// Copies random bytes there and looks at them, as the CPU sees them.
    ///
    /// @return how long the copy took
    private static long copy(Simulation simulation, MachineDescription description, String device) {
        PcieMachine machine = new PcieMachine(simulation, description);
        PcieMachine.Plugged plugged = machine.device(device);
        byte[] sent = new byte[BYTES];
        new SplittableRandom(5).nextBytes(sent);
        byte[] arrived = new byte[BYTES];
        long[] picos = new long[1];
        machine.cpu().run(cpu -> {
            KernelSetup setup = new KernelSetup(machine, cpu);
            CopyEngineDriver driver = driver(setup, plugged);
            cpu.storeBytes(FROM, sent, 0, BYTES);
            long begin = cpu.nowPicos();
            assertThat(driver.copy(FROM, TO, BYTES)).isZero();
            picos[0] = cpu.nowPicos() - begin;
            cpu.loadBytes(TO, arrived, 0, BYTES);
            simulation.stop();
        });
        simulation.run();
        assertThat(Arrays.equals(arrived, sent))
                .as(() -> String.join("; ", machine.waiting()))
                .isTrue();
        return picos[0];
    }
}
