package flyby.function;

import flyby.base.Check;

/// A region of registers that a function asks for: section 7.5.1.2.1.
///
/// @param index of the Base Address Register, 0 to 5; of the first of its two, if it has 64 bits. The device sees
/// it as the number of the region.
/// @param bytes a power of two, 16 or more, of I/O space 4 to 256
public record BaseAddress(int index, Kind kind, boolean isPrefetchable, long bytes) {
    /// Where the region can be placed.
    public enum Kind {
        /// Memory below 4 GiB.
        MEMORY_32,
        /// Memory anywhere.
        MEMORY_64,
        /// I/O space.
        IO
    }

    public BaseAddress {
        Check.that(index >= 0 && index + slots(kind) <= 6, "no Base Address Register %d", index);
        Check.that(Long.bitCount(bytes) == 1 && bytes > 0, "a region of %d bytes", bytes);
        switch (kind) {
            case IO -> Check.that(bytes >= 4 && bytes <= 256 && !isPrefetchable, "%d bytes of I/O space", bytes);
            case MEMORY_32 -> Check.that(bytes >= 16 && bytes <= 1L << 31, "%d bytes below 4 GiB", bytes);
            case MEMORY_64 -> Check.that(bytes >= 16, "%d bytes of memory", bytes);
        }
    }

    /// Registers that may be anywhere in memory.
    public static BaseAddress memory64(int index, long bytes) {
        return new BaseAddress(index, Kind.MEMORY_64, false, bytes);
    }

    /// Registers below 4 GiB.
    public static BaseAddress memory32(int index, long bytes) {
        return new BaseAddress(index, Kind.MEMORY_32, false, bytes);
    }

    /// How many of the six registers it takes.
    int slots() {
        return slots(kind);
    }

    private static int slots(Kind kind) {
        return kind == Kind.MEMORY_64 ? 2 : 1;
    }
}
