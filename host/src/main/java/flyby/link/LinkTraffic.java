package flyby.link;

import flyby.pcie.FlowClass;

/// What has passed one direction of a link.
public final class LinkTraffic {
    private static final long NEVER = Long.MAX_VALUE;

    private final Wire wire;
    private final OwedPackets owed;
    private long packets;
    private long payloadBytes;
    private long replays;
    private final Stall posted = new Stall();
    private final Stall nonPosted = new Stall();
    private final Stall completion = new Stall();

    LinkTraffic(Wire wire, OwedPackets owed) {
        this.wire = wire;
        this.owed = owed;
    }

    /// TLPs, each once.
    public long packets() {
        return packets;
    }

    /// How many times the TLPs that were not acknowledged had to go again.
    public long replays() {
        return replays;
    }

    /// The payload of all TLPs.
    public long payloadBytes() {
        return payloadBytes;
    }

    /// Acks, Naks and UpdateFCs.
    public long dataLinkPackets() {
        return owed.sentCount();
    }

    /// How long anything was on the wire.
    public long busyPicos() {
        return wire.busyPicos();
    }

    /// How long packets of `flow` could have gone but for credits.
    public long stalledPicos(FlowClass flow) {
        return of(flow).totalPicos;
    }

    void sent(int packetPayloadBytes) {
        packets++;
        payloadBytes += packetPayloadBytes;
    }

    void sent(int packetCount, long byteCount) {
        packets += packetCount;
        payloadBytes += byteCount;
    }

    void replayed() {
        replays++;
    }

    /// The oldest packet of `flow` lacks credits.
    void stall(FlowClass flow, long nowPicos) {
        Stall stall = of(flow);
        stall.sincePicos = Math.min(stall.sincePicos, nowPicos);
    }

    /// A packet of `flow` goes.
    void go(FlowClass flow, long nowPicos) {
        Stall stall = of(flow);
        if (stall.sincePicos != NEVER) {
            stall.totalPicos += nowPicos - stall.sincePicos;
            stall.sincePicos = NEVER;
        }
    }

    private Stall of(FlowClass flow) {
        return switch (flow) {
            case POSTED -> posted;
            case NON_POSTED -> nonPosted;
            case COMPLETION -> completion;
        };
    }

    private static final class Stall {
        private long sincePicos = NEVER;
        private long totalPicos;
    }
}
