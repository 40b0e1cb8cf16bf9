package flyby.machine;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.params.Catalogue;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Settings;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One host in two descriptions: that of the small machine of pcie-bench, and that of a machine with parts.
final class XeonHostsTest {
    private static final List<String> COMMON = List.of(
            "llc.size",
            "llc.ways",
            "ddio.ways",
            "io.latency",
            "memory.latency",
            "memory.line-time",
            "memory.channels",
            "socket.latency",
            "iommu.iotlb-entries",
            "iommu.walkers");

    @ParameterizedTest
    @CsvSource({"server-bdw, server-gen3-bdw", "server-hsw-a, server-gen3-hsw"})
    void bothSayTheSame(String server, String machine) {
        Settings one = Settings.resolve(
                ServerCatalogue.PARAMETERS,
                ServerCatalogue.profiles(),
                List.of(new Given(Catalogue.PROFILE, server, Origin.DEFAULT)),
                List.of());
        Settings other = MachineLibrary.modern(machine, List.of()).machine().settings();
        for (String path : COMMON) {
            assertThat(other.resolved(path).text())
                    .as(path)
                    .isEqualTo(one.resolved("machine." + path).text());
        }
        assertThat(other.picos("iommu.miss") + other.picos("io.latency"))
                .isEqualTo(one.picos("machine.iommu.walk-latency"));
        assertThat(other.picos("root.latency") + other.picos("root.completion-latency"))
                .as("to a nanosecond")
                .isBetween(ServerCatalogue.rootPicos(one) - 1_000, ServerCatalogue.rootPicos(one) + 1_000);
    }
}
