package flyby.bus;

/// A device model: registers that can be read and written, and behaviour behind them.
///
/// A device knows nothing of where it runs; whatever it does to the world it does through its [DeviceHost], which
/// it is given when it is made. Register accesses happen at one instant of simulated time; what they cost is the
/// host's business.
public interface Device {
    /// What a register that does not exist reads as: nobody drives the bus, and its lines are pulled up.
    long ABSENT = -1L;

    /// The answer to a read of `byteCount` bytes (1, 2, 4 or 8) at `offset` of register region `region`.
    ///
    /// May have the side effects that the device's specification gives to reads. A read that the device does not
    /// support returns [#ABSENT], as on hardware; it never throws.
    ///
    /// @return the value, in its low `byteCount` bytes; the others are ignored
    long readRegister(int region, long offset, int byteCount);

    /// A write of the low `byteCount` bytes (1, 2, 4 or 8) of `value` at `offset` of register region `region`.
    ///
    /// A write that the device does not support is ignored, as on hardware; it never throws.
    void writeRegister(int region, long offset, int byteCount, long value);

    /// Puts the device into the state in which it is after power-on. What it had in flight is forgotten.
    void reset();
}
