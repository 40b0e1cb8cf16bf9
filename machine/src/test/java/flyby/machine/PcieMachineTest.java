package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.dmar.DmaSpace;
import flyby.driver.CopyEngineDriver;
import flyby.driver.DmaStreamDriver.CacheCare;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.sim.Simulation;
import flyby.topology.MachineDescription;
import flyby.topology.Numbering;
import flyby.topology.Part;
import flyby.topology.PartKind;
import flyby.trace.HashSink;
import flyby.trace.Trace;
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
        return ModernMachines.profiles().stream().map(profile -> profile.name());
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
            assertCopied(description, function.name(), 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"passthrough", "strict", "lazy"})
    void behindAnIommuTooAndItTakesLonger(String mode) {
        for (String pages : List.of("4K", "2M", "1G")) {
            long on = copyPicos(description("server-gen3-bdw", "iommu.mode=" + mode, "iommu.page-size=" + pages));
            assertThat(on).isGreaterThan(copyPicos(description("server-gen3-bdw")));
        }
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
            DmaSpace space = new IommuSetup(machine, cpu).attach(plugged, simulation.event("flush", () -> {}));
            CopyEngineDriver driver =
                    new CopyEngineDriver(cpu, plugged.registers(), plugged.vector(), CacheCare.RIGHT, space);
            cpu.storeBytes(FROM, sent, 0, BYTES);
            long begin = cpu.nowPicos();
            assertThat(driver.copy(FROM, TO, BYTES)).isTrue();
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
