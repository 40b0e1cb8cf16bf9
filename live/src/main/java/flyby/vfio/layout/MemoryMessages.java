package flyby.vfio.layout;

/// Memory of the client, and registers of the device: sections "VFIO_USER_DMA_MAP" to "VFIO_USER_DMA_WRITE".
/// Offsets count from behind the header.
public final class MemoryMessages {
    /// u32 argsz, u32 flags, u64 offset in the file, u64 address, u64 size.
    public static final int MAP_FLAGS = 4;
    public static final int MAP_OFFSET = 8;
    public static final int MAP_ADDRESS = 16;
    public static final int MAP_SIZE = 24;
    public static final int MAP_BYTES = 32;
    public static final int MAP_FLAG_READ = 1;
    public static final int MAP_FLAG_WRITE = 2;

    /// u32 argsz, u32 flags, u64 address, u64 size.
    public static final int UNMAP_FLAGS = 4;
    public static final int UNMAP_ADDRESS = 8;
    public static final int UNMAP_SIZE = 16;
    public static final int UNMAP_BYTES = 24;
    public static final int UNMAP_FLAG_ALL = 2;

    /// u64 offset, u32 region, u32 count, then the bytes.
    public static final int ACCESS_OFFSET = 0;
    public static final int ACCESS_REGION = 8;
    public static final int ACCESS_COUNT = 12;
    public static final int ACCESS_BYTES = 16;

    /// u64 count of writes, then each of them.
    public static final int MULTI_COUNT = 0;
    public static final int MULTI_BYTES = 8;
    /// u64 offset, u32 region, u32 count, 8 bytes.
    public static final int MULTI_WRITE_BYTES = 24;

    /// u64 address, u64 count, then the bytes.
    public static final int DMA_ADDRESS = 0;
    public static final int DMA_COUNT = 8;
    public static final int DMA_BYTES = 16;

    /// u16 major, u16 minor, then JSON that ends with a NUL.
    public static final int VERSION_MAJOR = 0;
    public static final int VERSION_MINOR = 2;
    public static final int VERSION_BYTES = 4;

    private MemoryMessages() {}
}
