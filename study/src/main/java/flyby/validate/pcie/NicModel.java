package flyby.validate.pcie;

/// What a NIC and its driver send each other for one packet, in the published models' words: the host rings, the
/// NIC fetches descriptors, moves the packet, writes descriptors back, interrupts, and the host asks how far it is.
/// What is done once for many packets counts by its share.
///
/// @param transmitTail packets to one write of the transmit tail pointer
/// @param transmitFetch transmit descriptors fetched at once
/// @param transmitWriteBack transmit descriptors written back at once, or [#NEVER]
/// @param receiveTail packets to one write of the receive tail pointer
/// @param interrupt packets to one interrupt, each way, or [#NEVER]
/// @param transmitHead packets to one read of the transmit head pointer, or [#NEVER]
/// @param receiveHead packets to one read of the receive head pointer, or [#NEVER]
record NicModel(
        int transmitTail,
        int transmitFetch,
        int transmitWriteBack,
        int receiveTail,
        int interrupt,
        int transmitHead,
        int receiveHead) {
    static final int NEVER = 0;

    /// Everything for each packet; transmit descriptors are not written back.
    static final NicModel SIMPLE = new NicModel(1, 1, NEVER, 1, 1, 1, 1);

    /// An Intel 82599 as Linux' ixgbe has it.
    static final NicModel KERNEL = new NicModel(1, 40, 8, 32, 32, 1, 8);

    /// An Intel 82599 as DPDK's poll mode driver has it.
    static final NicModel DPDK = new NicModel(32, 40, 8, 32, NEVER, NEVER, NEVER);

    private static final int DESCRIPTOR_BYTES = 16;
    private static final int POINTER_BYTES = 4;
    private static final int MSI_BYTES = 4;

    /// Gb/s of packets of `byteCount` that are sent to the network.
    double transmitGigabits(AnalyticLink link, int byteCount) {
        LinkLoad load = new LinkLoad(link);
        addTransmit(load, byteCount);
        return load.gigabits(byteCount);
    }

    /// Gb/s of packets of `byteCount` that come from the network.
    ///
    /// @param countsFetch whether the requests for receive descriptors are counted, which the published program
    /// loses
    double receiveGigabits(AnalyticLink link, int byteCount, boolean countsFetch) {
        LinkLoad load = new LinkLoad(link);
        addReceive(load, byteCount, countsFetch);
        return load.gigabits(byteCount);
    }

    /// Gb/s each way of as many packets to the network as from it.
    ///
    /// @param countsFetch as of [#receiveGigabits]
    double bothGigabits(AnalyticLink link, int byteCount, boolean countsFetch) {
        LinkLoad load = new LinkLoad(link);
        addTransmit(load, byteCount);
        addReceive(load, byteCount, countsFetch);
        return load.gigabits(byteCount);
    }

    private void addTransmit(LinkLoad load, int byteCount) {
        load.hostWrites(POINTER_BYTES, transmitTail);
        load.deviceReads(DESCRIPTOR_BYTES * transmitFetch, transmitFetch);
        load.deviceReads(byteCount, 1);
        load.deviceWrites(DESCRIPTOR_BYTES * transmitWriteBack, transmitWriteBack);
        load.deviceWrites(MSI_BYTES, interrupt);
        load.hostReads(POINTER_BYTES, transmitHead);
    }

    private void addReceive(LinkLoad load, int byteCount, boolean countsFetch) {
        load.hostWrites(POINTER_BYTES, receiveTail);
        if (countsFetch) {
            load.deviceReads(DESCRIPTOR_BYTES, 1);
        } else {
            load.deviceIsAnswered(DESCRIPTOR_BYTES, 1);
        }
        load.deviceWrites(byteCount, 1);
        load.deviceWrites(DESCRIPTOR_BYTES, 1);
        load.deviceWrites(MSI_BYTES, interrupt);
        load.hostReads(POINTER_BYTES, receiveHead);
    }
}
