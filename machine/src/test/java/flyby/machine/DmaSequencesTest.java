package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.dma.Dma;
import flyby.machine.DmaSequence.Breach;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.sim.Simulation;
import flyby.topology.MachineDescription;
import flyby.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A driver that keeps the rules of the DMA API finds the right bytes, whatever it does and wherever it runs.
final class DmaSequencesTest {
    private static final int SEEDS = 12;
    private static final int BREACH_SEEDS = 40;
    private static final int STEPS_MAX = 60;

    static MachineDescription machine(String kind) {
        String[] words = kind.split(" ", -1);
        List<Given> givens = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            String[] parts = words[i].split("=", 2);
            givens.add(new Given(parts[0], parts[1], Origin.commandLine(parts[0])));
        }
        return MachineLibrary.modern(words[0], givens);
    }

    /// What a driver has: the machine's memory and the DMA API of its device.
    record Rig(PcieMachine machine, KernelSetup setup, PcieMachine.Plugged device, Dma dma) {}

    /// Runs `body` on the first core of `description`; no warning may be in the log then.
    static void run(MachineDescription description, Consumer<Rig> body) {
        Simulation simulation = new Simulation(1, Trace.off());
        PcieMachine machine = new PcieMachine(simulation, description);
        boolean[] isOver = new boolean[1];
        machine.cpu().run(cpu -> {
            KernelSetup setup = new KernelSetup(machine, cpu);
            PcieMachine.Plugged device = machine.device("copy0");
            body.accept(new Rig(machine, setup, device, setup.dma(device)));
            assertThat(setup.kernel().log().warnings()).isEmpty();
            isOver[0] = true;
            simulation.stop();
        });
        simulation.run();
        assertThat(isOver[0]).as("%s", machine.waiting()).isTrue();
    }

    /// Steps by chance; `after` is called after each of them, and at the end.
    static void sequence(Choices choices, Rig rig, Breach breach, BiConsumer<Rig, DmaSequence> after) {
        boolean isWide = choices.chance(1, 2);
        assertThat(rig.dma().setMaskAndCoherent(Dma.bitMask(isWide ? 64 : 32))).isZero();
        DmaSequence sequence = new DmaSequence(choices, rig.setup(), rig.device(), rig.dma(), breach);
        int steps = (int) choices.between(1, STEPS_MAX);
        for (int i = 0; i < steps; i++) {
            sequence.step();
            after.accept(rig, sequence);
        }
        sequence.end();
        after.accept(rig, sequence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server-gen3-bdw",
                "server-gen3-bdw swiotlb.mode=force",
                "server-gen3-bdw iommu.mode=passthrough",
                "server-gen3-bdw iommu.mode=passthrough swiotlb.mode=force",
                "server-gen3-bdw iommu.mode=lazy",
                "server-gen3-bdw iommu.mode=strict",
                "server-gen3-bdw iommu.mode=strict iommu.page-size=2M",
                "server-gen3-bdw iommu.mode=strict dma.untrusted=true",
                "server-gen3-bdw iommu.mode=lazy dma.untrusted=true",
                "board-arm",
                "board-arm dma.bounce-unaligned=true",
                "board-arm swiotlb.mode=force",
                "board-arm dma.hand-over=clean",
                "board-arm iommu.mode=strict",
                "board-arm iommu.mode=strict dma.bounce-unaligned=true",
                "board-arm iommu.mode=strict dma.untrusted=true",
                "board-arm-weak",
                "board-arm-weak swiotlb.mode=force",
                "board-arm-weak iommu.mode=strict"
            })
    void whoKeepsTheRulesFindsTheRightBytes(String kind) {
        MachineDescription description = machine(kind);
        Property.check(
                SEEDS, choices -> run(description, rig -> sequence(choices, rig, Breach.NONE, (same, sequence) -> {})));
    }

    /// How many of the seeds show wrong bytes.
    private static int wrong(String kind, Breach breach) {
        MachineDescription description = machine(kind);
        int wrong = 0;
        for (int seed = 0; seed < BREACH_SEEDS; seed++) {
            Choices choices = Choices.seeded(seed);
            String[] failure = new String[1];
            run(description, rig -> failure[0] = failure(choices, rig, breach));
            wrong += failure[0].isEmpty() ? 0 : 1;
        }
        return wrong;
    }

    private static String failure(Choices choices, Rig rig, Breach breach) {
        try {
            sequence(choices, rig, breach, (same, sequence) -> {});
            return "";
        } catch (DmaSequence.WrongBytes wrong) {
            return String.valueOf(wrong.getMessage());
        }
    }

    /// So the test can fail: and only where the machine does not forgive. Caches of board-arm load nothing by
    /// themselves, so what was invalidated by the map is not there at the unmap either.
    @ParameterizedTest
    @CsvSource({
        "board-arm, NO_SYNC, true",
        "board-arm-weak, NO_SYNC, true",
        "server-gen3-bdw swiotlb.mode=force, NO_SYNC, true",
        "server-gen3-bdw swiotlb.mode=force, NO_UNMAP, true",
        "server-gen3-bdw iommu.mode=strict dma.untrusted=true, NO_UNMAP, true",
        "server-gen3-bdw, NO_SYNC, false",
        "server-gen3-bdw, NO_UNMAP, false"
    })
    void whoBreaksThemFindsWrongBytes(String kind, Breach breach, boolean isShown) {
        assertThat(wrong(kind, breach) > 0).isEqualTo(isShown);
    }
}
