package flyby.machine;

import static flyby.nvme.layout.NvmeRegisters.ACQ;
import static flyby.nvme.layout.NvmeRegisters.AQA;
import static flyby.nvme.layout.NvmeRegisters.ASQ;
import static flyby.nvme.layout.NvmeRegisters.CC;
import static flyby.nvme.layout.NvmeRegisters.headDoorbell;
import static flyby.nvme.layout.NvmeRegisters.tailDoorbell;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.Transaction;
import flyby.dma.Scatterlist;
import flyby.kernel.Errno;
import flyby.kernel.KernelMemory;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeStatus;
import flyby.nvme.layout.QueueEntries;
import flyby.nvmehost.Exercise;
import flyby.nvmehost.Exercise.Kind;
import flyby.nvmehost.Exercise.Step;
import flyby.nvmehost.NvmeDriver;
import flyby.nvmehost.NvmeNamespace;
import flyby.nvmehost.NvmeRequest;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Settings;
import flyby.pci.PciDevice;
import flyby.sim.Alarm;
import flyby.sim.Prng;
import flyby.sim.Simulation;
import flyby.topology.FunctionCatalogue;
import flyby.topology.MachineDescription;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The drive's driver on whole machines: the same bytes and completions as on a bench, whatever the IOMMU, the link and
/// the caches are like.
final class NvmeDriverTest {
    private static final int STEPS = 120;
    private static final int DRIVE_BYTES = 8 << 20;
    private static final int BYTES_MAX = 64 << 10;
    private static final int ORDER = 5;
    private static final int BUFFER_BYTES = KernelMemory.PAGE_BYTES << ORDER;

    /// What a step gave: with which status it ended, and a sum of what it read.
    private record Outcome(int status, int bytes) {}

    private static MachineDescription machine(String kind) {
        String slot = "root-ports.slot0.functions.nvme0.";
        List<String> changes = switch (kind) {
            case "strict" -> List.of("iommu.mode=strict");
            case "slow" -> List.of("root-ports.slot0.link.generation=gen1", "root-ports.slot0.link.width=x1");
            case "4096" -> List.of(slot + "nvme.block=4096", slot + "nvme.read-latency=0 ns");
            case "arm" -> List.of("root-ports.slot0.functions=none", slot + "device=nvme", slot + "nvme.queues=4");
            default -> List.of();
        };
        List<Given> givens = new ArrayList<>();
        for (String change : changes) {
            String[] parts = change.split("=", 2);
            givens.add(new Given(parts[0], parts[1], Origin.commandLine(parts[0])));
        }
        givens.add(new Given(slot + "nvme.size", "8 MiB", Origin.commandLine("size")));
        return MachineLibrary.modern(kind.equals("arm") ? "board-arm" : "server-nvme", givens);
    }

    /// What a client on the first core has.
    private record Client(Cpu cpu, KernelMemory memory, NvmeNamespace drive) {}

    private static String run(MachineDescription description, BiConsumer<Client, PcieMachine> body) {
        HashSink hash = new HashSink();
        Simulation simulation = new Simulation(1, Trace.to(List.of(hash)));
        PcieMachine machine = new PcieMachine(simulation, description);
        boolean[] isOver = new boolean[1];
        machine.cpu().run(cpu -> {
            KernelSetup setup = new KernelSetup(machine, cpu);
            PciDevice device = setup.pci(machine.device("nvme0"));
            assertThat(device.bind(new NvmeDriver(2, 16))).isZero();
            body.accept(new Client(cpu, setup.kernel().memory(), NvmeDriver.namespace(device)), machine);
            device.unbind();
            assertThat(setup.kernel().log().warnings()).isEmpty();
            isOver[0] = true;
            simulation.stop();
        });
        simulation.run();
        assertThat(isOver[0]).as("%s", machine.waiting()).isTrue();
        return hash.text();
    }

