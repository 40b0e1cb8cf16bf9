package flyby.machine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.base.LabException;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.Attributes;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dmaengine.DmaChan;
import flyby.dmaengine.PrepFlags;
import flyby.dmaengine.SgDmaDriver;
import flyby.driver.CopyEngineDriver;
import flyby.driver.RingDriver;
import flyby.fault.FaultPlan;
import flyby.fault.Faults;
import flyby.kernel.KernelMemory;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.pci.PciDevice;
import flyby.record.Recorder;
import flyby.record.RecordingReader;
import flyby.record.RecordingSource;
import flyby.record.Replay;
import flyby.record.ReplayResult;
import flyby.sim.Simulation;
import flyby.topology.MachineDescription;
import flyby.topology.Seams;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What each driver makes of each fault at the seam of its device, on a whole machine, and that a device which has been
/// recorded there does the same again, faults and all.
final class FaultsAtDriversTest {
    private static final int BYTES = 2048;

    /// Long after the last time-out that anybody has.
    private static final long PATIENCE_PICOS = 300_000_000_000L;

    private static MachineDescription description(String name, String... changes) {
        List<Given> givens = new ArrayList<>();
        for (String change : changes) {
            String[] parts = change.split("=", 2);
            givens.add(new Given(parts[0], parts[1], Origin.commandLine(parts[0])));
        }
        return MachineLibrary.modern(name, givens);
    }

    /// What a program has, and what it says in the end.
    private interface Program {
        String run(PcieMachine machine, Cpu cpu);
    }

    /// A run with the only device of the machine at the seam: recorded next to the device, with faults around.
    private static final class Run {
        private final Faults faults;
        private final ByteArrayOutputStream recording = new ByteArrayOutputStream();
        private final List<Recorder> recorders = new ArrayList<>();
        private final HashSink hash = new HashSink();

        Run(String plan) {
            faults = new Faults("device", plan.isEmpty() ? FaultPlan.none() : FaultPlan.parse("test", plan));
        }

        /// What the program says, or who waits for what if it does not end.
        String of(MachineDescription description, Program program) {
            Seams seams = (part, maker) -> {
                Recorder recorder = new Recorder(
                        recording::write, Recordings.header(part.name(), part.settings(), "made by a test"));
                recorders.add(recorder);
                return faults.around(recorder.around(maker));
            };
            Simulation simulation = new Simulation(1, Trace.to(List.of(hash)));
            PcieMachine machine = new PcieMachine(simulation, description.with(seams));
            String[] said = new String[1];
            machine.cpu().run(cpu -> {
                try {
                    said[0] = program.run(machine, cpu);
                } catch (LabException problem) {
                    said[0] = String.valueOf(problem.getMessage());
                }
                simulation.stop();
            });
            simulation.runUntil(PATIENCE_PICOS);
            recorders.forEach(Recorder::close);
            String outcome = said[0];
            return outcome == null ? String.join("; ", machine.waiting()) : outcome;
        }

        void replay() {
            RecordingReader reader = new RecordingReader("test", RecordingSource.of(recording.toByteArray()));
            ReplayResult result =
                    Replay.of(reader, Recordings.maker("test", reader.header())).run();
            result.check();
            assertThat(result.isWhole()).isTrue();
            assertThat(result.counts().events()).isEqualTo(recorders.getFirst().eventCount());
        }
    }

    private static String compare(Cpu cpu, long from, long to) {
        byte[] right = new byte[BYTES];
        byte[] seen = new byte[BYTES];
        cpu.loadBytes(from, right, 0, BYTES);
        cpu.loadBytes(to, seen, 0, BYTES);
        return Arrays.equals(right, seen) ? "right" : "wrong";
    }

    private static void fill(Cpu cpu, long from) {
        byte[] bytes = new byte[BYTES];
        new SplittableRandom(5).nextBytes(bytes);
        cpu.storeBytes(from, bytes, 0, BYTES);
    }

