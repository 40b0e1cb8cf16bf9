package flyby.register;

import flyby.base.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The registers of a device as a table: offset, width, access, name, fields.
///
/// ```java
/// public static final RegisterMap MAP = RegisterMap.titled("Streamer")
///         .register(STATUS, 2, Access.READ_ONLY, "STATUS", STATUS_READY, STATUS_END)
///         .build();
/// ```
/// Offsets stay compile-time constants, so that the device can `switch` on them.
public final class RegisterMap {
    /// What software may do with a register.
    public enum Access {
        READ_ONLY,
        WRITE_ONLY,
        READ_WRITE
    }

    /// One row of the table.
    public record Register(int offset, int byteCount, Access access, String name, List<BitField> fields) {}

    private final String title;
    private final List<Register> registers;

    private RegisterMap(String title, List<Register> registers) {
        this.title = title;
        this.registers = registers;
    }

    public static Builder titled(String title) {
        return new Builder(title);
    }

    public String title() {
        return title;
    }

    /// The rows, by offset.
    public List<Register> registers() {
        return registers;
    }

    /// The name of the register at `offset`, or the offset in hexadecimal if there is none.
    public String nameAt(long offset) {
        for (Register register : registers) {
            if (offset >= register.offset() && offset < register.offset() + register.byteCount()) {
                return register.name();
            }
        }
        return "0x" + Long.toHexString(offset);
    }

    /// How many bytes the registers span, from offset 0.
    public int spanBytes() {
        Register last = registers.getLast();
        return last.offset() + last.byteCount();
    }

    /// The whole table as text, one register or field a line.
    public String describe() {
        StringBuilder text = new StringBuilder(title).append('\n');
        for (Register r : registers) {
            text.append(String.format(
                    Locale.ROOT, "0x%02x %d %-10s %s\n", r.offset(), r.byteCount(), r.access(), r.name()));
            for (BitField f : r.fields()) {
                text.append(String.format(Locale.ROOT, "     %2d:%-2d %s\n", f.high(), f.low(), f.name()));
            }
        }
        return text.toString();
    }

    /// Collects the rows; [#build] refuses a table that contradicts itself.
    public static final class Builder {
        private final String title;
        private final List<Register> registers = new ArrayList<>();

        private Builder(String title) {
            this.title = title;
        }

        public Builder register(int offset, int byteCount, Access access, String name, BitField... fields) {
            registers.add(new Register(offset, byteCount, access, name, List.of(fields)));
            return this;
        }

        /// The table. Fails on overlap, misalignment, a field outside its register, a repeated name.
        ///
        /// A register that is only read and one that is only written may share an offset.
        public RegisterMap build() {
            List<String> names = new ArrayList<>();
            int end = 0;
            Register before = null;
            for (Register r : registers) {
                Check.that(
                        r.offset() >= end || isOtherSide(before, r),
                        "%s: %s at 0x%x overlaps or is out of order",
                        title,
                        r.name(),
                        r.offset());
                Check.that(
                        r.offset() % r.byteCount() == 0, "%s: %s at 0x%x is not aligned", title, r.name(), r.offset());
                Check.that(!names.contains(r.name()), "%s: %s stands twice", title, r.name());
                for (BitField f : r.fields()) {
                    Check.that(f.high() < r.byteCount() * 8, "%s: %s.%s is too wide", title, r.name(), f.name());
                }
                names.add(r.name());
                end = r.offset() + r.byteCount();
                before = r;
            }
            return new RegisterMap(title, List.copyOf(registers));
        }

        private static boolean isOtherSide(@Nullable Register before, Register register) {
            return before != null
                    && before.offset() == register.offset()
                    && before.byteCount() == register.byteCount()
                    && before.access() == Access.READ_ONLY
                    && register.access() == Access.WRITE_ONLY;
        }
    }
}
