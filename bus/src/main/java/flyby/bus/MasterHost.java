package flyby.bus;

import flyby.bus.Transaction.Kind;

/// The host of a device that runs bus cycles of its own, clock by clock, as an 8237A does.
///
/// The device raises HOLD, is told of HLDA as a [BusMaster], runs its cycles and drops HOLD. What the cycles look
/// like and how long they take is the device's business; when HLDA comes is the host's.
public interface MasterHost extends DeviceHost {
    /// Drives HOLD (on the 8237A: HRQ). Dropping it gives the bus back.
    ///
    /// @param hidden whether HLDA may come only in bus time that the CPU leaves unused, as behind a gate in the
    /// HOLD line; then `needPicos` says for how long the bus will be needed
    /// @param needPicos picoseconds; counts only if `hidden`
    void hold(boolean asserted, boolean hidden, long needPicos);

    /// A memory read cycle of this master ends now. Only while HLDA.
    ///
    /// @param byteCount 1 or 2
    /// @return the bytes, little-endian; ones where nothing answers
    int readMemory(long address, int byteCount);

    /// A memory write cycle of this master ends now. Only while HLDA. Where nothing answers, the bytes are lost.
    ///
    /// @param byteCount 1 or 2
    void writeMemory(long address, int byteCount, int value);

    /// A bus cycle of this master begins, for the account of who used the bus, and for the trace.
    ///
    /// @param picos when; now, or the next clock edge if nothing else happens before it
    /// @param kind as seen by the device that is served: WRITE to memory, or READ of memory
    /// @param transfer the transfer that it is part of, or 0
    void cycleBegins(long picos, Kind kind, long address, long transfer);

    /// The cycle that began last ends.
    ///
    /// @param picos when, as for [#cycleBegins]
    /// @param byteCount how many bytes it moved, 0 for a cycle that moved none
    void cycleEnds(long picos, int byteCount);

    /// Nothing else happens in the machine before this time: until then the device may go on by [#advanceTo]
    /// instead of by alarms.
    long horizonPicos();

    /// Moves the time to `timePicos`, before [#horizonPicos].
    void advanceTo(long timePicos);
}
