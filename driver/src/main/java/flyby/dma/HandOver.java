package flyby.dma;

/// What a CPU whose devices do not ask the caches does to memory that the device is going to write. Platforms differ.
public enum HandOver {
    /// Forgets the lines, as the table of Linux's ARC port says.
    INVALIDATE,
    /// Writes them back, as arm64 does.
    CLEAN,
    /// Nothing: what the CPU had stored there may be written back over what the device writes.
    NOTHING
}