    /// Data in one piece, in pages that stand in the wrong order, or in odd pieces that PRPs cannot describe.
    private static Scatterlist scatter(long address, int byteCount, int form) {
        int page = KernelMemory.PAGE_BYTES;
        if (form == 0) {
            Scatterlist one = new Scatterlist(1);
            one.set(0, address + 64, byteCount);
            return one;
        }
        int part = form == 1 ? page : 1_000;
        int count = Math.ceilDiv(byteCount, part);
        Scatterlist list = new Scatterlist(count);
        for (int i = 0; i < count; i++) {
            int place = form == 1 ? count - 1 - i : i;
            int bytes = Math.min(part, byteCount - i * part);
            list.set(i, address + (long) place * (form == 1 ? page : part + 8), bytes);
        }
        return list;
    }

    private static void copy(Cpu cpu, Scatterlist list, byte[] bytes, boolean toMemory) {
        int at = 0;
        for (int i = 0; i < list.count(); i++) {
            if (toMemory) {
                cpu.storeBytes(list.address(i), bytes, at, list.length(i));
            } else {
                cpu.loadBytes(list.address(i), bytes, at, list.length(i));
            }
            at += list.length(i);
        }
    }

    private static List<Outcome> onMachine(String kind, int blockBytes) {
        List<Outcome> outcomes = new ArrayList<>();
        run(machine(kind), (client, machine) -> {
            NvmeNamespace drive = client.drive();
            assertThat(drive.blockBytes()).isEqualTo(blockBytes);
            assertThat(drive.blocks()).isEqualTo(DRIVE_BYTES / blockBytes);
            assertThat(drive.queueCount()).isEqualTo(2);
            assertThat(drive.transferBytesMax()).isEqualTo(512 << 10);
            long buffer = client.memory().allocatePages(ORDER, KernelMemory.Zone.NORMAL, "test");
            int number = 0;
            for (Step step : steps(blockBytes)) {
                // A machine whose caches nobody asks must not have odd pieces that share lines.
                int form = kind.equals("arm") ? number % 2 : number % 3;
                outcomes.add(run(client, step, buffer, form, number % 2));
                number++;
            }
        });
        return outcomes;
    }

    private static List<Step> steps(int blockBytes) {
        return Exercise.steps(7, STEPS, DRIVE_BYTES / blockBytes, blockBytes, BYTES_MAX);
    }

    private static Outcome run(Client client, Step step, long buffer, int form, int queue) {
        Scatterlist data = scatter(buffer, step.data().length, form);
        boolean isRead = step.kind() == Kind.READ;
        if (!isRead) {
            copy(client.cpu(), data, step.data(), true);
        }
        NvmeRequest request = switch (step.kind()) {
            case READ -> NvmeRequest.read(step.block(), step.count(), data);
            case WRITE -> NvmeRequest.write(step.block(), step.count(), data);
            case WRITE_THROUGH -> NvmeRequest.writeThrough(step.block(), step.count(), data);
            case COMPARE -> NvmeRequest.compare(step.block(), step.count(), data);
            case WRITE_ZEROES -> NvmeRequest.writeZeroes(step.block(), step.count());
            case FLUSH -> NvmeRequest.flush();
        };
        client.drive().execute(queue, request);
        byte[] bytes = new byte[step.data().length];
        if (isRead) {
            copy(client.cpu(), data, bytes, false);
            assertThat(Arrays.equals(bytes, step.data())).as("%s", step.block()).isTrue();
        }
        assertThat(request.status() & NvmeStatus.CODE_MASK).isEqualTo(step.code());
        return new Outcome(request.status(), Arrays.hashCode(bytes));
    }

    /// The same drive on a bench, driven entry by entry.
    private static final class Bench implements DeviceHost {
        private static final int MEMORY_BYTES = 1 << 20;
        private static final int LIST = 0x8000;
        private static final int DATA = 0x1_0000;

