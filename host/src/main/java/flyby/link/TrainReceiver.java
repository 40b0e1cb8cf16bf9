package flyby.link;

import flyby.pcie.WriteRun;

/// A receiver that can take the packets of a run together, with the same result as one by one.
///
/// The packets of a train have no events of their own. Their bytes are handed over when somebody looks: so whoever
/// sits here must call [LinkEnd#catchUp] before anybody reads or writes what the packets write.
public interface TrainReceiver extends PacketReceiver {
    /// What [#holdPicos] says of packets that must come one by one.
    long ONE_BY_ONE = -1;

    /// How long each of the next packets of `run` would stand in the receive buffer from its arrival on, if they
    /// came one by one now, or [#ONE_BY_ONE] if that is not the same for all of them or anything else would happen.
    long holdPicos(WriteRun run);

    /// Before which time a packet must have arrived to have been used by now: later than `arrivedPicos`, which
    /// holds for arriving itself, it is not. A receiver that takes its time with packets says so here.
    default long usedPicos(long arrivedPicos) {
        return arrivedPicos;
    }

    /// Packets have been used since the last call, and all before them: they write `byteCount` bytes of `data`,
    /// from index `offset` on, to `address`. The bytes may be used within the call only. Nothing is to be freed.
    void arrived(byte[] data, int offset, int byteCount, long address);
}
