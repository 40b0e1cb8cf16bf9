package flyby.nvme.layout;

import static flyby.register.BitField.bits;

import flyby.register.BitField;

/// An SGL descriptor, 16 bytes: NVM Express Base Specification 1.4, section 4.4.
public final class SglDescriptor {
    public static final int BYTES = 16;

    public static final int ADDRESS = 0;
    /// Length in bytes, and in the last byte type and sub type.
    public static final int LENGTH_AND_TYPE = 8;

    public static final BitField LENGTH = bits("Length", 31, 0);
    public static final BitField SUB_TYPE = bits("SGL Descriptor Sub Type", 59, 56);
    public static final BitField TYPE = bits("SGL Descriptor Type", 63, 60);

    public static final int TYPE_DATA_BLOCK = 0;
    public static final int TYPE_BIT_BUCKET = 1;
    public static final int TYPE_SEGMENT = 2;
    public static final int TYPE_LAST_SEGMENT = 3;

    private SglDescriptor() {}
}