        private final Simulation simulation = new Simulation(0, Trace.off());
        private final byte[] memory = new byte[MEMORY_BYTES];
        private final Device drive;
        private final int[] tails = new int[2];

        Bench(int blockBytes) {
            List<Given> givens = List.of(
                    new Given("device", "nvme", Origin.commandLine("device")),
                    new Given("nvme.queues", "4", Origin.commandLine("queues")),
                    new Given("nvme.size", "8 MiB", Origin.commandLine("size")),
                    new Given("nvme.block", Integer.toString(blockBytes), Origin.commandLine("block")));
            Settings settings = Settings.resolve(FunctionCatalogue.PARAMETERS, List.of(), List.of(), givens);
            drive = DeviceShelf.make("nvme0", settings, this);
            drive.writeRegister(0, AQA, 4, 0x003f_003f);
            drive.writeRegister(0, ASQ, 8, 0x1000);
            drive.writeRegister(0, ACQ, 8, 0x2000);
            drive.writeRegister(0, CC, 4, 0x46_0001);
            admin(NvmeOpcodes.CREATE_IO_CQ, 0x4000);
            admin(NvmeOpcodes.CREATE_IO_SQ, 0x3000);
        }

        private void admin(int opcode, long address) {
            Outcome created = command(0, opcode, 0, address, 0, 63 << 16 | 1, 1 << 16 | 1, 0);
            assertThat(created.status()).isZero();
        }

        private Outcome command(int queue, int opcode, int nsid, long dptr1, long dptr2, int... dwords) {
            int slot = tails[queue] % 64;
            boolean phase = tails[queue] / 64 % 2 == 0;
            tails[queue]++;
            int at = (queue == 0 ? 0x1000 : 0x3000) + 64 * slot;
            LittleEndian.put(opcode | slot << 16, memory, at, 4);
            LittleEndian.put(nsid, memory, at + QueueEntries.NSID, 4);
            LittleEndian.put(dptr1, memory, at + QueueEntries.DPTR1, 8);
            LittleEndian.put(dptr2, memory, at + QueueEntries.DPTR2, 8);
            for (int i = 0; i < 3; i++) {
                LittleEndian.put(dwords[i], memory, at + QueueEntries.CDW10 + 4 * i, 4);
            }
            drive.writeRegister(0, tailDoorbell(queue), 4, tails[queue] % 64);
            simulation.run();
            long second = LittleEndian.get(memory, (queue == 0 ? 0x2000 : 0x4000) + 16 * slot + 8, 8);
            assertThat(QueueEntries.PHASE.isSet(second)).isEqualTo(phase);
            drive.writeRegister(0, headDoorbell(queue), 4, tails[queue] % 64);
            return new Outcome((int) QueueEntries.STATUS.of(second), 0);
        }

        Outcome run(Step step) {
            int byteCount = step.data().length;
            System.arraycopy(step.data(), 0, memory, DATA, byteCount);
            boolean isRead = step.kind() == Kind.READ;
            if (isRead) {
                Arrays.fill(memory, DATA, DATA + byteCount, (byte) 0xcc);
            }
            for (int i = 1; i < 128; i++) {
                LittleEndian.put(DATA + 4096L * i, memory, LIST + 8 * (i - 1), 8);
            }
            int opcode = switch (step.kind()) {
                case READ -> NvmeOpcodes.READ;
                case WRITE, WRITE_THROUGH -> NvmeOpcodes.WRITE;
                case COMPARE -> NvmeOpcodes.COMPARE;
                case WRITE_ZEROES -> NvmeOpcodes.WRITE_ZEROES;
                case FLUSH -> NvmeOpcodes.FLUSH;
            };
            int control = (step.kind() == Kind.WRITE_THROUGH ? 1 << 30 : 0) | (step.count() - 1);
            long second = byteCount > 8192 ? LIST : DATA + 4096;
            Outcome ended = command(1, opcode, 1, DATA, second, (int) step.block(), 0, control);
            byte[] bytes = isRead ? Arrays.copyOfRange(memory, DATA, DATA + byteCount) : new byte[byteCount];
            return new Outcome(ended.status(), Arrays.hashCode(bytes));
        }

