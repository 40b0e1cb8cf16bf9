package flyby.validate.iommu;

import static flyby.validate.iommu.ProtectedHost.DEVICE;
import static flyby.validate.iommu.ProtectedHost.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.AddressType;
import flyby.bus.Cpu;
import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.dmar.DmaSpace;
import flyby.dmar.IommuDomain;
import flyby.dmar.Protection;
import flyby.dmar.RemappingUnit;
import flyby.iommu.InterruptRequest;
import flyby.iommu.Translation;
import flyby.sim.Alarm;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Any sequence of mapping and unmapping by the driver, and what the device reaches meanwhile: held to a list of
/// what is mapped.
final class DriverAndUnitTest {
    private static final long[] SIZES = {1, 0x800, PAGE, 3 * PAGE, 64 * PAGE, 2 << 20, 5 << 20};

    /// Where physical memory for buffers is.
    private static final long BUFFERS = 256L << 20;

    /// @param iova of the first page
    /// @param physical of it
    private record Mapped(long iova, long physical, long byteCount) {}

    @Test
    void underStrictADeviceReachesWhatIsMappedAndNothingElse() {
        Property.check(12, choices -> anything(choices, false));
    }

    @Test
    void underLazyItMayAlsoReachWhatWasMapped() {
        Property.check(12, choices -> anything(choices, true));
    }

