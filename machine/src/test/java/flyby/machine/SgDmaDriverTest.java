package flyby.machine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.Scatterlist;
import flyby.dmaengine.DmaChan;
import flyby.dmaengine.DmaDescriptor;
import flyby.dmaengine.DmaResult;
import flyby.dmaengine.DmaStatus;
import flyby.dmaengine.InterleavedTemplate;
import flyby.dmaengine.PrepFlags;
import flyby.dmaengine.SgDmaDriver;
import flyby.dmaengine.TxState;
import flyby.kernel.KernelMemory;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.pci.PciDevice;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.topology.MachineDescription;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The engine's driver on whole machines, against loops over an array of bytes: whatever clients ask for, with pauses,
/// terminations and errors in between, with and without an IOMMU, with caches that are asked and caches that are not.
final class SgDmaDriverTest {
    private static final int ORDER = 4;
    private static final int BYTES = KernelMemory.PAGE_BYTES << ORDER;
    private static final int UNIT = 512;

    private static MachineDescription description(String name, String... changes) {
        List<Given> givens = new ArrayList<>();
        for (String change : changes) {
            String[] parts = change.split("=", 2);
            givens.add(new Given(parts[0], parts[1], Origin.commandLine(parts[0])));
        }
        return MachineLibrary.modern(name, givens);
    }

    private static MachineDescription machine(String kind) {
        String slot = "root-ports.slot0.functions";
        String link = "root-ports.slot0.link";
        return switch (kind) {
            case "off" -> description("server-sgdma");
            case "strict" -> description("server-sgdma", "iommu.mode=strict");
            case "lazy" -> description("server-sgdma", "iommu.mode=lazy");
            case "narrow" -> description("server-sgdma", slot + ".sg0.sg.window=2");
            case "slow" -> description("server-sgdma", link + ".generation=gen1", link + ".width=x1");
            default -> description("board-arm", slot + "=none", slot + ".sg0.device=sg-dma");
        };
    }

    /// What a client on the first core has.
    private record Client(Cpu cpu, KernelSetup setup, PciDevice device, Dma dma, List<DmaChan> channels) {}

    private static String run(MachineDescription description, Consumer<Client> body) {
        HashSink hash = new HashSink();
        Simulation simulation = new Simulation(1, Trace.to(List.of(hash)));
        PcieMachine machine = new PcieMachine(simulation, description);
        boolean[] isOver = new boolean[1];
        machine.cpu().run(cpu -> {
            KernelSetup setup = new KernelSetup(machine, cpu);
            PciDevice device = setup.pci(machine.device("sg0"));
            SgDmaDriver driver = new SgDmaDriver(500);
            assertThat(device.bind(driver)).isZero();
            body.accept(new Client(cpu, setup, device, device.dma(), SgDmaDriver.channels(device)));
            device.unbind();
            assertThat(setup.kernel().log().warnings()).isEmpty();
            isOver[0] = true;
            simulation.stop();
        });
        simulation.run();
        assertThat(isOver[0]).as("%s", machine.waiting()).isTrue();
        return hash.text();
    }

    /// Memory that a client shares with the engine, and what must be in it.
    private static final class Shared {
        final Client client;
        final long address;
        final long dma;
        final byte[] expected = new byte[BYTES];

        Shared(Client client, long seed) {
            this.client = client;
            address = client.setup().kernel().memory().allocatePages(ORDER, KernelMemory.Zone.NORMAL, "test");
            new SplittableRandom(seed).nextBytes(expected);
            client.cpu().storeBytes(address, expected, 0, BYTES);
            dma = client.dma().mapSingle(address, BYTES, Direction.BIDIRECTIONAL);
            assertThat(client.dma().mappingError(dma)).isZero();
        }

        /// The bytes that the CPU sees.
        byte[] look() {
            byte[] bytes = new byte[BYTES];
            client.dma().syncSingleForCpu(dma, BYTES, Direction.BIDIRECTIONAL);
            client.cpu().loadBytes(address, bytes, 0, BYTES);
            client.dma().syncSingleForDevice(dma, BYTES, Direction.BIDIRECTIONAL);
            return bytes;
        }

        void check() {
            byte[] bytes = look();
            assertThat(Arrays.mismatch(bytes, expected)).isEqualTo(-1);
        }

