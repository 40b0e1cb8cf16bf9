package flyby.validate.iommu;

import static flyby.validate.iommu.IommuReferences.LINUX;
import static flyby.validate.iommu.ProtectedHost.DEVICE;
import static flyby.validate.iommu.ProtectedHost.PAGE;

import flyby.bus.AddressType;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dmar.DmaSpace;
import flyby.dmar.IommuDomain;
import flyby.dmar.RemappingUnit;
import flyby.iommu.Translation;
import flyby.sim.Alarm;
import flyby.sim.Time;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.ArrayList;
import java.util.List;

/// Rows 3.16 and 3.21: what the unit lets a device reach that does what it should not. What a whole machine leaks is in
/// section `attack`.
final class ProtectionRows {
    private static final long BUFFERS = 256L << 20;
    /// More pages than a flush queue holds.
    private static final int MANY = 600;

    private ProtectionRows() {}

    static List<Row> rows() {
        return List.of(
                Row.of("3.16a", "lazy: unmapped buffers until a flush")
                        .exactly(256, "buffers", ProtectionRows::buffersUntilFlush)
                        .from(
                                Grade.A,
                                LINUX.at("drivers/iommu/dma-iommu.c, IOVA_DEFAULT_FQ_SIZE"),
                                "Buffers are unmapped one by one until the device no longer reaches the first."),
                Row.of("3.16b", "lazy: time until a flush")
                        .figure("10", "ms", Tolerance.percent("0.1"), ProtectionRows::millisUntilFlush)
                        .from(
                                Grade.A,
                                LINUX.at("drivers/iommu/dma-iommu.c, IOVA_DEFAULT_FQ_TIMEOUT"),
                                "One buffer is unmapped; the device tries every 2 us whether it still reaches it."),
                Row.of("3.21", "granularity of protection")
                        .rule("a page of 4 KiB; a buffer that has pages to itself leaks nothing", ProtectionRows::pages)
                        .from(
                                Grade.A,
                                LINUX.at("swiotlb.rst"),
                                "A buffer is mapped; addresses beside it are accessed."),
                Row.of("3.16c", "lazy: what stays reachable")
                        .rule(
                                "an unmapped page stays reachable until the flush; under strict it does not",
                                ProtectionRows::window)
                        .from(
                                Grade.A,
                                LINUX.at("drivers/iommu/dma-iommu.c"),
                                "The device writes to a buffer after it has been unmapped, in both modes."));
    }

    /// A program that has the unit's driver and a domain to which the device is attached.
    private interface Program {
        void run(ProtectedHost host, Cpu cpu, RemappingUnit unit, IommuDomain domain);
    }

    private static void with(Program program) {
        ProtectedHost host = new ProtectedHost();
        host.run(cpu -> {
            RemappingUnit unit = host.driver(cpu);
            IommuDomain domain = unit.domain(1);
            unit.attach(DEVICE, domain, false);
            program.run(host, cpu, unit, domain);
        });
    }

    private static long buffer(int index) {
        return BUFFERS + index * PAGE;
    }

    /// A timer that is never waited for.
    private static Alarm ignoredTimer(ProtectedHost host) {
        return host.simulation().event("flush timer", () -> {});
    }

    private static double buffersUntilFlush() {
        int[] unmapped = new int[1];
        with((host, cpu, _, domain) -> {
            DmaSpace space = DmaSpace.lazy(domain, ignoredTimer(host));
            List<Long> iovas = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                iovas.add(space.map(buffer(i), PAGE, true, true));
            }
            boolean isReached = host.reaches(cpu, iovas.getFirst());
            while (isReached && unmapped[0] < MANY) {
                space.unmap(iovas.get(unmapped[0]), PAGE);
                unmapped[0]++;
                isReached = host.reaches(cpu, iovas.getFirst());
            }
        });
        return unmapped[0];
    }

    private static double millisUntilFlush() {
        long[] window = new long[1];
        with((host, cpu, _, domain) -> {
            Completion due = new Completion("the flush timer");
            DmaSpace space = DmaSpace.lazy(domain, host.simulation().event("flush timer", due::complete));
            long iova = space.map(buffer(0), PAGE, true, true);
            host.reaches(cpu, iova);
            space.unmap(iova, PAGE);
            long start = cpu.nowPicos();
            while (host.reaches(cpu, iova)) {
                cpu.delay(2 * Time.MICROSECOND);
                if (due.isComplete()) {
                    due.reset();
                    space.flush();
                }
            }
            window[0] = cpu.nowPicos() - start;
        });
        return window[0] / (double) Time.MILLISECOND;
    }

    private static void pages(Facts facts) {
        with((host, cpu, _, domain) -> {
            DmaSpace space = DmaSpace.strict(domain);
            long iova = space.map(buffer(1) + 0x100, 0x200, true, true);
            long page = iova & -PAGE;
            facts.holds("the buffer", host.reaches(cpu, iova));
            facts.holds("the start of its page", host.reaches(cpu, page));
            facts.holds("the end of its page", host.reaches(cpu, page + PAGE - 64));
            facts.holds("not the page before", !host.reaches(cpu, page - 64));
            facts.holds("not the page behind", !host.reaches(cpu, page + PAGE));

            // A bounce buffer: the page has nothing else in it.
            long bounce = space.map(buffer(8), 0x200, true, true);
            Translation end = host.ask(cpu, bounce + PAGE - 64, AddressType.UNTRANSLATED);
            facts.equal("the end of the bounce buffer's own page", buffer(9) - 64, end.address());
        });
    }

    private static void window(Facts facts) {
        with((host, cpu, unit, domain) -> {
            DmaSpace strict = DmaSpace.strict(domain);
            long first = strict.map(buffer(0), PAGE, true, true);
            facts.holds("strict: reached while it is mapped", host.reaches(cpu, first));
            strict.unmap(first, PAGE);
            facts.holds("strict: not once it is unmapped", !host.reaches(cpu, first));

            IommuDomain other = unit.domain(1);
            unit.attach(DEVICE, other, false);
            DmaSpace lazy = DmaSpace.lazy(other, ignoredTimer(host));
            long iova = lazy.map(buffer(1), PAGE, true, true);
            long unused = lazy.map(buffer(2), PAGE, true, true);
            host.reaches(cpu, iova);
            lazy.unmap(iova, PAGE);
            lazy.unmap(unused, PAGE);
            Translation stale = host.ask(cpu, iova, AddressType.UNTRANSLATED);
            facts.holds("lazy: still reached when it is unmapped", stale.isAllowed());
            facts.equal("lazy: and it is the same page", buffer(1), stale.address());
            facts.holds("lazy: a page that was never accessed is not", !host.reaches(cpu, unused));
            facts.holds("lazy: its IOVA is not given out again", lazy.map(buffer(3), PAGE, true, true) != iova);
            lazy.flush();
            facts.holds("lazy: not after the flush", !host.reaches(cpu, iova));
        });
    }
}
