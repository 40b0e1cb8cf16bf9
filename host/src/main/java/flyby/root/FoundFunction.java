package flyby.root;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A function that enumeration has found, and what it has given it.
///
/// @param id bus, device and function number
/// @param parentId of the bridge above it, -1 on bus 0
/// @param secondaryBus of a bridge, the bus below it; else 0
/// @param subordinateBus of a bridge, the highest bus below it; else 0
/// @param payloadBytes its Max_Payload_Size from now on
public record FoundFunction(
        int id,
        int parentId,
        int vendorId,
        int deviceId,
        int classCode,
        boolean isBridge,
        int secondaryBus,
        int subordinateBus,
        int payloadBytes,
        List<Bar> bars) {
    /// Which addresses a Base Address Register is for.
    public enum Space {
        /// I/O space.
        IO,
        /// Memory below 4 GiB.
        MEMORY,
        /// Memory anywhere: prefetchable, 64 bits.
        PREFETCHABLE
    }

    /// A Base Address Register with its address.
    ///
    /// @param index 0 to 5
    public record Bar(int index, Space space, long address, long byteCount) {}

    /// The Base Address Register `index`, if the function has it.
    public Optional<Bar> bar(int index) {
        return bars.stream().filter(each -> each.index() == index).findFirst();
    }

    /// `01:00.0`, as tools print it.
    public static String idText(int id) {
        return String.format(Locale.ROOT, "%02x:%02x.%x", id >>> 8, (id >>> 3) & 0x1f, id & 7);
    }
}
