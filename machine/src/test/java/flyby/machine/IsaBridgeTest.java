package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Cpu;
import flyby.coherence.CoherenceParameters;
import flyby.coherence.CoherentMemory;
import flyby.core.CoreTiming;
import flyby.core.ServerCore;
import flyby.dma.Dma;
import flyby.dmar.DmaSpace;
import flyby.driver.FloppyDriver;
import flyby.driver.SoundDriver;
import flyby.floppy.Diskette;
import flyby.floppy.DisketteFormat;
import flyby.kernel.Kernel;
import flyby.kernel.KernelLog;
import flyby.kernel.KernelMemory;
import flyby.memory.MemoryTypes;
import flyby.memory.PhysicalMemory;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Settings;
import flyby.root.ProcessorPort;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.sound.Speaker;
import flyby.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The same cards, drivers and bytes on a PC/AT, behind the bridge of a machine with caches and a modern core, and
/// on such a machine as a description has it.
final class IsaBridgeTest {
    private static final int BUFFER_BYTES = 2_048;
    private static final long BUFFER = Mainboard.BUFFER;

    private static final CoherenceParameters SOCKET = new CoherenceParameters(
            1,
            1,
            64,
            64,
            new CoherenceParameters.Level(1_024, 2, 1_000),
            new CoherenceParameters.Level(4_096, 4, 4_000),
            new CoherenceParameters.Level(65_536, 16, 20_000),
            4,
            30_000,
            2_000,
            new CoherenceParameters.InputOutput(true, 0b11, 10_000, 500),
            new CoherenceParameters.Memory(1 << 24, 0, 2, 128, 70_000, 4_000, 8),
            new CoherenceParameters.SocketLink(40_000, 3_000),
            CoherenceParameters.Disturbances.NONE);

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final Settings settings = Settings.resolve(
            PcCatalogue.PARAMETERS,
            PcCatalogue.profiles(),
            List.of(),
            Given.fromCommandLine(List.of("machine.profile=pc-at-1984")));

    /// Where a program runs.
    enum Place {
        PC,
        BEHIND_THE_BRIDGE,
        DESCRIBED
    }

