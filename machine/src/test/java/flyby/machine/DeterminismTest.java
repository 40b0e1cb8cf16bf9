package flyby.machine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Cpu;
import flyby.copy.CopyEngine;
import flyby.dma.Attributes;
import flyby.driver.CopyEngineDriver;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.pci.PciDevice;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A run is a function of machine, program and seed: the hash is over all that a machine tells its trace, with
/// times.
final class DeterminismTest {
    private static final int COPIES = 12;
    private static final int BYTES_MAX = 20_000;
    private static final long FROM = 0x10_0000;
    private static final long TO = 0x20_0000;

    /// Those with copy engines.
    static Stream<String> shipped() {
        return ModernMachines.profiles().stream()
                .map(profile -> profile.name())
                .filter(name -> !name.equals("server-sgdma") && !name.equals("server-nvme"));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void copiesDependOnTheSeedAndOnNothingElse(String machine) {
        String first = copies(machine, 7);

        assertThat(copies(machine, 7)).isEqualTo(first);
        assertThat(copies(machine, 8)).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rd", "wr", "rw", "latency-wr-rd"})
    void trafficDependsOnTheSeedAndOnNothingElse(String operation) {
        String first = traffic(operation, 7);

        assertThat(traffic(operation, 7)).isEqualTo(first);
        assertThat(traffic(operation, 8)).isNotEqualTo(first);
    }

    @Test
    void machinesThatRunSideBySideDoNotMeet() throws InterruptedException, ExecutionException {
        String alone = copies("desktop-switch", 7);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> hashes = IntStream.range(0, 4)
                    .mapToObj(_ -> threads.submit(() -> copies("desktop-switch", 7)))
                    .toList();
            for (Future<String> hash : hashes) {
                assertThat(hash.get()).isEqualTo(alone);
            }
        }
    }

    /// Random copies by random devices of a machine.
    private static String copies(String name, long seed) {
        HashSink hash = new HashSink();
        Simulation simulation = new Simulation(seed, Trace.to(List.of(hash)));
        PcieMachine machine = new PcieMachine(simulation, MachineLibrary.modern(name, List.of()));
        machine.cpu().run(cpu -> {
            copy(machine, cpu, simulation.prng().child("program"));
            simulation.stop();
        });
        simulation.run();
        return hash.text();
    }

    private static void copy(PcieMachine machine, Cpu cpu, Prng random) {
        List<CopyEngineDriver> drivers = new ArrayList<>();
        KernelSetup setup = new KernelSetup(machine, cpu);
        machine.devices().values().stream()
                .filter(each -> each.device() instanceof CopyEngine)
                .forEach(plugged -> {
                    PciDevice device = setup.pci(plugged);
                    drivers.add(new CopyEngineDriver(
                            setup.kernel(),
                            device.dma(),
                            requireNonNull(device.map(0)),
                            device.vector(0),
                            Attributes.NONE));
                });
        byte[] bytes = new byte[BYTES_MAX];
        for (int i = 0; i < COPIES; i++) {
            int byteCount = 1 + (int) random.below(BYTES_MAX);
            long from = FROM + random.below(100);
            long to = TO + random.below(100);
            cpu.storeBytes(from, bytes, 0, byteCount);
            assertThat(drivers.get((int) random.below(drivers.size())).copy(from, to, byteCount))
                    .isZero();
            cpu.loadBytes(to, bytes, 0, byteCount);
            cpu.delay(random.below(1_000_000));
        }
    }

    /// A traffic generator on a server, with random places.
    private static String traffic(String operation, long seed) {
        Settings settings = Settings.resolve(
                BenchCatalogue.PARAMETERS,
                ServerProfiles.ALL,
                List.of(),
                Given.fromCommandLine(
                        List.of("bench.operation=" + operation, "bench.operations=500", "bench.warm-up=10")));
        HashSink hash = new HashSink();
        Bench bench = new Bench(new Simulation(seed, Trace.to(List.of(hash))), settings, 200);
        bench.run(_ -> {});
        return hash.text();
    }
}
