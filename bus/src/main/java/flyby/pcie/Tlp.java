package flyby.pcie;

import flyby.base.Check;

/// A transaction layer packet: section 2.2. For traces, tests and tools; what flows by the million is counted with
/// [PacketSizes] and [Segmentation] instead.
///
/// Of the header's fields AT, TH, PH and LN are not modelled: sent as 0 and ignored, as a receiver does that does
/// not support them.
public sealed interface Tlp {
    Handling handling();

    /// MRd.
    record MemoryRead(Handling handling, MemoryTarget target) implements Tlp {}

    /// MWr.
    record MemoryWrite(Handling handling, MemoryTarget target, Payload data) implements Tlp {
        public MemoryWrite {
            Check.that(data.doublewords() == target.doublewords(), "%s does not fit %s", data, target);
        }
    }

    /// CplD, or Cpl if there is no data: section 2.2.9.
    ///
    /// @param completerId bus, device and function: 16 bits
    /// @param requesterId who is answered
    /// @param tag of the request
    /// @param remainingBytes Byte Count: what is still to come of the request, with this packet; 1 to 4,096
    /// @param lowerAddress the lowest seven bits of the first byte's address
    record Completion(
            Handling handling,
            int completerId,
            CompletionStatus status,
            int remainingBytes,
            int requesterId,
            int tag,
            int lowerAddress,
            Payload data)
            implements Tlp {
        public Completion {
            HeaderFields.checkId(completerId);
            HeaderFields.checkId(requesterId);
            HeaderFields.checkTag(tag);
            Check.that(remainingBytes >= 1 && remainingBytes <= 4_096, "%d bytes to come", remainingBytes);
            Check.that(lowerAddress >= 0 && lowerAddress < 128, "lower address %x", lowerAddress);
        }
    }
}
