package flyby.machine;

import flyby.params.Profile;
import flyby.params.Source;
import flyby.topology.XeonHosts;
import java.util.List;

/// The hosts of pcie-bench's published data, as far as they are described: each set from its own latencies and
/// limits. Bandwidths follow.
final class ServerProfiles {
    private static final String MACHINE = "machine.";
    private static final String DATA = "pcie-bench, data, commit b2abf2f";
    private static final String CARD = ", with an NFP6000 in a Gen3 x8 slot";

    private static final Profile HSW_A = Profile.named("server-hsw-a", "Xeon E5-2620 v3 (Haswell)" + CARD)
            .include(XeonHosts.haswell(MACHINE))
            .build();

    private static final Profile HSW_B = host(
                    "server-hsw-b", "Xeon E5-2637 v3 (Haswell)", "Intel Xeon E5-2600 v3 data sheet, 330783", "15 MiB")
            .set("machine.loop.time", "546 ns", loop("HSWb: 546 ns warm, 620 ns cold"))
            .set("machine.memory.latency", "93 ns", miss("HSWb: 8 B commands, 413 ns warm, 506 ns cold"))
            .set("machine.iommu.walk-latency", "260 ns", walk("HSWb: +253 to +266 ns"))
            .build();

    private static final Profile BDW = Profile.named("server-bdw", "Xeon E5-2630 v4 (Broadwell)" + CARD)
            .include(XeonHosts.broadwell(MACHINE))
            .set("machine.link.mrrs", "4096 B", Source.measured(DATA + ": sys-lspci.txt", "BDW"))
            .set("machine.iommu.walk-latency", "280 ns", walk("BDW: 546 ns to 826 ns, 413 ns to 693 ns"))
            .build();

    private static final Profile IB = host(
                    "server-ib", "Xeon E5-2620 v2 (Ivy Bridge)", "Intel Xeon E5-2600 v2 data sheet, 329187", "15 MiB")
            .set("machine.memory.latency", "80 ns", miss("IB: 8 B commands, 400 ns warm, 480 ns cold"))
            .set("machine.memory.line-time", "5 ns", Source.derived("64 B on one channel of DDR3-1600"))
            .set("machine.iommu.walk-latency", "286 ns", walk("IB: +280 to +293 ns"))
            .set(
                    "machine.iommu.walkers",
                    5,
                    Source.measured(DATA + ": 17.6 to 18.8 M walks/s at 286 ns each", "Xeon E5-2620 v2"))
            .build();

    private static final Profile SNB = host(
                    "server-snb", "Xeon E5-2630 (Sandy Bridge)", "Intel Xeon E5-2600 data sheet, 326508", "15 MiB")
            .set("machine.memory.latency", "80 ns", miss("SNB: 8 B commands, 400 ns warm, 480 ns cold"))
            .set("machine.memory.line-time", "6 ns", Source.derived("64 B on one channel of DDR3-1333"))
            .build();

    static final List<Profile> ALL = List.of(HSW_A, HSW_B, BDW, IB, SNB);

    private ServerProfiles() {}

    /// What the hosts differ in by their data sheets.
    private static Profile.Builder host(String name, String cpu, String dataSheet, String lastLevel) {
        return Profile.named(name, cpu + CARD).include(XeonHosts.lastLevel(MACHINE, dataSheet, lastLevel));
    }

    private static Source loop(String what) {
        return Source.measured(DATA + ": 32 tags over 64 B reads", what);
    }

    private static Source miss(String what) {
        return Source.measured(DATA + ": latency", what);
    }

    private static Source walk(String what) {
        return Source.measured(DATA + ": latency beyond 512 KiB", what);
    }
}