        @Override
        public long nowPicos() {
            return simulation.nowPicos();
        }

        @Override
        public Alarm alarm(String name, Runnable action) {
            return simulation.event(name, action);
        }

        @Override
        public void submit(Transaction transaction) {
            transaction.accept();
            int address = (int) transaction.iova();
            if (transaction.kind() == Transaction.Kind.WRITE) {
                System.arraycopy(transaction.data(), 0, memory, address, transaction.byteCount());
            } else {
                System.arraycopy(memory, address, transaction.data(), 0, transaction.byteCount());
            }
            transaction.complete(Transaction.Status.SUCCESS);
        }

        @Override
        public void interrupt(int vector, boolean asserted) {
            // It looks by itself.
        }

        @Override
        public long currentTransfer() {
            return 0;
        }

        @Override
        public Trace trace() {
            return simulation.trace();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "strict", "slow", "4096", "arm"})
    void givesTheSameAsOnABench(String kind) {
        int blockBytes = kind.equals("4096") ? 4_096 : 512;
        List<Outcome> onBench = new ArrayList<>();
        Bench bench = new Bench(blockBytes);
        for (Step step : steps(blockBytes)) {
            onBench.add(bench.run(step));
        }
        assertThat(onMachine(kind, blockBytes)).isEqualTo(onBench);
    }

    /// Many requests under way, in two queues.
    @Test
    void keepsManyRequestsApart() {
        run(machine("plain"), (client, machine) -> {
            NvmeNamespace drive = client.drive();
            long buffer = client.memory().allocatePages(ORDER, KernelMemory.Zone.NORMAL, "test");
            byte[] bytes = new byte[BUFFER_BYTES];
            Prng random = new Prng(3);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) random.nextLong();
            }
            client.cpu().storeBytes(buffer, bytes, 0, bytes.length);
            int count = BUFFER_BYTES / 4096;
            for (boolean isWrite : new boolean[] {true, false}) {
                if (!isWrite) {
                    client.cpu().storeBytes(buffer, new byte[BUFFER_BYTES], 0, BUFFER_BYTES);
                }
                List<NvmeRequest> requests = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    Scatterlist data = new Scatterlist(1);
                    data.set(0, buffer + 4096L * i, 4096);
                    NvmeRequest request =
                            isWrite ? NvmeRequest.write(8L * i, 8, data) : NvmeRequest.read(8L * i, 8, data);
                    int error = drive.queue(i % 2, request);
                    if (error == -Errno.EBUSY) {
                        drive.commit(0);
                        drive.commit(1);
                        drive.await(requests.get(requests.size() - 1));
                        drive.await(requests.get(requests.size() - 2));
                        error = drive.queue(i % 2, request);
                    }
                    assertThat(error).isZero();
                    requests.add(request);
                }
                drive.commit(0);
                drive.commit(1);
                requests.forEach(request -> assertThat(drive.await(request)).isZero());
            }
            byte[] read = new byte[BUFFER_BYTES];
            client.cpu().loadBytes(buffer, read, 0, BUFFER_BYTES);
            assertThat(Arrays.mismatch(read, bytes)).isEqualTo(-1);
            assertThat(drive.interruptCount())
                    .as("fewer interrupts than requests")
                    .isLessThan(2L * count);
        });
    }

    @Test
    void isTheSameEveryTime() {
        String first = run(machine("plain"), (client, machine) -> client.drive().execute(0, NvmeRequest.flush()));
        String second =
                run(machine("plain"), (client, machine) -> client.drive().execute(0, NvmeRequest.flush()));
        assertThat(second).isEqualTo(first);
    }
}
