package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Completion;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.dma.CoherentBuffer;
import flyby.dma.Dma;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.pci.PciDevice;
import flyby.sim.Simulation;
import flyby.topology.MachineDescription;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Intel's engine on whole machines, programmed register by register as Linux's ioatdma does it (offsets and values are
/// typed in from there), against an array of bytes.
final class IoatOnMachineTest {
    private static final int ENTRIES = 16;
    private static final int DATA = 2_048;
    private static final int BYTES = 64 << 10;
    private static final int RUN = 0x1d;
    private static final int INT_EN = 1;
    private static final int COMPL_WRITE = 8;
    private static final int NULL = 0x20;
    private static final int DONE = 1;

    private static MachineDescription machine(String iommu) {
        String slot = "root-ports.slot0.functions.";
        List<Given> givens = new ArrayList<>();
        for (String change : List.of("iommu.mode=" + iommu, slot + "sg0=none", slot + "ioat0.device=ioat")) {
            String[] parts = change.split("=", 2);
            givens.add(new Given(parts[0], parts[1], Origin.commandLine(parts[0])));
        }
        return MachineLibrary.modern("server-sgdma", givens);
    }

    /// A channel as a driver holds it. What it shares with the engine: ring, completion at 1,024, data behind.
    private static final class Channel {
        final Kernel kernel;
        final IoMemory registers;
        final CoherentBuffer shared;
        final int base;
        int head;
        Completion interrupt = new Completion("the channel's interrupt");

        Channel(PciDevice device, int index) {
            kernel = device.kernel();
            registers = Objects.requireNonNull(device.map(0));
            shared = Objects.requireNonNull(device.dma().allocCoherent(BYTES));
            base = 0x80 * (index + 1);
            kernel.interrupts().request(device.vector(index), "channel " + index, () -> {
                interrupt.complete();
                return Result.HANDLED;
            });
        }

        void allocate() {
            registers.write8(0x03, 0x09);
            registers.write8(base + 0x04, 0x20);
            registers.write16(base, RUN);
            registers.write32(base + 0x18, (shared.dmaAddress() + 1_024) & 0xffff_ffffL);
            registers.write32(base + 0x1c, (shared.dmaAddress() + 1_024) >>> 32);
            for (int i = 0; i < ENTRIES; i++) {
                kernel.cpu().store64(shared.cpuAddress() + 64L * i + 24, place(i + 1));
            }
            submit(0, 0, 1, NULL | INT_EN | COMPL_WRITE);
            registers.write32(base + 0x10, place(0) & 0xffff_ffffL);
            registers.write32(base + 0x14, place(0) >>> 32);
            issueAndWait();
        }

        long place(int index) {
            return shared.dmaAddress() + 64L * (index % ENTRIES);
        }

        void submit(long source, long destination, int byteCount, int control) {
            long at = shared.cpuAddress() + 64L * (head % ENTRIES);
            kernel.cpu().store32(at, byteCount);
            kernel.cpu().store32(at + 4, control);
            kernel.cpu().store64(at + 8, source);
            kernel.cpu().store64(at + 16, destination);
            head++;
        }

        void issueAndWait() {
            kernel.cpu().dmaWriteBarrier();
            registers.write16(base + 0x06, head & 0xffff);
            kernel.cpu().await(interrupt);
            assertThat(kernel.cpu().load64(shared.cpuAddress() + 1_024)).isEqualTo(place(head - 1) | DONE);
            interrupt = new Completion("the channel's interrupt");
            registers.write16(base, RUN);
        }
    }

    private static void copies(Choices choices, Channel channel) {
        byte[] expected = new byte[BYTES - DATA];
        new SplittableRandom(5).nextBytes(expected);
        channel.kernel.cpu().storeBytes(channel.shared.cpuAddress() + DATA, expected, 0, expected.length);
        long data = channel.shared.dmaAddress() + DATA;
        for (int round = 0; round < 4; round++) {
            int count = (int) choices.between(1, ENTRIES - 1);
            for (int i = 0; i < count; i++) {
                int length = (int) choices.between(1, choices.pick(3_000, 1, 100));
                int half = expected.length / 2;
                int source = (int) choices.below(half - length);
                int destination = half + (int) choices.below(half - length);
                boolean isLast = i == count - 1;
                channel.submit(data + source, data + destination, length, isLast ? INT_EN | COMPL_WRITE : 0);
                System.arraycopy(expected, source, expected, destination, length);
            }
            channel.issueAndWait();
        }
        byte[] seen = new byte[expected.length];
        channel.kernel.cpu().loadBytes(channel.shared.cpuAddress() + DATA, seen, 0, seen.length);
        assertThat(Arrays.mismatch(seen, expected)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "strict"})
    void doesWhatAnArrayDoes(String iommu) {
        Property.check(15, choices -> {
            Simulation simulation = new Simulation(1, Trace.off());
            PcieMachine machine = new PcieMachine(simulation, machine(iommu));
            boolean[] isOver = new boolean[1];
            machine.cpu().run(cpu -> {
                KernelSetup setup = new KernelSetup(machine, cpu);
                PciDevice device = setup.pci(machine.device("ioat0"));
                assertThat(device.enable()).isZero();
                assertThat(device.dma().setMaskAndCoherent(Dma.bitMask(64))).isZero();
                device.setMaster();
                for (int index : new int[] {0, 3}) {
                    Channel channel = new Channel(device, index);
                    channel.allocate();
                    copies(choices, channel);
                }
                assertThat(setup.kernel().log().warnings()).isEmpty();
                isOver[0] = true;
                simulation.stop();
            });
            simulation.run();
            assertThat(isOver[0]).as("%s", machine.waiting()).isTrue();
        });
    }
}
