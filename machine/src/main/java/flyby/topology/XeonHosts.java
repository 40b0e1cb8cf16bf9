package flyby.topology;

import flyby.params.Profile;
import flyby.params.Source;

/// What is known of hosts with an Intel Xeon E5, mostly by the data of pcie-bench: in one place for all that
/// describe them.
public final class XeonHosts {
    private static final String DATA = "pcie-bench, data, commit b2abf2f";

    /// A value, and why it is right.
    public record Fact(String text, Source source) {
        /// The value of one that is a count.
        public long count() {
            return Long.parseLong(text);
        }
    }

    /// `llc.ways`.
    public static final Fact LLC_WAYS = new Fact(
            "20", Source.spec("Intel 64 and IA-32 Architectures Software Developer's Manual", "CPUID leaf 4: 20 ways"));

    /// `ddio.ways`.
    public static final Fact DDIO_WAYS =
            new Fact("2", Source.measured("IIO LLC WAYS, MSR 0xC8B: 0x600", "ddio-bench README"));

    /// `io.latency`.
    public static final Fact IO_LATENCY =
            new Fact("20 ns", Source.assumed("as a core's: it only divides the loop time into root complex and cache"));

    /// `memory.channels`.
    public static final Fact MEMORY_CHANNELS =
            new Fact("4", Source.spec("Intel Xeon E5 data sheets", "four channels of a socket"));

    /// `socket.latency`.
    public static final Fact SOCKET_LATENCY = new Fact(
            "60 ns", Source.derived("loops of 648 ns remote and 505 ns local, less the other cache, both ways"));

    /// `iommu.iotlb-entries`.
    public static final Fact IOTLB_ENTRIES = new Fact(
            "64", Source.measured("pcie-bench, SIGCOMM'18: full rate at 64 pages, less at 128", "Xeon E5, BDW"));

    /// `iommu.walkers`.
    public static final Fact WALKERS =
            new Fact("6", Source.measured(DATA + ": a walk every 46 to 57 ns at 280 ns each", "Xeon E5, HSW and BDW"));

    /// What a miss of the IOTLB adds if the walk reads one line, which is in the LLC.
    public static final Fact WALK_LATENCY =
            new Fact("280 ns", Source.measured(DATA + ": 546 ns with a hit, 826 ns with a miss", "Xeon E5, BDW"));

    /// `iommu.miss`: what of that is not the read.
    public static final Fact IOMMU_MISS =
            new Fact("260 ns", Source.derived("280 ns for a miss (pcie-bench), less 20 ns for a line in the LLC"));

    /// A read of 64 B on an idle machine that hits the LLC: from its request to its data, at the device.
    public static final Fact LOOP_TIME =
            new Fact("505 ns", Source.measured(DATA + ": 32 tags over 64 B reads", "Xeon E5, SNB to BDW"));

    /// `root.latency`.
    public static final Fact ROOT_LATENCY = new Fact(
            "350 ns",
            Source.derived("a loop of 505 ns, less Gen3 x8 and LLC, is 467 ns; assumed: three quarters on the way in"));

    /// `root.completion-latency`.
    public static final Fact ROOT_COMPLETION_LATENCY =
            new Fact("117 ns", Source.derived("the rest of the 467 ns, on the way out"));

    private XeonHosts() {}

    /// Sandy Bridge to Broadwell.
    ///
    /// @param prefix what paths begin with
    /// @param dataSheet which has the size of the last-level cache
    public static Profile lastLevel(String prefix, String dataSheet, String bytes) {
        return Profile.named("last level", "")
                .set(prefix + "llc.size", bytes, Source.spec(dataSheet, "last-level cache"))
                .set(prefix + "llc.ways", LLC_WAYS.text(), LLC_WAYS.source())
                .build();
    }

    /// The caches and memory of a Xeon E5-2630 v4 (Broadwell).
    ///
    /// @param prefix what paths begin with
    public static Profile broadwell(String prefix) {
        return Profile.named("E5-2630 v4", "")
                .include(lastLevel(prefix, "Intel Xeon E5-2600 v4 data sheet, 333810", "25 MiB"))
                .set(
                        prefix + "memory.latency",
                        "66 ns",
                        Source.measured(DATA + ": latency", "BDW: 8 B commands, 400 ns warm, 466 ns cold"))
                .set(prefix + "memory.line-time", "3750 ps", Source.derived("64 B on one channel of DDR4-2133"))
                .build();
    }

    /// The caches and memory of a Xeon E5-2620 v3 (Haswell).
    ///
    /// @param prefix what paths begin with
    public static Profile haswell(String prefix) {
        return Profile.named("E5-2620 v3", "")
                .include(lastLevel(prefix, "Intel Xeon E5-2600 v3 data sheet, 330783", "15 MiB"))
                .set(prefix + "memory.latency", "75 ns", Source.derived("loops of 580 ns cold and 505 ns warm"))
                .set(prefix + "memory.line-time", "4288 ps", Source.derived("64 B on one channel of DDR4-1866"))
                .build();
    }
}
