package flyby.kernel;

/// Who is told which memory the kernel gives out and takes back.
public interface MemoryWatch {
    /// `byteCount` bytes at `address`, as many as were asked for, are somebody's from now on; they hold what they held.
    ///
    /// @param purpose what they are for, as whoever asked said it
    default void given(long address, long byteCount, KernelMemory.Region region, String purpose) {}

    /// All that was given at `address`, with what there was room for beyond it, is about to be taken back.
    default void taken(long address, long byteCount) {}
}
