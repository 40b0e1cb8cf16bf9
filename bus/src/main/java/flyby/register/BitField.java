package flyby.register;

import flyby.base.Check;

/// Some bits of a register. Bit numbers are written high:low, as specifications print them.
///
/// @param name as the specification prints it
/// @param high the highest bit, 0 to 63
/// @param low the lowest bit, 0 to `high`
public record BitField(String name, int high, int low) {
    public BitField {
        Check.that(0 <= low && low <= high && high <= 63, "field %s has bits %d:%d", name, high, low);
    }

    public static BitField bits(String name, int high, int low) {
        return new BitField(name, high, low);
    }

    public static BitField bit(String name, int bit) {
        return new BitField(name, bit, bit);
    }

    /// The field's bits, in place.
    public long mask() {
        return (-1L >>> (63 - (high - low))) << low;
    }

    /// The field's value in `register`, shifted down to bit 0.
    public long of(long register) {
        return (register & mask()) >>> low;
    }

    /// Whether any of the field's bits is set in `register`.
    public boolean isSet(long register) {
        return (register & mask()) != 0;
    }

    /// `register` with this field set to `value`, whose surplus high bits are dropped.
    public long with(long register, long value) {
        return (register & ~mask()) | ((value << low) & mask());
    }

    /// The field alone, set to `value`: for building a register from its fields.
    public long to(long value) {
        return with(0, value);
    }
}
