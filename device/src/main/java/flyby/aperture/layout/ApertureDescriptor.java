package flyby.aperture.layout;

import static flyby.register.BitField.bit;

import flyby.register.BitField;

/// One operation: bytes that go between the host's memory and the device's own. Little-endian; what is not named is
/// reserved. The layout is Flyby's own.
/// ```
///   0        8       12       16       20      32
///  | HOST   | LOCAL | LENGTH | FLAGS  | --    |
/// ```
public final class ApertureDescriptor {
    public static final int BYTES = 32;

    /// Address in the host's memory, 8 bytes.
    public static final int HOST = 0;
    /// Offset in the device's memory, 4 bytes.
    public static final int LOCAL = 8;
    /// How many bytes go, 4 bytes; 0 is allowed.
    public static final int LENGTH = 12;
    /// 4 bytes.
    public static final int FLAGS = 16;

    /// The bytes go from the device to the host; else from the host to the device.
    public static final BitField FLAGS_TO_HOST = bit("TO_HOST", 0);

    private ApertureDescriptor() {}
}
