package flyby.memory;

/// Memory as one agent reaches it: a root complex, a page walker, a CPU without caches of its own.
///
/// An access happens at one instant: bytes are read or become visible when the method is called, and the answer
/// says how long the agent has to wait from then on. What the access meets on its way, caches, other sockets, busy
/// channels, is in that time.
public interface MemoryAgent {
    /// What [#steadyWritePicos] says of memory that takes its time.
    long UNSTEADY = -1;

    /// Whether there is memory behind all of these addresses.
    boolean holds(long address, int byteCount);

    /// Puts `byteCount` bytes at `address` into `into`, from index `offset` on.
    ///
    /// @param snooped whether caches are asked; else the bytes are those of memory itself (No Snoop)
    /// @return picoseconds until the last byte is there
    long read(long address, byte[] into, int offset, int byteCount, boolean snooped);

    /// Writes `byteCount` bytes of `from`, from index `offset` on, to `address`.
    ///
    /// @param snooped whether caches are told; else a cached line of these addresses is stale from now on
    /// @return picoseconds until the agent may forget the write
    long write(long address, byte[] from, int offset, int byteCount, boolean snooped);

    /// What [#write] always answers, or [#UNSTEADY] if that depends. If it does not, writes one behind the other
    /// may be made as one, and later, as long as nobody looks.
    default long steadyWritePicos() {
        return UNSTEADY;
    }
}