        void unmap() {
            client.dma().unmapSingle(dma, BYTES, Direction.BIDIRECTIONAL);
        }
    }

    /// A request as the engine's client and the loops know it: pieces from, to, length; from -1: fill with 0x5a.
    private record Request(DmaDescriptor descriptor, List<int[]> pieces) {
        void apply(byte[] bytes) {
            for (int[] piece : pieces) {
                for (int done = 0; done < piece[2]; done += UNIT) {
                    int count = Math.min(UNIT, piece[2] - done);
                    if (piece[0] < 0) {
                        Arrays.fill(bytes, piece[1] + done, piece[1] + done + count, (byte) 0x5a);
                    } else {
                        byte[] unit = Arrays.copyOfRange(bytes, piece[0] + done, piece[0] + done + count);
                        System.arraycopy(unit, 0, bytes, piece[1] + done, count);
                    }
                }
            }
        }
    }

    private static Request request(Choices choices, Shared shared, DmaChan channel) {
        long flags = PrepFlags.INTERRUPT | PrepFlags.FENCE;
        long dma = shared.dma;
        int half = BYTES / 2;
        return switch ((int) choices.below(4)) {
            case 0 -> {
                int length = (int) choices.below(5_000);
                int from = (int) choices.below(BYTES - length);
                int to = (int) choices.below(BYTES - length);
                DmaDescriptor made = channel.prepMemcpy(dma + to, dma + from, length, flags | PrepFlags.ORDERED);
                yield new Request(requireNonNull(made), List.of(new int[] {from, to, length}));
            }
            case 1 -> {
                int length = (int) choices.below(3_000);
                int to = (int) choices.below(BYTES - length);
                DmaDescriptor made = channel.prepMemset(dma + to, 0x5a, length, flags);
                yield new Request(requireNonNull(made), List.of(new int[] {-1, to, length}));
            }
            case 2 -> {
                // The list lies in one half, what is gathered goes to the other.
                int count = (int) choices.between(1, 8);
                Scatterlist list = new Scatterlist(count);
                List<int[]> pieces = new ArrayList<>();
                int at = half + (int) choices.below(100);
                for (int i = 0; i < count; i++) {
                    int length = (int) choices.between(1, 900);
                    int from = (int) choices.below(half - length);
                    list.set(i, shared.address + from, length);
                    pieces.add(new int[] {from, at, length});
                    at += length;
                }
                int mapped = shared.client.dma().mapSg(list, count, Direction.TO_DEVICE, 0);
                assertThat(mapped).isPositive();
                long to = dma + pieces.getFirst()[1];
                yield new Request(requireNonNull(channel.prepGather(to, list, mapped, flags)), pieces);
            }
            default -> {
                int frames = (int) choices.below(12);
                int length = (int) choices.below(300);
                int other = (int) choices.below(100);
                int gap = (int) choices.below(50);
                int from = (int) choices.below(half - frames * (length + other + 100));
                int to = half + (int) choices.below(half - frames * (length + other + 100));
                InterleavedTemplate template = new InterleavedTemplate(
                        dma + from,
                        dma + to,
                        frames,
                        List.of(
                                new InterleavedTemplate.Chunk(length, gap, 0),
                                new InterleavedTemplate.Chunk(other, 0, 2 * gap)));
                List<int[]> pieces = new ArrayList<>();
                for (int i = 0; i < frames; i++) {
                    int source = from + i * (length + gap + other);
                    int destination = to + i * (length + other + 2 * gap);
                    pieces.add(new int[] {source, destination, length});
                    pieces.add(new int[] {source + length + gap, destination + length, other});
                }
                yield new Request(requireNonNull(channel.prepInterleaved(template, flags)), pieces);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "strict", "lazy", "arm"})
    void clientsGetWhatLoopsGive(String kind) {
        MachineDescription description = machine(kind);
        Property.check(
                kind.equals("off") ? 100 : 40,
                choices -> run(description, client -> {
                    Shared shared = new Shared(client, 3);
                    DmaChan channel = client.channels().getFirst();
                    int rounds = (int) choices.between(1, 4);
                    for (int round = 0; round < rounds; round++) {
                        switch ((int) choices.below(4)) {
                            case 0, 1 -> all(choices, shared, channel);
                            case 2 -> terminated(choices, shared, channel);
                            default -> withError(choices, shared, channel);
                        }
                        shared.check();
                    }
                    shared.unmap();
                }));
    }

    /// Some requests, perhaps with a pause, until all are called back.
    private static void all(Choices choices, Shared shared, DmaChan channel) {
        int count = (int) choices.between(1, 10);
        Completion done = new Completion("all requests");
        List<Integer> order = new ArrayList<>();
        List<Integer> cookies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Request request = request(choices, shared, channel);
            int number = i;
            cookies.add(request.descriptor
                    .callback(result -> {
                        assertThat(result).isEqualTo(new DmaResult(DmaResult.Outcome.NOERROR, 0));
                        order.add(number);
                        if (order.size() == count) {
                            done.complete();
                        }
                    })
                    .submit());
            request.apply(shared.expected);
            if (choices.chance(1, 2)) {
                channel.issuePending();
            }
        }
        channel.issuePending();
        if (choices.chance(1, 3)) {
            shared.client.cpu().delay(choices.below(5) * Time.MICROSECOND);
            assertThat(channel.pause()).isZero();
            byte[] before = shared.look();
            shared.client.cpu().delay(20 * Time.MICROSECOND);
            assertThat(shared.look()).isEqualTo(before);
            TxState state = channel.txStatus(cookies.getLast());
            assertThat(state.status()).isIn(DmaStatus.PAUSED, DmaStatus.COMPLETE);
            channel.resume();
        }
        shared.client.cpu().await(done);
        assertThat(order).isSorted().hasSize(count);
        for (int cookie : cookies) {
            assertThat(channel.txStatus(cookie)).isEqualTo(new TxState(DmaStatus.COMPLETE, 0));
        }
    }

