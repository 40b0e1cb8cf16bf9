package flyby.vfio.layout;

/// What a device is made of: sections "VFIO_USER_DEVICE_GET_INFO", "..._GET_REGION_INFO" and "..._GET_IRQ_INFO".
/// Offsets count from behind the header.
public final class DeviceMessages {
    /// u32 argsz: how long an answer the sender takes, or its sender would have liked it.
    public static final int ARGUMENT_SIZE = 0;
    /// u32.
    public static final int FLAGS = 4;

    public static final int INFO_REGIONS = 8;
    public static final int INFO_INTERRUPTS = 12;
    public static final int INFO_BYTES = 16;
    public static final int INFO_FLAG_RESET = 1;
    public static final int INFO_FLAG_PCI = 2;

    public static final int REGION_INDEX = 8;
    public static final int REGION_CAPABILITY_OFFSET = 12;
    public static final int REGION_SIZE = 16;
    public static final int REGION_FILE_OFFSET = 24;
    public static final int REGION_BYTES = 32;
    public static final int REGION_FLAG_READ = 1;
    public static final int REGION_FLAG_WRITE = 2;
    public static final int REGION_FLAG_MMAP = 4;
    public static final int REGION_FLAG_CAPABILITIES = 8;

    /// A capability: u16 id, u16 version, u32 next; of sparse areas, u32 count, u32 reserved, then u64 offset and
    /// u64 size of each.
    public static final int SPARSE_ID = 1;
    public static final int SPARSE_HEADER_BYTES = 16;
    public static final int SPARSE_AREA_BYTES = 16;

    /// Regions: BARs 0 to 5, the ROM, configuration space, VGA.
    public static final int CONFIGURATION_REGION = 7;
    public static final int REGION_COUNT = 9;

    public static final int INTERRUPT_INDEX = 8;
    public static final int INTERRUPT_COUNT = 12;
    public static final int INTERRUPT_BYTES = 16;
    public static final int INTERRUPT_FLAG_EVENTFD = 1;
    public static final int INTERRUPT_FLAG_MASKABLE = 2;
    public static final int INTERRUPT_FLAG_AUTOMASKED = 4;
    public static final int INTERRUPT_FLAG_NORESIZE = 8;

    public static final int INTX = 0;
    public static final int MSI = 1;
    public static final int MSIX = 2;
    public static final int INDEX_COUNT = 5;

    /// Section "VFIO_USER_DEVICE_SET_IRQS".
    public static final int SET_INDEX = 8;
    public static final int SET_START = 12;
    public static final int SET_COUNT = 16;
    public static final int SET_BYTES = 20;
    public static final int SET_DATA_NONE = 1;
    public static final int SET_DATA_BOOL = 2;
    public static final int SET_DATA_EVENTFD = 4;
    public static final int SET_ACTION_MASK = 8;
    public static final int SET_ACTION_UNMASK = 16;
    public static final int SET_ACTION_TRIGGER = 32;

    private DeviceMessages() {}
}
