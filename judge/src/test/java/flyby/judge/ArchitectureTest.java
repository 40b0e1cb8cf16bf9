package flyby.judge;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The walls between packages that the module system cannot hold, and what a simulated path must not touch.
final class ArchitectureTest {
    /// Everything on a simulated path: a pure function of scenario, input, seed and version.
    private static final String[] MODELS = {
        "flyby.sim..",
        "flyby.trace..",
        "flyby.choice..",
        "flyby.bus..",
        "flyby.fault..",
        "flyby.record..",
        "flyby.pcie..",
        "flyby.register..",
        "flyby.memory..",
        "flyby.cache..",
        "flyby.cpu..",
        "flyby.classic..",
        "flyby.coherence..",
        "flyby.core..",
        "flyby.function..",
        "flyby.iommu..",
        "flyby.link..",
        "flyby.root..",
        "flyby.split..",
        "flyby.aperture..",
        "flyby.attacker..",
        "flyby.copy..",
        "flyby.dmac..",
        "flyby.edu..",
        "flyby.floppy..",
        "flyby.i8237..",
        "flyby.ioat..",
        "flyby.isa..",
        "flyby.plx..",
        "flyby.nvme..",
        "flyby.ring..",
        "flyby.sgdma..",
        "flyby.sound..",
        "flyby.stream..",
        "flyby.traffic..",
        "flyby.transfer..",
        "flyby.kernel..",
        "flyby.dmar..",
        "flyby.dma..",
        "flyby.pci..",
        "flyby.dmaengine..",
        "flyby.driver..",
        "flyby.nvmehost..",
        "flyby.machine..",
        "flyby.topology..",
        "flyby.apidebug..",
        "flyby.check",
        "flyby.explore..",
        "flyby.subjects..",
        "flyby.zoo.a..",
        "flyby.zoo.b..",
        "flyby.zoo.c..",
        "flyby.zoo.d..",
        "flyby.zoo.e..",
        "flyby.zoo.f..",
        "flyby.zoo.g..",
        "flyby.zoo.h..",
        "flyby.zoo.i..",
        "flyby.zoo.j..",
        "flyby.zoo.k..",
        "flyby.zoo.lookalikes..",
        "flyby.zoo.engine.."
    };

    /// What runs on simulated CPUs.
    private static final String[] SOFTWARE = {
        "flyby.kernel..",
        "flyby.dmar..",
        "flyby.dma..",
        "flyby.pci..",
        "flyby.dmaengine..",
        "flyby.driver..",
        "flyby.nvmehost.."
    };

    private static final String[] DEVICES = {
        "flyby.aperture..",
        "flyby.attacker..",
        "flyby.copy..",
        "flyby.dmac..",
        "flyby.edu..",
        "flyby.floppy..",
        "flyby.i8237..",
        "flyby.ioat..",
        "flyby.isa..",
        "flyby.plx..",
        "flyby.nvme..",
        "flyby.ring..",
        "flyby.sgdma..",
        "flyby.sound..",
        "flyby.stream..",
        "flyby.traffic.."
    };

    /// The one model class that may know of threads: it runs coroutines on virtual ones.
    private static final String THREADS = "flyby.sim.ThreadCoroutine";