    /// Some requests that are given up: what was called back is done, and nothing is written later.
    private static void terminated(Choices choices, Shared shared, DmaChan channel) {
        int count = (int) choices.between(1, 10);
        boolean[] isDone = new boolean[count];
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Request request = request(choices, shared, channel);
            int number = i;
            request.descriptor.callback(_ -> isDone[number] = true).submit();
            requests.add(request);
        }
        channel.issuePending();
        shared.client.cpu().delay(choices.below(8_000) * Time.NANOSECOND);
        assertThat(channel.terminateAll()).isZero();
        boolean[] wasDone = isDone.clone();
        byte[] at = shared.look();
        shared.client.cpu().delay(30 * Time.MICROSECOND);
        assertThat(shared.look()).isEqualTo(at);
        assertThat(isDone).isEqualTo(wasDone);
        for (int i = 0; i < count; i++) {
            if (isDone[i]) {
                requests.get(i).apply(shared.expected);
            }
        }
        for (int i = 0; i < count; i++) {
            for (int[] piece : isDone[i] ? List.<int[]>of() : requests.get(i).pieces) {
                System.arraycopy(at, piece[1], shared.expected, piece[1], piece[2]);
            }
        }
    }

    /// One request in the middle goes to where nothing is.
    private static void withError(Choices choices, Shared shared, DmaChan channel) {
        long nowhere = 0x7f_ffff_0000L;
        int before = (int) choices.below(4);
        int after = (int) choices.between(1, 4);
        List<DmaResult.Outcome> outcomes = new ArrayList<>();
        Completion done = new Completion("all requests, one of them in vain");
        int count = before + 1 + after;
        Consumer<DmaResult> callback = result -> {
            outcomes.add(result.outcome());
            if (outcomes.size() == count) {
                done.complete();
            }
        };
        boolean isRead = choices.chance(1, 2);
        int bad = 0;
        for (int i = 0; i < count; i++) {
            if (i == before && isRead) {
                // Its destination keeps what it has.
                DmaDescriptor made = channel.prepMemcpy(shared.dma, nowhere, 100, PrepFlags.INTERRUPT);
                bad = requireNonNull(made).callback(callback).submit();
            } else if (i == before) {
                DmaDescriptor made = channel.prepMemcpy(nowhere, shared.dma, 100, PrepFlags.INTERRUPT);
                bad = requireNonNull(made).callback(callback).submit();
            } else {
                Request request = request(choices, shared, channel);
                request.descriptor.callback(callback).submit();
                request.apply(shared.expected);
            }
        }
        channel.issuePending();
        if (isRead) {
            shared.client.cpu().await(done);
            assertThat(outcomes.get(before)).isEqualTo(DmaResult.Outcome.READ_FAILED);
            assertThat(channel.txStatus(bad).status()).isEqualTo(DmaStatus.ERROR);
        } else {
            // A posted write is not answered: the engine does not hear of it. PCI Express, section 2.3.1.
            shared.client.cpu().await(done);
        }
        assertThat(outcomes).hasSize(count);
    }

    /// With a link on which a period takes longer than its interrupt: else nobody would get to terminate it.
    @ParameterizedTest
    @ValueSource(strings = {"slow", "arm"})
    void roundAndRoundUntilItIsTerminated(String kind) {
        run(machine(kind), client -> {
            Shared shared = new Shared(client, 4);
            DmaChan channel = client.channels().get(1);
            Completion ninth = new Completion("nine periods");
            int[] periods = new int[1];
            DmaDescriptor cyclic = requireNonNull(
                    channel.prepCyclic(shared.dma + BYTES / 2, shared.dma, 32_768, 8_192, PrepFlags.INTERRUPT));
            int cookie = cyclic.callback(_ -> {
                        periods[0]++;
                        if (periods[0] == 9) {
                            ninth.complete();
                        }
                    })
                    .submit();
            channel.issuePending();
            client.cpu().await(ninth);
            assertThat(channel.pause()).isZero();
            TxState state = channel.txStatus(cookie);
            assertThat(state.status()).isEqualTo(DmaStatus.PAUSED);
            assertThat(state.residue()).isBetween(1L, 32_768L);
            channel.resume();
            assertThat(channel.terminateAll()).isZero();
            System.arraycopy(shared.expected, 0, shared.expected, BYTES / 2, 32_768);
            shared.check();
            assertThat(channel.freeDescriptors()).isEqualTo(500);
            client.cpu().delay(50 * Time.MICROSECOND);
            shared.check();
            // And then something else.
            all(Choices.seeded(5), shared, channel);
            shared.check();
            shared.unmap();
        });
    }

    @Test
    void theResidueAfterAPauseIsWhatIsMissing() {
        run(machine("narrow"), client -> {
            Shared shared = new Shared(client, 6);
            DmaChan channel = client.channels().getFirst();
            int length = BYTES / 2;
            DmaDescriptor copy =
                    requireNonNull(channel.prepMemcpy(shared.dma + length, shared.dma, length, PrepFlags.INTERRUPT));
            int cookie = copy.submit();
            assertThat(channel.txStatus(cookie)).isEqualTo(new TxState(DmaStatus.IN_PROGRESS, length));
            channel.issuePending();
            client.cpu().delay(10 * Time.MICROSECOND);
            assertThat(channel.pause()).isZero();
            int residue = (int) channel.txStatus(cookie).residue();
            assertThat(residue).isBetween(1, length - 1);
            System.arraycopy(shared.expected, 0, shared.expected, length, length - residue);
            shared.check();
            assertThat(channel.terminateAll()).isZero();
            shared.check();
            shared.unmap();
        });
    }

    @Test
    void noRoomIsNull() {
        run(machine("off"), client -> {
            DmaChan channel = client.channels().getFirst();
            Scatterlist list = new Scatterlist(501);
            for (int i = 0; i < 501; i++) {
                list.set(i, 0x10_0000, 1);
            }
            int mapped = client.dma().mapSg(list, 501, Direction.TO_DEVICE, 0);
            assertThat(channel.prepGather(0x20_0000, list, mapped, 0)).isNull();
            assertThat(channel.prepCyclic(0, 0, 100, 33, 0)).isNull();
            assertThat(channel.freeDescriptors()).isEqualTo(500);
        });
    }

    @Test
    void equalRunsLeaveEqualTraces() {
        Consumer<Client> body = client -> {
            Shared shared = new Shared(client, 7);
            all(Choices.seeded(1), shared, client.channels().getFirst());
            terminated(Choices.seeded(2), shared, client.channels().get(2));
            shared.unmap();
        };
        assertThat(run(machine("strict"), body)).isEqualTo(run(machine("strict"), body));
    }
}
