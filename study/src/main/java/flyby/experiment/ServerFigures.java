package flyby.experiment;

import flyby.coherence.SocketCounts;
import flyby.link.Link;
import flyby.link.LinkTraffic;
import flyby.machine.PcieMachine;
import flyby.study.Figure;
import flyby.study.Figure.Unit;
import java.util.ArrayList;
import java.util.List;

/// The figures that every run on a [PcieMachine] has.
final class ServerFigures {
    private ServerFigures() {}

    static List<Figure> of(TracedRun run, PcieMachine machine, long byteCount) {
        List<Figure> figures = new ArrayList<>();
        figures.add(run.throughput(byteCount));
        long packets = 0;
        long dataLinkPackets = 0;
        long busiest = 0;
        for (Link link : machine.links()) {
            for (LinkTraffic traffic : List.of(link.upstreamTraffic(), link.downstreamTraffic())) {
                packets += traffic.packets();
                dataLinkPackets += traffic.dataLinkPackets();
                busiest = Math.max(busiest, traffic.busyPicos());
            }
        }
        figures.add(count("packetCount", "packets", packets, true));
        figures.add(count("dataLinkPacketCount", "DLLPs", dataLinkPackets, false));
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
        figures.add(TracedRun.figure(
                "memoryResidentBytes", "memory used", machine.memory().residentBytes(), Unit.BYTES, false));
        figures.add(count("traceRecordCount", "trace records", run.hash().recordCount(), false));
        return figures;
    }

    private static Figure count(String key, String title, long value, boolean inTable) {
        return TracedRun.figure(key, title, value, Unit.COUNT, inTable);
    }
}
