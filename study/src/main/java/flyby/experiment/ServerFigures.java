package flyby.experiment;

import flyby.coherence.SocketCounts;
import flyby.iommu.Iommu;
import flyby.link.LinkTraffic;
import flyby.machine.PcieMachine;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The figures that every run on a [PcieMachine] has: what happened since the program began.
final class ServerFigures {
    private final PcieMachine machine;
    private final long packetsBefore;
    private final long dataLinkPacketsBefore;
    private final List<Long> busyBefore;

    /// Firmware has done its work on `machine`, which is not counted.
    ServerFigures(PcieMachine machine) {
        this.machine = machine;
        packetsBefore = packets();
        dataLinkPacketsBefore = dataLinkPackets();
        busyBefore = busyPicos();
    }

    private Stream<LinkTraffic> traffic() {
        return machine.links().stream().flatMap(link -> Stream.of(link.upstreamTraffic(), link.downstreamTraffic()));
    }

    private long packets() {
        return traffic().mapToLong(LinkTraffic::packets).sum();
    }

    private long dataLinkPackets() {
        return traffic().mapToLong(LinkTraffic::dataLinkPackets).sum();
    }

    private List<Long> busyPicos() {
        return traffic().map(LinkTraffic::busyPicos).toList();
    }

    List<Figure> of(TracedRun run, long byteCount) {
        List<Figure> figures = new ArrayList<>();
        figures.add(run.throughput(byteCount));
        figures.add(count("packetCount", "packets", packets() - packetsBefore, true));
        figures.add(count("dataLinkPacketCount", "DLLPs", dataLinkPackets() - dataLinkPacketsBefore, false));
        List<Long> busy = busyPicos();
        long busiest = IntStream.range(0, busy.size())
                .mapToLong(i -> busy.get(i) - busyBefore.get(i))
                .max()
                .orElse(0);
        figures.add(TracedRun.figure("busiestLinkPercent", "busiest link", run.percent(busiest), Unit.PERCENT, true));
        for (int i = 0; i < machine.caches().parameters().sockets(); i++) {
            SocketCounts counts = machine.caches().counts(i);
            String key = "socket" + i;
            String title = "socket " + i + ", ";
            figures.add(count(key + "CoreHitCount", title + "core hits", counts.coreHits(), false));
            figures.add(count(key + "CoreMissCount", title + "core misses", counts.coreMisses(), false));
            figures.add(count(key + "DeviceReadHitCount", title + "device read hits", counts.deviceReadHits(), false));
            figures.add(
                    count(key + "DeviceReadMissCount", title + "device read misses", counts.deviceReadMisses(), false));
        }
        Iommu iommu = machine.iommu();
        if (iommu != null) {
            figures.add(count("iotlbHitCount", "IOTLB hits", iommu.statistics().hits(), true));
            figures.add(count(
                    "iommuReadCount", "reads of tables", iommu.statistics().memoryReads(), false));
            figures.add(
                    count("iommuFaultCount", "IOMMU faults", iommu.statistics().faults(), false));
            figures.add(count(
                    "invalidationCount", "invalidations", iommu.statistics().invalidations(), true));
        }
        figures.add(TracedRun.figure(
                "memoryResidentBytes", "memory used", machine.memory().residentBytes(), Unit.BYTES, false));
        figures.add(count("traceRecordCount", "trace records", run.hash().recordCount(), false));
        return figures;
    }

    private static Figure count(String key, String title, long value, boolean inTable) {
        return TracedRun.figure(key, title, value, Unit.COUNT, inTable);
    }
}
