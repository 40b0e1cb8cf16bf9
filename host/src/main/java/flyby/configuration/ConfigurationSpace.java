package flyby.configuration;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.configuration.layout.CapabilityIds;
import flyby.configuration.layout.HeaderRegisters;
import java.util.ArrayList;
import java.util.List;

/// The registers of one function: section 7.2. Each bit is read-only, or software can write it, or clear it by
/// writing 1; registers that were not defined read as 0.
public final class ConfigurationSpace {
    /// How many there are: section 7.2.2.
    public static final int BYTES = 4_096;

    /// The header is in front of the capabilities: section 7.5.1.
    private static final int HEADER_BYTES = 0x40;

    /// Who acts on what software writes.
    @FunctionalInterface
    public interface Listener {
        /// Software has written `byteCount` bytes from `register` on.
        void written(int register, int byteCount);
    }

    private final byte[] values = new byte[BYTES];
    private final byte[] initial = new byte[BYTES];
    private final byte[] writable = new byte[BYTES];
    private final byte[] clearable = new byte[BYTES];
    private final byte[] sticky = new byte[BYTES];
    private final List<Listener> listeners = new ArrayList<>();
    /// The register that points to the next capability to come.
    private int lastPointer = HeaderRegisters.CAPABILITIES_POINTER;

    private int capabilityEnd = HEADER_BYTES;
    /// The extended capability defined last, 0 if there is none.
    private int lastExtended;

    private int extendedEnd = CapabilityIds.EXTENDED_START;

    /// A space in which nothing is defined.
    public ConfigurationSpace() {}

    /// Defines a register that software can only read.
    public void define(int register, int byteCount, long value) {
        define(register, byteCount, value, 0, 0);
    }

    /// Defines a register.
    ///
    /// @param value after reset
    /// @param writableBits which bits software can write
    /// @param clearableBits which bits software clears by writing 1 (RW1C)
    public void define(int register, int byteCount, long value, long writableBits, long clearableBits) {
        Check.that(register >= 0 && register <= BYTES - byteCount, "a register at 0x%x", register);
        LittleEndian.put(value, values, register, byteCount);
        LittleEndian.put(value, initial, register, byteCount);
        LittleEndian.put(writableBits, writable, register, byteCount);
        LittleEndian.put(clearableBits, clearable, register, byteCount);
    }

    /// Makes `byteCount` bytes from `register` on keep their values over a reset (ROS, RWS, RW1CS).
    public void keepOverReset(int register, int byteCount) {
        for (int i = 0; i < byteCount; i++) {
            sticky[register + i] = -1;
        }
    }

    /// Appends a capability of `byteCount` bytes to the list: section 7.5.3.1.
    ///
    /// @return where it begins; the registers behind its first two bytes are yet to be defined
    public int capability(int id, int byteCount) {
        int at = capabilityEnd;
        capabilityEnd = upToDoubleword(at + byteCount);
        Check.that(capabilityEnd <= CapabilityIds.EXTENDED_START, "no room for capability 0x%x", id);
        define(lastPointer, 1, at);
        define(at, 1, id);
        lastPointer = at + 1;
        return at;
    }

    /// Appends an extended capability of `byteCount` bytes to the list: section 7.6.3.
    ///
    /// @return where it begins; the registers behind its first four bytes are yet to be defined
    public int extendedCapability(int id, int version, int byteCount) {
        int at = extendedEnd;
        extendedEnd = upToDoubleword(at + byteCount);
        Check.that(extendedEnd <= BYTES, "no room for extended capability 0x%x", id);
        if (lastExtended != 0) {
            define(lastExtended, 4, get(lastExtended, 4) | ((long) at << 20));
        }
        define(at, 4, id | ((long) version << 16));
        lastExtended = at;
        return at;
    }

    /// Has `listener` told of all that software writes, after those that came before it. For set-up only.
    public void whenWritten(Listener listener) {
        listeners.add(listener);
    }

    /// Software reads.
    ///
    /// @param byteCount 1, 2 or 4, and `register` a multiple of it
    public long read(int register, int byteCount) {
        return get(register, byteCount);
    }

    /// Software writes.
    ///
    /// @param byteCount 1, 2 or 4, and `register` a multiple of it
    public void write(int register, int byteCount, long value) {
        for (int i = 0; i < byteCount; i++) {
            int at = register + i;
            int bits = (int) (value >>> (8 * i));
            int kept = values[at] & ~writable[at] & ~(clearable[at] & bits);
            values[at] = (byte) (kept | (bits & writable[at]));
        }
        for (Listener listener : listeners) {
            listener.written(register, byteCount);
        }
    }

    /// The hardware looks at a register.
    public long get(int register, int byteCount) {
        return LittleEndian.get(values, register, byteCount);
    }

    /// The hardware changes a register.
    public void set(int register, int byteCount, long value) {
        LittleEndian.put(value, values, register, byteCount);
    }

    /// The hardware sets `bits` of a register.
    public void setBits(int register, int byteCount, long bits) {
        set(register, byteCount, get(register, byteCount) | bits);
    }

    /// Gives every register that is not kept over a reset the value that it was defined with. Nobody is told.
    public void reset() {
        for (int i = 0; i < BYTES; i++) {
            values[i] = (byte) ((values[i] & sticky[i]) | (initial[i] & ~sticky[i]));
        }
    }

    private static int upToDoubleword(int offset) {
        return (offset + 3) & -4;
    }
}
