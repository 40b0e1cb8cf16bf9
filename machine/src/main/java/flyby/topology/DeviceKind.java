package flyby.topology;

import flyby.base.Check;
import java.util.Arrays;
import java.util.List;

/// The device models that can be plugged into a machine by name.
public enum DeviceKind {
    /// Copies memory to memory.
    COPY_ENGINE("copy-engine", 0x1000, 0x0010, 0x08_0100),
    /// Reads and writes memory as software asks, and measures how that goes.
    TRAFFIC_GENERATOR("traffic-generator", 0x1000, 0x0011, 0xff_0000),
    /// Works through a ring of buffers in memory.
    RING("ring", 0x1000, 0x0014, 0xff_0000),
    /// A network card that attacks the host that it is plugged into.
    MALICIOUS_NIC("malicious-nic", 0x1000, 0x0013, 0x02_0000),
    /// Works off chains of descriptors in memory, on several channels, each with a vector of MSI-X.
    SG_DMA("sg-dma", 0x4000, 0x0012, 0x08_0100),
    /// Has memory of its own, which CPUs reach too.
    APERTURE("aperture", 0x1000, 0x0015, 0x12_0000, 0x10_0000),
    /// QEMU's teaching device, for the drivers of tutorials.
    EDU("edu", 0x10_0000, 0x1234, 0x11e8, 0x00_ff00, 0),
    /// The DMA engine of PLX's switches, for Linux's plx_dma.
    PLX_DMA("plx-dma", 0x1000, 0x10b5, 0x87d0, 0x08_8000, 0),
    /// An NVM Express controller with a namespace of blocks.
    NVME("nvme", 0x10_0000, 0x0016, 0x01_0802),
    /// Intel's DMA engine of Xeon E5 and E7 v2, for Linux's ioatdma.
    IOAT("ioat", 0x4000, 0x8086, 0x0e20, 0x08_8000, 0);

    private final String word;
    private final int registerBytes;
    private final int vendorId;
    private final int deviceId;
    private final int classCode;
    private final int memoryBytes;

    /// One of Flyby's own.
    DeviceKind(String word, int registerBytes, int deviceId, int classCode) {
        this(word, registerBytes, deviceId, classCode, 0);
    }

    DeviceKind(String word, int registerBytes, int deviceId, int classCode, int memoryBytes) {
        this(word, registerBytes, Ids.VENDOR, deviceId, classCode, memoryBytes);
    }

    /// One that has the identity of somebody's product, for drivers that know that.
    DeviceKind(String word, int registerBytes, int vendorId, int deviceId, int classCode, int memoryBytes) {
        this.word = word;
        this.memoryBytes = memoryBytes;
        this.registerBytes = registerBytes;
        this.vendorId = vendorId;
        this.deviceId = deviceId;
        this.classCode = classCode;
    }

    private static final class Ids {
        /// A vendor that no register of assigned vendors has.
        static final int VENDOR = 0xf1b0;
    }

    /// As files call it.
    public String word() {
        return word;
    }

    /// What its BAR 0 claims: a power of two, at least 16 for memory (section 7.5.1.2.1).
    public int registerBytes() {
        return registerBytes;
    }

    /// What its BAR 2 claims, with 64 bits and prefetchable: memory of its own; 0 if it has none.
    public int memoryBytes() {
        return memoryBytes;
    }

    /// Section 7.5.1.1.1.
    public int vendorId() {
        return vendorId;
    }

    /// Section 7.5.1.1.2.
    public int deviceId() {
        return deviceId;
    }

    /// Section 7.5.1.1.6: base class, sub-class, programming interface.
    public int classCode() {
        return classCode;
    }

    /// All names.
    public static List<String> words() {
        return Arrays.stream(values()).map(DeviceKind::word).toList();
    }

    static DeviceKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> Check.bug("no device %s", word));
    }
}
