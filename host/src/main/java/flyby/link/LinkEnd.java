package flyby.link;

import flyby.pcie.Packet;

/// One end of a link, as the component that sits there sees it.
public interface LinkEnd {
    /// Who gets what arrives here. Once, at set-up.
    void receiver(PacketReceiver receiver);

    /// A new source of packets to be sent from here. The sources of an end take turns, packet by packet; within one
    /// the ordering rules hold, section 2.4.1. For set-up only.
    TransmitQueue queue(String name);

    /// `packet`, which arrived here, has left the receive buffer: the room that it took is credited to the other
    /// end. Says nothing of the packet itself, which may go on to another link.
    void free(Packet packet);

    /// The port here holds the link, and what is at the other end, in reset; or lets it come up, if it has held it:
    /// hot reset, section 6.6.1.
    void holdReset(boolean held);

    /// Whether packets pass. What is sent while the link is down is lost.
    boolean isUp();

    /// Hands over to a [TrainReceiver] what has arrived by now and was put off.
    default void catchUp() {}
}
