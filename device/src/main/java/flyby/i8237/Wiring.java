package flyby.i8237;

/// What an 8237A is wired to: who is told when its output pins do something that matters to the machine.
///
/// All calls come from within [I8237A#clockFalls], [I8237A#clockRises], [I8237A#transferAtOnce] and register
/// writes, at the instant at which the pin changes.
public interface Wiring {
    /// HRQ has changed.
    void holdRequest(boolean asserted);

    /// DACK of `channel` has changed; `asserted` whatever its polarity.
    void acknowledge(int channel, boolean asserted);

    /// A fly-by transfer is made: the write strobe falls. Not called for memory-to-memory and cascade.
    ///
    /// @param type VERIFY and ILLEGAL move nothing
    /// @param address the 16 bits on A0 to A15
    /// @param terminalCount whether EOP was low with it, by the chip itself
    void transfer(int channel, TransferType type, int address, boolean terminalCount);

    /// Memory-to-memory: what is on DB0 to DB7 when the read strobe ends, in S14.
    int memoryRead(int address);

    /// Memory-to-memory: `value` is written to `address`: MEMW falls.
    ///
    /// @param terminalCount whether EOP was low with it, by the chip itself
    void memoryWrite(int address, int value, boolean terminalCount);
}
