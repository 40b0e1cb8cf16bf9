package flyby.dma;

/// What a mapping or an allocation may ask for, as bits to be or-ed. `Documentation/core-api/dma-attributes.rst`.
public final class Attributes {
    public static final long NONE = 0;
    /// `DMA_ATTR_WEAK_ORDERING`.
    public static final long WEAK_ORDERING = 1 << 1;
    /// `DMA_ATTR_WRITE_COMBINE`.
    public static final long WRITE_COMBINE = 1 << 2;
    /// `DMA_ATTR_NO_KERNEL_MAPPING`: what is returned for the CPU is no address.
    public static final long NO_KERNEL_MAPPING = 1 << 4;
    /// `DMA_ATTR_SKIP_CPU_SYNC`: the caller keeps caches and memory in step itself.
    public static final long SKIP_CPU_SYNC = 1 << 5;
    /// `DMA_ATTR_FORCE_CONTIGUOUS`.
    public static final long FORCE_CONTIGUOUS = 1 << 6;
    /// `DMA_ATTR_ALLOC_SINGLE_PAGES`.
    public static final long ALLOC_SINGLE_PAGES = 1 << 7;
    /// `DMA_ATTR_NO_WARN`.
    public static final long NO_WARN = 1 << 8;
    /// `DMA_ATTR_PRIVILEGED`.
    public static final long PRIVILEGED = 1 << 9;
    /// `DMA_ATTR_MMIO`: registers, not memory.
    public static final long MMIO = 1 << 10;
    /// `DMA_ATTR_DEBUGGING_IGNORE_CACHELINES`.
    public static final long DEBUGGING_IGNORE_CACHELINES = 1 << 11;
    /// `DMA_ATTR_REQUIRE_COHERENT`: fail rather than bounce or maintain caches.
    public static final long REQUIRE_COHERENT = 1 << 12;

    private Attributes() {}
}
