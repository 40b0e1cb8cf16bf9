package flyby.validate.pcie;

/// Bytes each way for one packet of a NIC, summed up. Whatever is sent once for a number of packets adds its share;
/// once for 0 packets is never.
final class LinkLoad {
    private final AnalyticLink link;
    private double toHost;
    private double toDevice;

    LinkLoad(AnalyticLink link) {
        this.link = link;
    }

    void deviceWrites(int byteCount, int oncePackets) {
        toHost += share(link.writeBytes(byteCount), oncePackets);
    }

    void deviceReads(int byteCount, int oncePackets) {
        toHost += share(link.requestBytes(byteCount), oncePackets);
        deviceIsAnswered(byteCount, oncePackets);
    }

    /// The answers of a read alone.
    void deviceIsAnswered(int byteCount, int oncePackets) {
        toDevice += share(link.completionBytes(byteCount), oncePackets);
    }

    void hostWrites(int byteCount, int oncePackets) {
        toDevice += share(link.writeBytes(byteCount), oncePackets);
    }

    void hostReads(int byteCount, int oncePackets) {
        toDevice += share(link.requestBytes(byteCount), oncePackets);
        toHost += share(link.completionBytes(byteCount), oncePackets);
    }

    /// Gb/s of packets of `byteCount`, of which each costs what has been added: the fuller way is the limit.
    double gigabits(int byteCount) {
        return link.tlpGigabits() * byteCount / Math.max(toHost, toDevice);
    }

    private static double share(long byteCount, int oncePackets) {
        return oncePackets == 0 ? 0 : (double) byteCount / oncePackets;
    }
}