    /// A copy by the dmaengine driver of the scatter-gather engine.
    private static String gather(PcieMachine machine, Cpu cpu) {
        KernelSetup setup = new KernelSetup(machine, cpu);
        PciDevice device = setup.pci(machine.device("sg0"));
        int error = device.bind(new SgDmaDriver(16));
        if (error != 0) {
            return "probe " + error;
        }
        long from = setup.kernel().memory().allocatePages(0, KernelMemory.Zone.NORMAL, "test");
        long to = setup.kernel().memory().allocatePages(0, KernelMemory.Zone.NORMAL, "test");
        fill(cpu, from);
        Dma dma = device.dma();
        long source = dma.mapSingle(from, BYTES, Direction.TO_DEVICE);
        long destination = dma.mapSingle(to, BYTES, Direction.FROM_DEVICE);
        DmaChan channel = SgDmaDriver.channels(device).getFirst();
        Completion done = new Completion("the request");
        String[] outcome = new String[1];
        requireNonNull(channel.prepMemcpy(destination, source, BYTES, PrepFlags.INTERRUPT))
                .callback(result -> {
                    outcome[0] = result.outcome().name();
                    done.complete();
                })
                .submit();
        channel.issuePending();
        cpu.await(done);
        dma.unmapSingle(source, BYTES, Direction.TO_DEVICE);
        dma.unmapSingle(destination, BYTES, Direction.FROM_DEVICE);
        return outcome[0] + " " + compare(cpu, from, to);
    }

