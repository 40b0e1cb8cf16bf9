package flyby.root;

import flyby.base.Check;

/// A CPU's way to the registers of devices: the root complex's other side.
public interface ProcessorPort {
    /// Sets I/O ports apart from memory addresses.
    long IO_SPACE = 1L << 62;

    /// The address of I/O port `port`, 0 to 0xffff.
    static long port(int port) {
        Check.that(port >= 0 && port <= 0xffff, "I/O port 0x%x", port);
        return IO_SPACE | port;
    }

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

    /// Whether [#readLine] works at `address`.
    default boolean readsLines(long address) {
        return false;
    }

    /// Starts to read `byteCount` bytes (1 to 64) at `address`, by one request. Several may be under way, and are
    /// answered in any order, beside the one of [#read]. Only where [#readsLines] says so.
    ///
    /// @param into where they will be, from index `offset` on; all ones if nothing answered
    /// @param transfer the transfer that it is done for, or 0
    /// @param arrived told when they are there
    default void readLine(long address, byte[] into, int offset, int byteCount, long transfer, Runnable arrived) {
        throw Check.bug("no lines at 0x%x", address);
    }

    /// Writes the low `byteCount` bytes (1 to 64) of `from`. Posted: the CPU goes on at once, unless there is no
    /// room for the next one. Configuration and I/O writes are not posted: then there is no room until they are
    /// answered.
    ///
    /// @param room told once there is room again, if there is none
    /// @return whether there is room for the next one; if not, nothing may be written until `room` is told
    boolean write(long address, byte[] from, int offset, int byteCount, long transfer, Runnable room);
}
