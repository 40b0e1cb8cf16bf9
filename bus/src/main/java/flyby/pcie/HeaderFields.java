package flyby.pcie;

import flyby.base.Check;

/// Fields of headers, highest byte first as in the specification's figures, and the ranges of those that many
/// share.
final class HeaderFields {
    static final int FORMAT_4DW = 0b001;
    static final int FORMAT_DATA = 0b010;
    static final int TYPE_MEMORY = 0b00000;
    static final int TYPE_COMPLETION = 0b01010;

    private HeaderFields() {}

    static void checkId(int functionId) {
        Check.that(functionId >= 0 && functionId <= 0xffff, "function id %x", functionId);
    }

    static void checkTag(int tag) {
        Check.that(tag >= 0 && tag < 1_024, "tag %d", tag);
    }

    static void checkSequence(int sequence) {
        Check.that(sequence >= 0 && sequence < 4_096, "sequence number %d", sequence);
    }

    static int get8(byte[] from, int offset) {
        return from[offset] & 0xff;
    }

    static int get16(byte[] from, int offset) {
        return (get8(from, offset) << 8) | get8(from, offset + 1);
    }

    static long get32(byte[] from, int offset) {
        return ((long) get16(from, offset) << 16) | get16(from, offset + 2);
    }

    static void put16(int value, byte[] into, int offset) {
        into[offset] = (byte) (value >> 8);
        into[offset + 1] = (byte) value;
    }

    static void put32(long value, byte[] into, int offset) {
        put16((int) (value >>> 16), into, offset);
        put16((int) value, into, offset + 2);
    }

    static int flag(boolean isSet, int bit) {
        return isSet ? 1 << bit : 0;
    }

    static boolean isSet(int value, int bit) {
        return ((value >> bit) & 1) != 0;
    }
}
