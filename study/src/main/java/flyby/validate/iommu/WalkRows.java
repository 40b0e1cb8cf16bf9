package flyby.validate.iommu;

import static flyby.validate.iommu.IommuReferences.FAST_SAFE;

import flyby.iommu.CacheGeometry;
import flyby.iommu.IommuParameters;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import flyby.validate.Tolerance;
import java.util.ArrayList;
import java.util.List;

/// Rows 3.1, 3.2, 3.7 and 3.9: how many reads a walk takes, and what a stream of pages gets through.
final class WalkRows {
    private static final CacheGeometry NONE = CacheGeometry.none();
    private static final CacheGeometry SOME = CacheGeometry.fullyAssociative(8);
    private static final CacheGeometry SMALL_IOTLB = CacheGeometry.fullyAssociative(16);

    /// l0: what a page of 4 KiB takes on this machine if nothing is to be read.
    private static final long PAGE_PICOS = 65_000;
    /// lm: what each read of a table takes there.
    private static final long READ_PICOS = 197_000;

    private WalkRows() {}

    static List<Row> rows() {
        return List.of(
                throughput("3.1a", 1, "125.07", SOME, SOME, SOME),
                throughput("3.1b", 2, "71.39", SOME, SOME, NONE),
                throughput("3.1c", 3, "49.95", SOME, NONE, NONE),
                throughput("3.1d", 4, "38.42", NONE, NONE, NONE),
                Row.of("3.2a", "reads for a page of 5 flows")
                        .under("1.3 IOTLB misses; 0.05, 0.05 and 0.36 of page-walk caches 1, 2 and 3")
                        .figure(
                                "1.76",
                                "reads",
                                Tolerance.exact(),
                                () -> fiveFlows().reads())
                        .from(
                                Grade.A,
                                FAST_SAFE.at("section 2.2"),
                                "130 accesses for 100 pages, with so many new pages and regions; reads are counted."),
                Row.of("3.2b", "throughput of 5 flows")
                        .under("l0 65 ns, lm 197 ns")
                        .figure(
                                "79.6",
                                "Gb/s",
                                Tolerance.rounded(),
                                () -> fiveFlows().gigabits())
                        .from(
                                Grade.A,
                                FAST_SAFE.derived("section 2.2"),
                                "The same; each page takes 65 ns once it is translated."),
                Row.of("3.7", "page-walk caches")
                        .rule(
                                "an entry covers 2^39, 2^30 and 2^21 bytes; a walk takes one to four reads",
                                WalkRows::coverage)
                        .from(
                                Grade.A,
                                FAST_SAFE.at("section 2.1"),
                                "The last page of each region and the first of the next are accessed."),
                Row.of("3.9", "bound of 100 lines in flight")
                        .under("each waits for four reads of 100 ns")
                        .figure("128", "Gb/s", Tolerance.exact(), WalkRows::hundredLines)
                        .from(
                                Grade.A,
                                FAST_SAFE.at("section 1"),
                                "100 lines of pages that nothing knows are kept under way."));
    }

    private static Row throughput(
            String id, int reads, String published, CacheGeometry pml4, CacheGeometry pdpt, CacheGeometry pd) {
        return Row.of(id, "pages through, %d reads each".formatted(reads))
                .under("p/(l0 + M lm): p 4 KiB, l0 65 ns, lm 197 ns")
                .figure(published, "Gb/s", Tolerance.rounded(), () -> {
                    PageStream stream = stream(pml4, pdpt, pd);
                    List<Long> iovas = new ArrayList<>();
                    for (int i = 0; i < 1_000; i++) {
                        iovas.add(i % 64 * PageStream.PAGE);
                    }
                    return Passed.through(stream, iovas, iovas.size()).gigabits();
                })
                .from(
                        Grade.A,
                        FAST_SAFE.derived("section 2.2"),
                        "1,000 pages, of which the IOTLB knows none; the rest follows from the page-walk caches.");
    }

    private static PageStream stream(CacheGeometry pml4, CacheGeometry pdpt, CacheGeometry pd) {
        PageStream stream = new PageStream(
                IommuParameters.typical().withIotlb(SMALL_IOTLB).withWalkCaches(pml4, pdpt, pd), READ_PICOS);
        for (int page = 0; page < 65; page++) {
            stream.map(page * PageStream.PAGE);
        }
        // What every stream knows: its context, and the tables above its first pages.
        stream.translate(64 * PageStream.PAGE);
        return stream;
    }

    private static Passed fiveFlows() {
        PageStream stream = stream(SOME, SOME, SOME);
        List<Long> iovas = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            long iova = i % 64 * PageStream.PAGE;
            if (i % 4 == 1 && i / 4 < 31) {
                iova = (1L + i / 4) << 21;
            } else if (i % 26 == 2) {
                iova = (1L + i / 26) << 39;
            }
            if (iova >= 65 * PageStream.PAGE) {
                stream.map(iova);
            }
            iovas.add(iova);
        }
        return Passed.through(stream, iovas, 100);
    }

    private static void coverage(Facts facts) {
        PageStream stream = new PageStream(IommuParameters.typical().withWalkCaches(SOME, SOME, SOME), READ_PICOS);
        long page = PageStream.PAGE;
        List<Long> iovas = List.of(
                0L,
                (1L << 21) - page,
                1L << 21,
                (1L << 30) - page,
                1L << 30,
                (1L << 39) - page,
                1L << 39,
                (1L << 48) - page);
        iovas.forEach(stream::map);
        facts.equal("reads of a first walk, with root and context", 6L, stream.reads(0));
        facts.equal("the last page of 2^21", 1L, stream.reads(iovas.get(1)));
        facts.equal("the first of the next 2^21", 2L, stream.reads(iovas.get(2)));
        facts.equal("the last page of 2^30", 2L, stream.reads(iovas.get(3)));
        facts.equal("the first of the next 2^30", 3L, stream.reads(iovas.get(4)));
        facts.equal("the last page of 2^39", 3L, stream.reads(iovas.get(5)));
        facts.equal("the first of the next 2^39", 4L, stream.reads(iovas.get(6)));
        facts.equal("the last page of 2^48", 4L, stream.reads(iovas.get(7)));
        facts.equal("a page that was there already", 0L, stream.reads(0));
    }

    private static double hundredLines() {
        PageStream stream = new PageStream(
                IommuParameters.typical()
                        .withIotlb(NONE)
                        .withWalkCaches(NONE, NONE, NONE)
                        .withWalkers(100),
                100_000);
        int pages = 1_000;
        for (int i = 0; i < pages; i++) {
            stream.map(i * PageStream.PAGE);
        }
        stream.translate(0);
        int lines = 10_000;
        return lines * 64 * 8 * 1_000.0 / stream.flood(100, pages, lines);
    }

    /// What a stream of accesses, one after the other, has come to.
    ///
    /// @param reads of tables for each page of data
    private record Passed(double reads, double gigabits) {
        /// @param pages how many of the accesses move a page; the others, to rings and the like, move next to
        /// nothing
        static Passed through(PageStream stream, List<Long> iovas, int pages) {
            long start = stream.nowPicos();
            long reads = 0;
            for (int i = 0; i < iovas.size(); i++) {
                reads += stream.reads(iovas.get(i));
                if (i < pages) {
                    stream.moveFor(PAGE_PICOS);
                }
            }
            return new Passed(
                    (double) reads / pages, pages * PageStream.PAGE * 8 * 1_000.0 / (stream.nowPicos() - start));
        }
    }
}
