package flyby.apidebug;

/// What `kernel/dma/debug.c` looks for, as of 2026.
public enum ApiCheck {
    /// An unmap of what no map returned: the address that stands for an error.
    INVALID_ADDRESS(1),
    /// An unmap or a free of what is not in the table.
    NOT_ALLOCATED(2),
    SIZE(3),
    /// Freed with another family of functions.
    FUNCTION(4),
    /// Coherent memory freed with another address of the CPU's.
    CPU_ADDRESS(5),
    /// A list unmapped with another count than it was mapped with.
    ENTRY_COUNT(6),
    DIRECTION(7),
    /// `dma_mapping_error` was never asked; seen at the unmap only.
    MAP_ERROR(8),
    ATTRIBUTES(9),
    SYNC_NOT_ALLOCATED(10),
    SYNC_DIRECTION(11),
    /// For the CPU, of what the device only reads; or for the device, of what it only writes.
    SYNC_PHASE(12),
    SYNC_ENTRY_COUNT(13),
    STACK(14),
    /// The kernel's text or data.
    IMAGE(15),
    INVALID_AREA(16),
    VMALLOC(17),
    /// `dma_map_resource` of memory.
    RESOURCE_OF_MEMORY(18),
    /// `CONFIG_DMA_API_DEBUG_SG`.
    SEGMENT_LENGTH(19),
    /// `CONFIG_DMA_API_DEBUG_SG`.
    SEGMENT_BOUNDARY(20),
    /// Two mappings begin in one cache line, and the device may write.
    OVERLAP(21),
    /// More than seven do. A warning of its own, made once.
    MANY_OVERLAPS(22),
    /// The driver has left, and something is still mapped.
    LEAK(23),
    /// The table has grown to a multiple of what it began with: a note, no error.
    POOL(24);

    private final int number;

    ApiCheck(int number) {
        this.number = number;
    }

    /// In `docs/checking.md`.
    public int number() {
        return number;
    }

    /// Whether it counts as an error, of which the kernel prints the first only.
    public boolean isError() {
        return this != MANY_OVERLAPS && this != POOL;
    }
}
