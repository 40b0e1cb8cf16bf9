package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dmaengine.DmaResult;
import flyby.dmaengine.DmaResult.Outcome;
import flyby.dmaengine.DmaStatus;
import flyby.dmaengine.PlxDmaChan;
import flyby.dmaengine.PlxDmaDriver;
import flyby.dmaengine.PrepFlags;
import flyby.kernel.KernelMemory;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.pci.PciDevice;
import flyby.sim.Simulation;
import flyby.topology.MachineDescription;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// PLX's engine on whole machines, driven as Linux drives it, against an array of bytes.
final class PlxDmaDriverTest {
    private static final int ORDER = 4;
    private static final int BYTES = KernelMemory.PAGE_BYTES << ORDER;
    private static final int RING = 8;

    /// What a client on the first core has.
    private record Client(Cpu cpu, KernelSetup setup, PciDevice device, PlxDmaChan channel) {
        Dma dma() {
            return device.dma();
        }
    }

    private static MachineDescription machine(String iommu) {
        String slot = "root-ports.slot0.functions.";
        String[] changes = {"iommu.mode=" + iommu, slot + "sg0=none", slot + "plx0.device=plx-dma"};
        List<Given> givens = new ArrayList<>();
        for (String change : changes) {
            String[] parts = change.split("=", 2);
            givens.add(new Given(parts[0], parts[1], Origin.commandLine(parts[0])));
        }
        return MachineLibrary.modern("server-sgdma", givens);
    }

    private static void run(String iommu, Consumer<Client> body) {
        Simulation simulation = new Simulation(1, Trace.off());
        PcieMachine machine = new PcieMachine(simulation, machine(iommu));
        boolean[] isOver = new boolean[1];
        machine.cpu().run(cpu -> {
            KernelSetup setup = new KernelSetup(machine, cpu);
            PciDevice device = setup.pci(machine.device("plx0"));
            assertThat(device.bind(new PlxDmaDriver(RING))).isZero();
            body.accept(new Client(cpu, setup, device, PlxDmaDriver.channel(device)));
            device.unbind();
            assertThat(setup.kernel().log().warnings()).isEmpty();
            isOver[0] = true;
            simulation.stop();
        });
        simulation.run();
        assertThat(isOver[0]).as("%s", machine.waiting()).isTrue();
    }

    private static long share(Client client, byte[] bytes) {
        long address = client.setup().kernel().memory().allocatePages(ORDER, KernelMemory.Zone.NORMAL, "test");
        client.cpu().storeBytes(address, bytes, 0, BYTES);
        return address;
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "strict", "lazy"})
    void clientsGetWhatAnArrayGives(String iommu) {
        Property.check(
                iommu.equals("off") ? 30 : 15,
                choices -> run(iommu, client -> {
                    byte[] expected = new byte[BYTES];
                    new SplittableRandom(3).nextBytes(expected);
                    long address = share(client, expected);
                    long dma = client.dma().mapSingle(address, BYTES, Direction.BIDIRECTIONAL);
                    for (int round = 0; round < 4; round++) {
                        copies(choices, client, dma, expected);
                    }
                    client.dma().unmapSingle(dma, BYTES, Direction.BIDIRECTIONAL);
                    byte[] seen = new byte[BYTES];
                    client.cpu().loadBytes(address, seen, 0, BYTES);
                    assertThat(Arrays.mismatch(seen, expected)).isEqualTo(-1);
                }));
    }

    /// As many copies as the ring takes, the last of which interrupts.
    private static void copies(Choices choices, Client client, long dma, byte[] expected) {
        Completion last = new Completion("the last copy");
        List<DmaResult> results = new ArrayList<>();
        int count = (int) choices.between(1, RING - 1);
        int cookie = 0;
        for (int i = 0; i < count; i++) {
            int length = (int) choices.below(choices.pick(3_000, 0, 1, 100) + 1L);
            int half = BYTES / 2;
            int source = (int) choices.below(half - length);
            int destination = half + (int) choices.below(half - length);
            boolean isLast = i == count - 1;
            cookie = client.channel()
                    .submit(
                            dma + destination,
                            dma + source,
                            length,
                            isLast || choices.chance(1, 3) ? PrepFlags.INTERRUPT : PrepFlags.NONE,
                            result -> {
                                results.add(result);
                                if (isLast) {
                                    last.complete();
                                }
                            });
            assertThat(cookie).isPositive();
            System.arraycopy(expected, source, expected, destination, length);
            if (choices.chance(1, 2)) {
                client.channel().issuePending();
            }
        }
        client.channel().issuePending();
        client.cpu().await(last);
        assertThat(client.channel().status(cookie)).isEqualTo(DmaStatus.COMPLETE);
        assertThat(results).hasSize(count).containsOnly(new DmaResult(Outcome.NOERROR, 0));
    }

    @Test
    void theRingKeepsOnePlaceFree() {
        run("off", client -> {
            long dma = client.dma().mapSingle(share(client, new byte[BYTES]), BYTES, Direction.BIDIRECTIONAL);
            List<DmaResult> results = new ArrayList<>();
            for (int i = 0; i < RING - 1; i++) {
                assertThat(client.channel().submit(dma, dma, 8, PrepFlags.NONE, results::add))
                        .isEqualTo(i + 1);
            }
            assertThat(client.channel().submit(dma, dma, 8, PrepFlags.NONE, results::add))
                    .isEqualTo(PlxDmaChan.NO_ROOM);
            // Nobody issued them: what is left when the driver goes is aborted.
            client.device().unbind();
            assertThat(results).hasSize(RING - 1).containsOnly(new DmaResult(Outcome.ABORTED, 8));
            assertThat(client.device().bind(new PlxDmaDriver(RING))).isZero();
        });
    }

    @Test
    void whatTheIommuForbidsFailsAndTheNextIsDone() {
        run("strict", client -> {
            byte[] bytes = new byte[BYTES];
            Arrays.fill(bytes, 0, 64, (byte) 7);
            long address = share(client, bytes);
            long dma = client.dma().mapSingle(address, BYTES, Direction.BIDIRECTIONAL);
            List<DmaResult> results = new ArrayList<>();
            Completion last = new Completion("the last copy");
            client.channel().submit(dma + 128, 0x7000_0000_0000L, 64, PrepFlags.NONE, results::add);
            client.channel().submit(0x7000_0000_0000L, dma, 64, PrepFlags.NONE, results::add);
            client.channel().submit(dma + 256, dma, 64, PrepFlags.INTERRUPT, result -> {
                results.add(result);
                last.complete();
            });
            client.channel().issuePending();
            client.cpu().await(last);
            client.dma().unmapSingle(dma, BYTES, Direction.BIDIRECTIONAL);
            client.cpu().loadBytes(address, bytes, 0, BYTES);
            assertThat(Arrays.copyOfRange(bytes, 128, 192)).containsOnly(0);
            assertThat(Arrays.copyOfRange(bytes, 256, 320)).containsOnly(7);
            assertThat(results.getFirst()).isEqualTo(new DmaResult(Outcome.READ_FAILED, 64));
            // A posted write that the IOMMU forbids has no answer: the engine cannot know.
            assertThat(results.get(1)).isEqualTo(new DmaResult(Outcome.NOERROR, 0));
            assertThat(results.get(2)).isEqualTo(new DmaResult(Outcome.NOERROR, 0));
        });
    }
}