    private static final Set<String> UNORDERED_OR_RANDOM = Set.of(
            "java.util.HashMap",
            "java.util.HashSet",
            "java.util.IdentityHashMap",
            "java.util.WeakHashMap",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.lang.Math$RandomNumberGeneratorHolder");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("flyby");

    @Test
    void theImporterSawTheTree() {
        assertThat(CLASSES.stream().filter(each -> !each.getPackageName().startsWith("flyby.judge")))
                .as("a rule over nothing passes")
                .hasSizeGreaterThan(100);
        assertThat(CLASSES.contain(THREADS)).isTrue();
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("flyby.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void modelsTouchNoFilesClocksOrThreads() {
        noClasses()
                .that(resideInAnyPackage(MODELS))
                .and(describe("may not know threads", type -> !type.getName().startsWith(THREADS)))
                .should()
                .dependOnClassesThat(outsideWorld())
                .because("a run is a pure function of scenario, input, seed and version")
                .check(CLASSES);
    }

    @Test
    void modelsNeverReadTheWallClock() {
        for (String method : new String[] {"nanoTime", "currentTimeMillis", "identityHashCode", "getenv"}) {
            noClasses()
                    .that(resideInAnyPackage(MODELS))
                    .should()
                    .callMethodWhere(describe(
                            "System." + method,
                            call -> call.getTargetOwner().isEquivalentTo(System.class)
                                    && call.getName().equals(method)))
                    .check(CLASSES);
        }
    }

    @Test
    void nothingStaticChanges() {
        fields().that()
                .areDeclaredInClassesThat(resideInAPackage("flyby.."))
                .and()
                .areStatic()
                .should()
                .beFinal()
                .because("many machines run side by side in one JVM")
                .check(CLASSES);
    }

    @Test
    void devicesSeeOnlyTheSeam() {
        noClasses()
                .that(resideInAnyPackage(DEVICES))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "flyby.classic..",
                        "flyby.split..",
                        "flyby.cpu..",
                        "flyby.memory..",
                        "flyby.link..",
                        "flyby.function..",
                        "flyby.root..",
                        "flyby.coherence..",
                        "flyby.core..",
                        "flyby.iommu.."))
                .because("a device that knows its host cannot move to another")
                .check(CLASSES);
    }

    @Test
    void devicesDoNotKnowEachOther() {
        slices().matching("flyby.(aperture|attacker|copy|dmac|edu|floppy|i8237|ioat|nvme|"
                        + "plx|ring|sgdma|sound|stream|traffic)..")
                .should()
                .notDependOnEachOther()
                .check(CLASSES);
    }

    @Test
    void driversSeeLayoutsAndNeverDevices() {
        noClasses()
                .that(resideInAnyPackage(SOFTWARE))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "flyby.aperture",
                        "flyby.attacker",
                        "flyby.dmac",
                        "flyby.edu",
                        "flyby.stream",
                        "flyby.copy",
                        "flyby.i8237",
                        "flyby.ioat",
                        "flyby.isa",
                        "flyby.floppy",
                        "flyby.plx",
                        "flyby.nvme",
                        "flyby.ring",
                        "flyby.sgdma",
                        "flyby.sound",
                        "flyby.traffic",
                        "flyby.transfer",
                        "flyby.iommu"))
                .because("software reaches hardware only as software can")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLineEndsTheProcess() {
        noClasses()
                .that(describe(
                        "are not the command line", type -> !type.getName().equals("flyby.cli.Main")))
                .and(resideInAPackage("flyby.."))
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    /// The rules find what they are for: this class breaks two of them.
    @Test
    void aPlantedViolationIsFound() {
        JavaClasses planted = new ClassFileImporter().importClasses(Planted.class);

        ArchRule rule = noClasses().should().dependOnClassesThat(outsideWorld());
        assertThatThrownBy(() -> rule.check(planted)).isInstanceOf(AssertionError.class);
        ArchRule finalRule = fields().that().areStatic().should().haveModifier(JavaModifier.FINAL);
        assertThatThrownBy(() -> finalRule.check(planted)).isInstanceOf(AssertionError.class);
    }

    private static DescribedPredicate<JavaClass> outsideWorld() {
        return describe("belongs to the outside world", type -> {
            String name = type.getName();
            String pack = type.getPackageName();
            return (pack.startsWith("java.io") && !name.equals("java.io.Serializable"))
                    || (pack.startsWith("java.nio") && !name.equals("java.nio.ByteOrder"))
                    || pack.startsWith("java.time")
                    || pack.startsWith("java.net")
                    || pack.startsWith("java.util.concurrent")
                    || name.equals("java.lang.Thread")
                    || UNORDERED_OR_RANDOM.contains(name);
        });
    }

    @SuppressWarnings({"unused", "NonFinalStaticField"})
    private static final class Planted {
        static int counter;
        final HashMap<String, String> map = new HashMap<>();
    }
}
