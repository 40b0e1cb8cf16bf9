package flyby.trial;

import flyby.base.LabException;
import flyby.params.Nearest;
import flyby.params.Profile;
import flyby.params.Quote;
import flyby.params.Source;
import flyby.topology.MachineReader;
import flyby.trial.HostileMachine.Trait;
import java.util.List;
import java.util.Set;

/// The machines on which drivers are tried.
public final class HostileMachines {
    private static final Source CHOICE = Source.assumed("an example");
    private static final Source SMALL =
            Source.assumed("as small as they come, so that lines are evicted and runs are quick");

    private static final Source FULL = Source.assumed("so much that what drivers get is beyond 30 bits");
    private static final Source OFTEN = Source.assumed("often, so that a short run has some");
    private static final Source LONG = Source.assumed("longer than what a driver does meanwhile");

    /// Two slots in which a subject's cards are plugged, and little else.
    private static final Profile BASE = Profile.named("plain", "Small, coherent, and kind")
            .set("cpu.cores", 2, CHOICE)
            .set("cpu.clock", "2000 MHz", CHOICE)
            .set("l1.size", "2 KiB", SMALL)
            .set("l1.ways", 2, SMALL)
            .set("l2.size", "8 KiB", SMALL)
            .set("l2.ways", 4, SMALL)
            .set("llc.size", "32 KiB", SMALL)
            .set("llc.ways", 8, SMALL)
            .set("ddio.ways", 2, SMALL)
            .set("memory.size", "64 MiB", SMALL)
            .set("memory.channels", 1, SMALL)
            .set("memory.contents", "random", Source.assumed("what memory holds that was switched on"))
            .set("root-ports.slot0.functions.card0.device", "copy-engine", CHOICE)
            .set("root-ports.slot1.functions.card1.device", "copy-engine", CHOICE)
            .set("isa-bridges.lpc0.bus", "pc-at-1984", CHOICE)
            .build();

    private static final Profile HIGH = Profile.named("high", "")
            .set("memory.size", "2 GiB", FULL)
            .set("memory.in-use", "1 GiB", FULL)
            .build();

    /// Caches that no device asks, and that do what they please.
    private static final Profile CACHES = Profile.named("caches", "")
            .set("cache.coherent", false, CHOICE)
            .set("cache.prefetch-one-in", 4, OFTEN)
            .set("cache.evict-one-in", 8, OFTEN)
            .set("ddio.ways", 0, Source.derived("devices write to memory"))
            .build();

    /// A machine that does nothing to anybody.
    public static final HostileMachine PLAIN = machine(BASE);

    private static final HostileMachine COHERENT = machine(
            Profile.named("coherent", "Maps and allocations fail; memory begins beyond the reach of 30 bits")
                    .include(BASE)
                    .include(HIGH)
                    .set("swiotlb.mode", "on", Source.derived("where some devices do not reach all of memory"))
                    .set("swiotlb.size", "4 MiB", SMALL)
                    .build(),
            Trait.FAULTS);

    private static final HostileMachine NON_COHERENT = machine(
            Profile.named("non-coherent", "Devices do not ask the caches, which fetch and evict what they please")
                    .include(BASE)
                    .include(CACHES)
                    .build());

    private static final HostileMachine WEAK_ORDER =
            machine(Profile.named("weak-order", "As non-coherent; stores, loads and register writes pass each other")
                    .include(BASE)
                    .include(CACHES)
                    .set("cpu.store-buffer", 16, Source.assumed("cores of that size have 8 to 24"))
                    .set("cpu.store-order", "weak", Source.spec("Arm Architecture Reference Manual", "B2.3"))
                    .set("cpu.store-drain", "2 us", LONG)
                    .set("cpu.load-reorder", "500 ns", LONG)
                    .set("root.register-latency", "500 ns", LONG)
                    .build());

    private static final HostileMachine IOMMU_STRICT = machine(
            Profile.named(
                            "iommu-strict",
                            "What is not mapped is out of reach; lists are merged; addresses are beyond 4 GiB, or 0")
                    .include(BASE)
                    .include(HIGH)
                    .set("iommu.mode", "strict", CHOICE)
                    .set("iommu.force-dac", true, CHOICE)
                    .set("iommu.zero", true, CHOICE)
                    .build(),
            Trait.LATE_DEVICE);

    private static final HostileMachine IOMMU_LAZY = machine(
            Profile.named("iommu-lazy", "What was unmapped stays in reach for a while, of devices that mean harm")
                    .include(BASE)
                    .set("iommu.mode", "lazy", CHOICE)
                    .build(),
            Trait.MALICE,
            Trait.LATE_DEVICE);

    private static final HostileMachine BOUNCE = machine(
            Profile.named("bounce", "Every mapping is a copy, of which there are few; devices write less than they may")
                    .include(BASE)
                    .set("swiotlb.mode", "force", CHOICE)
                    .set("swiotlb.size", "512 KiB", SMALL)
                    .set("dma.bounce-copies-in", false, Source.spec("Linux before 5.18", "kernel/dma/swiotlb.c"))
                    .build(),
            Trait.FAULTS,
            Trait.SHORT_DEVICE);

    private static final HostileMachine TIMING = machine(
            Profile.named("timing", "Slow links; interrupts come by wire, before the data; cards are pulled out")
                    .include(BASE)
                    .set("interrupts.by", "wire", CHOICE)
                    .set("root-ports.slot0.link.generation", "gen1", LONG)
                    .set("root-ports.slot0.link.width", "x1", LONG)
                    .set("root-ports.slot1.link.generation", "gen1", LONG)
                    .set("root-ports.slot1.link.width", "x1", LONG)
                    .build(),
            Trait.LATE_DEVICE,
            Trait.REMOVAL);

    private static final HostileMachine BIG_ENDIAN = machine(
            Profile.named("big-endian", "The CPU keeps the highest byte of a word first")
                    .include(BASE)
                    .build(),
            Trait.BIG_ENDIAN);

    private HostileMachines() {}

    /// All of them, in the order in which reports have them.
    public static List<HostileMachine> all() {
        return List.of(COHERENT, NON_COHERENT, WEAK_ORDER, IOMMU_STRICT, IOMMU_LAZY, BOUNCE, TIMING, BIG_ENDIAN);
    }

    /// The one that is called `name`, or the plain one.
    ///
    /// @throws LabException if there is none
    public static HostileMachine named(String name) {
        if (name.equals(PLAIN.name())) {
            return PLAIN;
        }
        List<String> names = all().stream().map(HostileMachine::name).toList();
        return all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LabException(
                        LabException.Kind.BAD_INPUT,
                        "machine",
                        Quote.of(name),
                        "one of " + String.join(", ", names)
                                + Nearest.word(name, names)
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse("")));
    }

    private static HostileMachine machine(Profile profile, Trait... traits) {
        return new HostileMachine(
                profile.name(),
                profile.help(),
                MachineReader.read(List.of(profile), profile.name(), List.of()),
                Set.of(traits));
    }
}
