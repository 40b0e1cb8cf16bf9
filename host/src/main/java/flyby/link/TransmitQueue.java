package flyby.link;

import flyby.pcie.Packet;
import flyby.pcie.WriteRun;

/// A source of packets at one end of a link: a function, or the port of a switch that they came in by.
public interface TransmitQueue {
    /// Puts `packet` behind those that wait. It belongs to the link until it arrives at the other end.
    void send(Packet packet);

    /// Puts all packets of `run` behind those that wait.
    void send(WriteRun run);

    /// Has `listener` told of each packet of [#send(Packet)] whose last symbol is on the link, or that is lost as
    /// the link has gone down.
    void whenSent(SentListener listener);

    /// See [#whenSent].
    @FunctionalInterface
    interface SentListener {
        /// `packet` is on its way. To be read only within the call.
        void sent(Packet packet);
    }
}
