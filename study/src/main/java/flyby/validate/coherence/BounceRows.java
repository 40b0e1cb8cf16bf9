package flyby.validate.coherence;

import static flyby.dma.DmaStatistics.Count.BOUNCED_IN_BYTES;
import static flyby.dma.DmaStatistics.Count.BOUNCED_OUT_BYTES;
import static flyby.dma.DmaStatistics.Count.BOUNCES;
import static flyby.validate.coherence.CoherenceReferences.LINUX;

import flyby.dma.Attributes;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.dma.DmaStatistics;
import flyby.kernel.KernelMemory;
import flyby.machine.KernelSetup;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import java.util.List;
import java.util.function.BiConsumer;

/// Bounce buffers: their geometry, as mappings of a device show it, and what is copied when. Rows 9.7 and 9.8.
final class BounceRows {
    private static final long KIB = 1 << 10;
    private static final String SERVER = "server-gen3-bdw";
    private static final String HOW =
            "A server under swiotlb=force, whose driver maps buffers; the DMA API counts what it copies.";

    private BounceRows() {}

    static List<Row> rows() {
        return List.of(
                Row.of("9.7", "the geometry of bounce buffers")
                        .rule(
                                "slots of 2 KiB; 256 KiB, 128 slots, for a mapping at most; 64 MiB below 4 GiB in all",
                                BounceRows::geometry)
                        .from(Grade.A, LINUX.at("Documentation/core-api/swiotlb.rst"), HOW),
                Row.of("9.8", "what bounce buffers copy")
                        .rule(
                                "map always copies in; unmap copies out what the device may have written, unless the"
                                        + " driver skips it",
                                BounceRows::copies)
                        .from(Grade.A, LINUX.at("Documentation/core-api/swiotlb.rst"), HOW));
    }

    private static void geometry(Facts facts) {
        withDma((dma, memory) -> {
            long large = memory.allocateContiguous(512 * KIB, KernelMemory.Zone.NORMAL, "a large buffer");
            facts.equal("the most for a mapping", 256 * KIB, dma.maxMappingSize());
            facts.holds("256 KiB are mapped", map(dma, large, 256 * KIB) != Dma.MAPPING_ERROR);
            facts.equal("one byte more", Dma.MAPPING_ERROR, map(dma, large, 256 * KIB + 1));
        });
        withDma((dma, memory) -> {
            long large = memory.allocateContiguous(256 * KIB, KernelMemory.Zone.NORMAL, "a large buffer");
            long first = map(dma, large, 1);
            facts.equal("from one small mapping to the next", 2 * KIB, map(dma, large, 1) - first);
            facts.equal("behind one of 2 KiB and a byte", 4 * KIB, behind(dma, large, 2 * KIB + 1));
            facts.holds("below 4 GiB", first + 64 * KIB * KIB < 1L << 32);
        });
        withDma((dma, memory) -> {
            long large = memory.allocateContiguous(256 * KIB, KernelMemory.Zone.NORMAL, "a large buffer");
            long mapped = 0;
            while (mapped <= 1_000 && map(dma, large, 256 * KIB) != Dma.MAPPING_ERROR) {
                mapped++;
            }
            facts.equal("all together", 64 * KIB * KIB, mapped * 256 * KIB);
        });
    }

    private static long behind(Dma dma, long address, long byteCount) {
        long first = map(dma, address, byteCount);
        return map(dma, address, 1) - first;
    }

    private static long map(Dma dma, long address, long byteCount) {
        return dma.mapSingle(address, byteCount, Direction.TO_DEVICE);
    }

    private static void copies(Facts facts) {
        for (Direction direction :
                new Direction[] {Direction.TO_DEVICE, Direction.FROM_DEVICE, Direction.BIDIRECTIONAL}) {
            long out = direction == Direction.TO_DEVICE ? 0 : 1_000;
            copied(facts, direction, Attributes.NONE, out);
            copied(facts, direction, Attributes.SKIP_CPU_SYNC, 0);
        }
    }

    /// @param attributes of the unmapping
    private static void copied(Facts facts, Direction direction, long attributes, long out) {
        withDma((dma, memory) -> {
            String what = direction + (attributes == Attributes.NONE ? "" : ", skipped");
            DmaStatistics counts = dma.statistics();
            long address = memory.allocatePages(0, KernelMemory.Zone.NORMAL, "a buffer");
            long mapped = dma.mapSingle(address, 1_000, direction);
            facts.equal(what + ": bounced", 1L, counts.of(BOUNCES));
            facts.equal(what + ": copied in by map", 1_000L, counts.of(BOUNCED_IN_BYTES));
            dma.unmapSingle(mapped, 1_000, direction, attributes);
            facts.equal(what + ": copied out by unmap", out, counts.of(BOUNCED_OUT_BYTES));
        });
    }

    private static void withDma(BiConsumer<Dma, KernelMemory> work) {
        CpuBench.run(
                SERVER,
                (cpu, machine) -> {
                    KernelSetup setup = new KernelSetup(machine, cpu);
                    work.accept(
                            setup.dma(machine.device("copy0")), setup.kernel().memory());
                },
                "swiotlb.mode=force");
    }
}
