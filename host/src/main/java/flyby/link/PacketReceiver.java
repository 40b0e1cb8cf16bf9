package flyby.link;

import flyby.pcie.Packet;

/// What sits at the end of a link.
public interface PacketReceiver {
    /// `packet` has arrived, and stands in the receive buffer until [LinkEnd#free]. The receiver has it from now
    /// on.
    void received(Packet packet);

    /// The link goes up or down.
    void linkChanged(boolean up);
}