    /// Bytes over channel 1 and words over channel 5. The rest of the last block is shorter than a half.
    @ParameterizedTest
    @CsvSource({
        "PC, false",
        "PC, true",
        "BEHIND_THE_BRIDGE, false",
        "BEHIND_THE_BRIDGE, true",
        "DESCRIBED, false",
        "DESCRIBED, true"
    })
    void whatIsPlayedIsHeard(Place place, boolean words) {
        byte[] samples = bytes(5_004);
        Recorder recorder = new Recorder();
        run(place, isa -> PcCards.plugSound(isa, recorder, 64), cpu -> {
            SoundDriver.Wiring wiring = PcCards.soundWiring(words, BUFFER, BUFFER_BYTES);
            SoundDriver driver = new SoundDriver(kernel(cpu), dma(cpu), wiring, SoundDriver.Mode.AUTO_INITIALIZE, true);
            assertThat(driver.start()).isTrue();
            int[] filled = new int[1];
            driver.play(new SoundDriver.Format(22_050, false), samples.length, (address, byteCount) -> {
                cpu.storeBytes(address, samples, filled[0], byteCount);
                filled[0] += byteCount;
            });
        });

        assertThat(recorder.heard.toByteArray()).isEqualTo(samples);
        assertThat(recorder.heldCount).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOnTheDisketteIsRead(Place place) {
        Disk disk = new Disk(DisketteFormat.DOUBLE_DENSITY);
        byte[] read = new byte[30 * 512];
        run(place, isa -> PcCards.plugFloppy(isa, disk, 200 * Time.MILLISECOND), cpu -> {
            FloppyDriver.Wiring wiring = PcCards.floppyWiring(BUFFER, BUFFER_BYTES);
            FloppyDriver driver =
                    new FloppyDriver(kernel(cpu), dma(cpu), wiring, new FloppyDriver.Geometry(2, 9, 2, 0x1b, 2));
            driver.start();
            int[] got = new int[1];
            FloppyDriver.Outcome outcome = driver.read(5, 30, (address, byteCount) -> {
                cpu.loadBytes(address, read, got[0], byteCount);
                got[0] += byteCount;
            });
            assertThat(outcome).isEqualTo(FloppyDriver.Outcome.DONE);
            driver.stop();
        });

        for (int i = 0; i < 30; i++) {
            byte[] sector = new byte[512];
            disk.read(5 + i, sector);
            assertThat(Arrays.copyOfRange(read, i * 512, (i + 1) * 512))
                    .as("sector %d", 5 + i)
                    .isEqualTo(sector);
        }
    }

    /// Whatever PC the bus is that of; the card has the FIFO of its description.
    @ParameterizedTest
    @ValueSource(strings = {"pc-xt-1983", "pc-at-1984", "at-8mhz", "at-chipset"})
    void everyBusCanBeBehindTheBridge(String bus) {
        Given given = new Given("isa-bridges.lpc0.bus", bus, Origin.commandLine("test"));
        PcieMachine machine = new PcieMachine(simulation, MachineLibrary.modern("desktop-isa", List.of(given)));
        byte[] samples = bytes(3_000);
        Recorder recorder = new Recorder();
        machine.plugSound(recorder);
        runOn(machine, _ -> {}, cpu -> {
            SoundDriver.Wiring wiring = PcCards.soundWiring(false, BUFFER, BUFFER_BYTES);
            SoundDriver driver = new SoundDriver(kernel(cpu), dma(cpu), wiring, SoundDriver.Mode.SINGLE_CYCLE, true);
            assertThat(driver.start()).isTrue();
            int[] filled = new int[1];
            driver.play(new SoundDriver.Format(22_050, false), samples.length, (address, byteCount) -> {
                cpu.storeBytes(address, samples, filled[0], byteCount);
                filled[0] += byteCount;
            });
        });

        assertThat(recorder.heard.toByteArray()).isEqualTo(samples);
    }

    private void run(Place place, Consumer<IsaBoard> plug, Consumer<Cpu> program) {
        switch (place) {
            case PC -> runOnPc(plug, program);
            case BEHIND_THE_BRIDGE -> runBehindBridge(plug, program);
            case DESCRIBED ->
                runOn(new PcieMachine(simulation, MachineLibrary.modern("desktop-isa", List.of())), plug, program);
        }
    }

    private void runOnPc(Consumer<IsaBoard> plug, Consumer<Cpu> program) {
        IsaPc pc = new IsaPc(simulation, PcCatalogue.pc(settings, false));
        plug.accept(pc.isa());
        pc.mainboard().cpu().run(cpu -> {
            pc.isa().boot(cpu);
            program.accept(cpu);
            simulation.stop();
        });
        simulation.run();
    }

    private void runOn(PcieMachine machine, Consumer<IsaBoard> plug, Consumer<Cpu> program) {
        plug.accept(machine.isa());
        machine.cpu().run(cpu -> {
            machine.isa().boot(cpu);
            program.accept(cpu);
            simulation.stop();
        });
        simulation.run();
    }

    private void runBehindBridge(Consumer<IsaBoard> plug, Consumer<Cpu> program) {
        CoherentMemory memory = new CoherentMemory(simulation, new PhysicalMemory(), SOCKET);
        IrqWires wires = new IrqWires();
        IsaBridge bridge = new IsaBridge(
                simulation,
                new IsaBridge.Parameters(BoardCatalogue.mainboard(settings).bus(), PcCatalogue.isa(settings, false)),
                memory.agent(0),
                wires::interrupt,
                new Nowhere());
        plug.accept(bridge.isa());
        ServerCore core = new ServerCore(
                simulation,
                "cpu",
                memory.core(0, 0),
                SOCKET.lineBytes(),
                bridge.processorPort(),
                new MemoryTypes(),
                new CoreTiming(1_000, 500, 10, 4, 200_000, 100_000, 1_000_000));
        wires.core = core;
        core.run(cpu -> {
            bridge.isa().boot(cpu);
            program.accept(cpu);
            simulation.stop();
        });
        simulation.run();
    }

    private static Kernel kernel(Cpu cpu) {
        return new Kernel(cpu, new KernelMemory(1 << 20, 2 << 20, 64), new KernelLog());
    }

    private static Dma dma(Cpu cpu) {
        return new Dma(kernel(cpu), "card", DmaSpace.passThrough(), new Dma.Platform(true, 64));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    /// The IRQ lines, which are there before the core is.
    private static final class IrqWires {
        private @Nullable ServerCore core;

        void interrupt(int line, boolean asserted) {
            Objects.requireNonNull(core).vectors().wire(line, asserted);
        }
    }

    private static final class Recorder implements Speaker {
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private int heldCount;

        @Override
        public void plays(byte[] frame, int byteCount) {
            heard.write(frame, 0, byteCount);
        }

        @Override
        public void holds() {
            heldCount++;
        }
    }

    /// Each sector holds bytes that tell it from the others.
    private record Disk(DisketteFormat format) implements Diskette {
        @Override
        public boolean isWriteProtected() {
            return true;
        }

        @Override
        public void read(int index, byte[] into) {
            for (int i = 0; i < into.length; i++) {
                into[i] = (byte) (31 * index + 7 * i);
            }
        }

        @Override
        public void write(int index, byte[] from) {
            throw new AssertionError("it is write-protected");
        }
    }

    /// A machine with no other devices.
    private static final class Nowhere implements ProcessorPort {
        @Override
        public boolean isMapped(long address) {
            return address >= IO_SPACE;
        }

        @Override
        public void read(long address, int byteCount, long transfer, Reader reader) {
            reader.read(-1);
        }

        @Override
        public boolean write(long address, byte[] from, int offset, int byteCount, long transfer, Runnable room) {
            return true;
        }
    }
}
