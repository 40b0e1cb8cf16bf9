package flyby.experiment;

import flyby.aperture.Aperture;
import flyby.aperture.layout.ApertureRegisters;
import flyby.base.LabException;
import flyby.base.LittleEndian;
import flyby.bus.Cpu;
import flyby.driver.ApertureDriver;
import flyby.kernel.IoMemory;
import flyby.kernel.KernelMemory;
import flyby.machine.KernelSetup;
import flyby.machine.MachineLibrary;
import flyby.machine.PcieMachine;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.pci.PciDevice;
import flyby.study.RunContext;
import flyby.topology.DeviceKind;
import flyby.topology.FunctionCatalogue;
import flyby.topology.MachineDescription;
import flyby.topology.Part;
import flyby.topology.PartKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/// A machine with an [Aperture] in it, and a program on its CPU that measures.
final class ApertureBench {
    private final TracedRun run;
    private final PcieMachine machine;
    private final PcieMachine.Plugged plugged;
    private final Aperture aperture;
    private final ServerFigures figures;

    ApertureBench(String name, RunContext context) {
        this(name, context, context.machine().orElseThrow(), 0);
    }

    /// @param index which of the machine's devices with memory it is about, counted from 0
    ApertureBench(String name, RunContext context, MachineDescription description, int index) {
        run = new TracedRun(name, context, TracedRun.SERVER_PATIENCE_PICOS);
        machine = new PcieMachine(run.simulation(), description);
        plugged = machine.device(function(description, index));
        if (!(plugged.device() instanceof Aperture working)) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    "machine " + description.name(),
                    "a device that hangs",
                    "hangs: false");
        }
        aperture = working;
        figures = new ServerFigures(machine);
    }

    private static String function(MachineDescription machine, int index) {
        return machine.all(PartKind.FUNCTION).stream()
                .filter(part -> FunctionCatalogue.device(part.settings()) == DeviceKind.APERTURE)
                .map(Part::name)
                .skip(index)
                .findFirst()
                .orElseThrow(() -> new LabException(
                        LabException.Kind.BAD_INPUT,
                        "machine " + machine.name(),
                        "device with memory " + index + " is missing",
                        "a function with device: " + DeviceKind.APERTURE.word()));
    }

    /// `machine` with another value at `path`.
    static MachineDescription with(MachineDescription machine, String path, String text) {
        List<Given> givens = new ArrayList<>();
        machine.parameters().forEach((each, value) -> {
            String label = value.origin().label();
            if (!value.origin().equals(Origin.DEFAULT) && !label.startsWith("profile ")) {
                givens.add(new Given(each.substring(MachineLibrary.PREFIX.length()), value.text(), value.origin()));
            }
        });
        givens.add(new Given(path, text, Origin.DEFAULT));
        return MachineLibrary.modern(machine.name(), givens);
    }

    TracedRun traced() {
        return run;
    }

    PcieMachine machine() {
        return machine;
    }

    Aperture aperture() {
        return aperture;
    }

    ServerFigures figures() {
        return figures;
    }

    /// The bytes in the device's memory, at no simulated time.
    byte[] deviceBytes(int byteCount) {
        byte[] bytes = new byte[byteCount];
        for (int i = 0; i < byteCount; i++) {
            bytes[i] = (byte) aperture.readRegister(ApertureRegisters.MEMORY, i, 1);
        }
        return bytes;
    }

    /// Puts bytes into the device's memory, at no simulated time.
    void putDeviceBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            aperture.writeRegister(ApertureRegisters.MEMORY, i, 1, LittleEndian.get(bytes, i, 1));
        }
    }

    /// Runs `program` to its end.
    void run(Consumer<Lab> program) {
        run.run(machine.cpu()::run, cpu -> program.accept(new Lab(cpu)), run.hash()::recordCount, machine::waiting);
    }

    /// What a program on the CPU works with.
    final class Lab {
        private final Cpu cpu;
        private final KernelSetup setup;
        private final PciDevice device;
        private final IoMemory bar;

        private Lab(Cpu cpu) {
            this.cpu = cpu;
            setup = new KernelSetup(machine, cpu);
            device = setup.pci(plugged);
            bar = Objects.requireNonNull(device.map(0));
            run.beginNow();
        }

        Cpu cpu() {
            return cpu;
        }

        PciDevice device() {
            return device;
        }

        IoMemory bar() {
            return bar;
        }

        /// Where the CPU finds the device's memory.
        long memory() {
            return Objects.requireNonNull(device.map(ApertureRegisters.MEMORY)).address(0);
        }

        ApertureDriver driver(boolean usesInterrupts) {
            return new ApertureDriver(setup.kernel(), device.dma(), bar, device.vector(0), usesInterrupts);
        }

        KernelMemory memoryOfKernel() {
            return setup.kernel().memory();
        }

        /// Pages for `byteCount` bytes.
        long buffer(int byteCount) {
            int pages = Math.ceilDiv(byteCount, KernelMemory.PAGE_BYTES);
            int order = pages <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(pages - 1);
            return setup.kernel().memory().allocatePages(order, KernelMemory.Zone.NORMAL, "buffer");
        }

        long busyPicos() {
            return run.busyPicos();
        }
    }
}