    private static void anything(Choices choices, boolean isLazy) {
        ProtectedHost host = new ProtectedHost();
        host.run(cpu -> {
            RemappingUnit unit = host.driver(cpu);
            IommuDomain domain = unit.domain((int) choices.between(1, 2));
            unit.attach(DEVICE, domain, false);
            Alarm timer = host.simulation().event("flush timer", () -> {});
            DmaSpace space = isLazy ? DmaSpace.lazy(domain, timer) : DmaSpace.strict(domain);
            assertThat(space.protection()).isEqualTo(isLazy ? Protection.LAZY : Protection.STRICT);
            NavigableMap<Long, Mapped> live = new TreeMap<>();
            List<Mapped> stale = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                switch ((int) choices.below(4)) {
                    case 0 -> map(choices, space, live);
                    case 1 -> unmap(choices, space, live, stale);
                    case 2 -> probe(host, cpu, pickIova(choices, live, stale), live, stale);
                    default -> {
                        if (isLazy && choices.chance(1, 4)) {
                            space.flush();
                            stale.clear();
                        }
                    }
                }
                if (!isLazy) {
                    stale.clear();
                }
            }
        });
    }

    private static void map(Choices choices, DmaSpace space, NavigableMap<Long, Mapped> live) {
        long byteCount = SIZES[(int) choices.below(SIZES.length)];
        long physical = BUFFERS + (choices.below(32) << 21) + choices.below(2) * PAGE + choices.below(2) * 0x100;
        long iova = space.map(physical, byteCount, true, true);
        assertThat(iova & PAGE - 1).as("the offset within the page").isEqualTo(physical & PAGE - 1);
        live.put(iova, new Mapped(iova, physical, byteCount));
    }

    private static void unmap(Choices choices, DmaSpace space, NavigableMap<Long, Mapped> live, List<Mapped> stale) {
        if (!live.isEmpty()) {
            Mapped gone = List.copyOf(live.values()).get((int) choices.below(live.size()));
            live.remove(gone.iova());
            space.unmap(gone.iova(), gone.byteCount());
            stale.add(gone);
        }
    }

    private static long pickIova(Choices choices, NavigableMap<Long, Mapped> live, List<Mapped> stale) {
        List<Mapped> known = new ArrayList<>(live.values());
        known.addAll(stale);
        if (known.isEmpty() || choices.chance(1, 8)) {
            return (1L << 32) - choices.between(1, 4096) * PAGE;
        }
        Mapped some = known.get((int) choices.below(known.size()));
        return some.iova() + choices.below(some.byteCount()) & -64;
    }

    private static void probe(
            ProtectedHost host, Cpu cpu, long iova, NavigableMap<Long, Mapped> live, List<Mapped> stale) {
        Translation answer = host.ask(cpu, iova, AddressType.UNTRANSLATED);
        long right = physical(live.values(), iova);
        if (right >= 0) {
            assertThat(answer.isAllowed()).as("0x%x is mapped", iova).isTrue();
            assertThat(answer.address()).isEqualTo(right);
        } else if (answer.isAllowed()) {
            assertThat(answer.address())
                    .as("0x%x is not mapped, and was once", iova)
                    .isEqualTo(physical(stale, iova))
                    .isNotNegative();
        }
    }

    /// What the page of `iova` belongs to, or -1.
    private static long physical(Iterable<Mapped> mappings, long iova) {
        for (Mapped mapped : mappings) {
            long first = mapped.iova() & -PAGE;
            long end = mapped.iova() + mapped.byteCount() + PAGE - 1 & -PAGE;
            if (first <= iova && iova < end) {
                return mapped.physical() - mapped.iova() + iova;
            }
        }
        return -1;
    }

    @Test
    void aDomainIsNobodyElsesAndPassThroughIsEverything() {
        ProtectedHost host = new ProtectedHost();
        host.run(cpu -> {
            RemappingUnit unit = host.driver(cpu);
            IommuDomain domain = unit.domain(1);
            DmaSpace space = DmaSpace.strict(domain);
            long iova = space.map(BUFFERS, PAGE, true, true);
            assertThat(host.reaches(cpu, iova)).as("not attached").isFalse();

            unit.attach(DEVICE, domain, false);
            assertThat(host.reaches(cpu, iova)).isTrue();
            unit.detach(DEVICE, domain);
            assertThat(host.reaches(cpu, iova)).as("detached").isFalse();

            unit.passThrough(DEVICE);
            assertThat(host.ask(cpu, BUFFERS, AddressType.UNTRANSLATED).address())
                    .isEqualTo(BUFFERS);
            assertThat(DmaSpace.passThrough().map(BUFFERS + 5, 7, true, true)).isEqualTo(BUFFERS + 5);
        });
    }

    @Test
    void aStrictUnmappingWaitsForTheUnit() {
        ProtectedHost host = new ProtectedHost();
        long[] took = new long[1];
        host.run(cpu -> {
            RemappingUnit unit = host.driver(cpu);
            IommuDomain domain = unit.domain(1);
            unit.attach(DEVICE, domain, false);
            DmaSpace space = DmaSpace.strict(domain);
            long iova = space.map(BUFFERS, PAGE, true, true);
            long syncs = unit.invalidations().syncs();
            long before = cpu.nowPicos();
            space.unmap(iova, PAGE);
            took[0] = cpu.nowPicos() - before;
            assertThat(unit.invalidations().syncs()).isEqualTo(syncs + 1);
        });
        assertThat(took[0]).as("more than the unit takes for one descriptor").isGreaterThan(100_000);
    }

    @Test
    void onlyWhoIsAllowedInterruptsAndWhereTheTableSays() {
        ProtectedHost host = new ProtectedHost();
        host.run(cpu -> {
            RemappingUnit unit = host.driver(cpu);
            unit.interrupts().allow(0x0200, 3, 0x31);
            long address = unit.interrupts().allow(DEVICE, 300, 0x41);

            assertThat(interrupt(host, cpu, DEVICE, address)).isEqualTo("41 to 300");
            assertThat(interrupt(host, cpu, 0x0200, address)).isEqualTo("blocked");
            unit.interrupts().move(address, DEVICE, 2, 0x42);
            assertThat(interrupt(host, cpu, DEVICE, address)).isEqualTo("42 to 2");
        });
    }

    private static String interrupt(ProtectedHost host, Cpu cpu, int requesterId, long address) {
        boolean[] isDone = new boolean[1];
        InterruptRequest request = new InterruptRequest(_ -> isDone[0] = true);
        request.ask(requesterId, address, 0);
        isDone[0] = host.iommu().remap(request);
        while (!isDone[0]) {
            cpu.delay(20_000);
        }
        return request.isAllowed() ? "%x to %d".formatted(request.vector(), request.destination()) : "blocked";
    }

    @Test
    void aDeviceThatTranslatesItselfIsToldWhatToForget() {
        ProtectedHost host = new ProtectedHost();
        List<String> told = new ArrayList<>();
        host.iommu().deviceTlbs((requesterId, address, pages) -> {
            told.add("%x: %d from %x".formatted(requesterId, pages, address));
            host.iommu().deviceTlbInvalidated();
        });
        host.run(cpu -> {
            RemappingUnit unit = host.driver(cpu);
            IommuDomain domain = unit.domain(1);
            unit.attach(DEVICE, domain, true);
            DmaSpace space = DmaSpace.strict(domain);
            long one = space.map(BUFFERS, PAGE, true, true);
            long eight = space.map(BUFFERS, 8 * PAGE, true, true);
            space.unmap(one, PAGE);
            space.unmap(eight, 8 * PAGE);
        });

        assertThat(told).containsExactly("100: 1 from fffff000", "100: 8 from ffff0000");
    }
}
