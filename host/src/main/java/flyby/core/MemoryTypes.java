package flyby.core;

import flyby.base.Check;
import flyby.bus.MemoryType;
import java.util.ArrayList;
import java.util.List;

/// Which addresses have which [MemoryType]: what range registers and page attributes say together.
///
/// What nobody has named is write-back if it is memory, and uncached if it is a device's register.
public final class MemoryTypes {
    private record Range(long start, long end, MemoryType type) {}

    private final List<Range> ranges = new ArrayList<>();

    public MemoryTypes() {}

    /// Gives `byteCount` bytes from `address` on the type `type`. Ranges do not overlap.
    public void set(long address, long byteCount, MemoryType type) {
        Check.that(address >= 0 && byteCount > 0, "a range of %d bytes at 0x%x", byteCount, address);
        Range added = new Range(address, address + byteCount, type);
        for (Range range : ranges) {
            Check.that(
                    added.end <= range.start || range.end <= added.start,
                    "0x%x to 0x%x is %s already",
                    range.start,
                    range.end,
                    range.type);
        }
        ranges.add(added);
    }

    /// The type of `address`.
    ///
    /// @param isRegister whether it is not memory
    MemoryType of(long address, boolean isRegister) {
        for (int i = 0; i < ranges.size(); i++) {
            Range range = ranges.get(i);
            if (address >= range.start && address < range.end) {
                return range.type;
            }
        }
        return isRegister ? MemoryType.UNCACHED : MemoryType.WRITE_BACK;
    }
}
