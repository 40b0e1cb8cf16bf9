package flyby.root;

/// A CPU's way to the registers of devices: the root complex's other side.
public interface ProcessorPort {
    /// Who waits for what a register holds.
    @FunctionalInterface
    interface Reader {
        /// The answer has come.
        ///
        /// @param value in its low bytes, little-endian; all ones if nothing answered
        void read(long value);
    }

    /// Whether `address` is a register of a device, or nothing, and no memory.
    boolean isMapped(long address);

    /// Starts to read `byteCount` bytes (1, 2, 4 or 8) at `address`. One read at a time.
    ///
    /// @param transfer the transfer that it is done for, or 0
    void read(long address, int byteCount, long transfer, Reader reader);

    /// Writes the low `byteCount` bytes (1 to 64) of `from`. Posted: the CPU goes on at once, unless there is no room
    /// for the next one. Configuration and I/O writes are not posted: then there is no room until they are answered.
    ///
    /// @param room told once there is room again, if there is none
    /// @return whether there is room for the next one; if not, nothing may be written until `room` is told
    boolean write(long address, byte[] from, int offset, int byteCount, long transfer, Runnable room);
}