    /// The engine reads a descriptor, then 4 units of 512 bytes, which it writes; then it writes its record.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drop read 2 timeout 1us | READ_FAILED wrong | 1",
                "drop read 2 | READ_FAILED wrong | 1",
                "fail read 3 with ADDRESS_ERROR | READ_FAILED wrong | 1",
                "fail read 3 with POISONED | READ_FAILED wrong | 1",
                "fail write 1 with ABORTED | WRITE_FAILED wrong | 1",
                "fail read 1 with ADDRESS_ERROR | ABORTED wrong | 1",
                "drop write 2 | NOERROR wrong | 1",
                "drop write 5 | NOERROR right | 1",
                "corrupt read 2 byte 7 | NOERROR wrong | 1",
                "corrupt write 1 bit 0 | NOERROR wrong | 1",
                "corrupt read 1 byte 3 | ABORTED wrong | 1",
                "delay read by 10us | NOERROR right | 5",
                "delay write by 10us | NOERROR right | 5",
                "duplicate write | NOERROR right | 5",
                "reorder dma behind 2 every 2nd | NOERROR right | 5",
                "duplicate interrupt | NOERROR right | 1",
                "delay interrupt by 10us | NOERROR right | 1",
                "drop register-read 1 | probe -19 | 1"
            })
    void theDmaengineDriver(String plan, String outcome, long count) {
        Run run = new Run(plan);
        assertThat(run.of(description("server-sgdma"), FaultsAtDriversTest::gather))
                .isEqualTo(outcome);
        assertThat(run.faults.log().count()).isEqualTo(count);
        run.replay();
    }

    /// There is no time-out in dmaengine: its client waits, and it is said for what.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"drop interrupt", "drop register-write after 5", "remove device after 14", "hang device after 14"})
    void theClientOfTheDmaengineDriverWaitsByName(String plan) {
        Run run = new Run(plan);
        assertThat(run.of(description("server-sgdma"), FaultsAtDriversTest::gather))
                .contains("cpu0 waits for the request");
        assertThat(run.faults.log().count()).isPositive();
        run.replay();
    }

    private static String copy(PcieMachine machine, Cpu cpu) {
        KernelSetup setup = new KernelSetup(machine, cpu);
        PciDevice device = setup.pci(machine.device("copy0"));
        CopyEngineDriver driver = new CopyEngineDriver(
                setup.kernel(), device.dma(), requireNonNull(device.map(0)), device.vector(0), Attributes.NONE);
        long from = setup.kernel().memory().allocatePages(0, KernelMemory.Zone.DMA32, "test");
        long to = setup.kernel().memory().allocatePages(0, KernelMemory.Zone.DMA32, "test");
        fill(cpu, from);
        int error = driver.copy(from, to, BYTES);
        return error + " " + compare(cpu, from, to);
    }

    /// 4 reads of 512 bytes, 4 writes, an interrupt.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drop read 1 timeout 1us | -5 wrong",
                "fail dma 3 with ABORTED | -5 wrong",
                "fail write with POISONED | -5 wrong",
                "drop write 1 | 0 wrong",
                "corrupt dma 1 byte 1 | 0 wrong",
                "delay dma by 1us | 0 right",
                "duplicate write | 0 right",
                "reorder read behind 1 | 0 right",
                "duplicate interrupt | 0 right",
                "delay interrupt by 1ms | 0 right"
            })
    void theDriverOfTheCopyEngine(String plan, String outcome) {
        Run run = new Run(plan);
        assertThat(run.of(description("server-gen3-bdw"), FaultsAtDriversTest::copy))
                .isEqualTo(outcome);
        assertThat(run.faults.log().count()).isPositive();
        run.replay();
    }

    @ParameterizedTest
    @CsvSource({"drop interrupt", "drop register-write 4", "remove device after 6", "hang device after 6"})
    void theDriverOfTheCopyEngineWaitsByName(String plan) {
        Run run = new Run(plan);
        assertThat(run.of(description("server-gen3-bdw"), FaultsAtDriversTest::copy))
                .contains("cpu0 waits for the copy engine's interrupt");
        assertThat(run.faults.log().count()).isPositive();
        run.replay();
    }

    /// Fills a buffer of a page, which begins with its number, 0.
    private static String receive(PcieMachine machine, Cpu cpu) {
        KernelSetup setup = new KernelSetup(machine, cpu);
        PcieMachine.Plugged device = machine.device("ring0");
        Dma dma = setup.dma(device);
        RingDriver driver = new RingDriver(setup.kernel(), dma, device.registers(), device.vector(), 8);
        long buffer = setup.kernel().memory().allocatePages(0, KernelMemory.Zone.DMA32, "test");
        cpu.store64(buffer, -1);
        long mapped = dma.mapSingle(buffer, BYTES, Direction.FROM_DEVICE);
        driver.post(mapped, BYTES, true);
        driver.kick();
        while (!driver.reap()) {
            driver.sleep();
        }
        dma.unmapSingle(mapped, BYTES, Direction.FROM_DEVICE);
        return cpu.load64(buffer) == 0 ? "right" : "wrong";
    }

    /// A read of descriptors, a write of the buffer, a write of the status, an interrupt.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drop read 1 timeout 1us | the ring device reports that transfer 0 has failed: an access to memory was"
                        + " answered by an error",
                "fail write 1 with ADDRESS_ERROR | the ring device reports that transfer 0 has failed: an access to"
                        + " memory was answered by an error",
                "drop write 1 | wrong",
                "drop write 2 | the ring device interrupts, but the status of transfer 0 has not come",
                "corrupt write 1 byte 0 | wrong",
                "delay dma by 1us | right",
                "duplicate write | right",
                "reorder dma | right",
                "duplicate interrupt | right",
                "delay interrupt by 1ms | right"
            })
    void theDriverOfTheRing(String plan, String outcome) {
        Run run = new Run(plan);
        assertThat(run.of(ring(), FaultsAtDriversTest::receive)).isEqualTo(outcome);
        assertThat(run.faults.log().count()).isPositive();
        run.replay();
    }

    @ParameterizedTest
    @CsvSource({"drop interrupt", "remove device after 5", "hang device after 5"})
    void theDriverOfTheRingWaitsByName(String plan) {
        Run run = new Run(plan);
        assertThat(run.of(ring(), FaultsAtDriversTest::receive)).contains("cpu0 waits for the ring device's interrupt");
        assertThat(run.faults.log().count()).isPositive();
        run.replay();
    }

    private static MachineDescription ring() {
        String functions = "root-ports.slot0.functions";
        return description("server-gen3-bdw", functions + "=none", functions + ".ring0.device=ring");
    }

    /// A recorder, and rules that never hit, leave the trace of the whole machine as it is.
    @Test
    void withoutFaultsTheMachineIsTheSame() {
        Run plain = new Run("");
        assertThat(plain.of(description("server-sgdma"), FaultsAtDriversTest::gather))
                .isEqualTo("NOERROR right");
        plain.replay();
        HashSink hash = new HashSink();
        Simulation simulation = new Simulation(1, Trace.to(List.of(hash)));
        PcieMachine machine = new PcieMachine(simulation, description("server-sgdma"));
        machine.cpu().run(cpu -> {
            assertThat(gather(machine, cpu)).isEqualTo("NOERROR right");
            simulation.stop();
        });
        simulation.runUntil(PATIENCE_PICOS);
        assertThat(plain.hash.text()).isEqualTo(hash.text());
    }
}
