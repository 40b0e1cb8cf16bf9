package flyby.i8237;

import static flyby.i8237.layout.I8237Registers.MODE_AUTOINITIALIZE;
import static flyby.i8237.layout.I8237Registers.MODE_DECREMENT;
import static flyby.i8237.layout.I8237Registers.MODE_SERVICE;
import static flyby.i8237.layout.I8237Registers.MODE_TYPE;

/// One channel's registers. Data sheet 231466, "Register Description".
final class Channel {
    private static final int WORD = 0xffff;

    /// Bits 1 and 0 say which channel, and are not kept.
    int mode;

    int address;
    int count;
    private int baseAddress;
    private int baseCount;
    private TransferType type = TransferType.VERIFY;

    void mode(int value) {
        mode = value & 0xfc;
        type = TransferType.of((int) MODE_TYPE.of(value));
    }

    /// One of the `SERVICE_` values of the mode register.
    int service() {
        return (int) MODE_SERVICE.of(mode);
    }

    /// Whether software has never touched it, or as good as.
    boolean isBlank() {
        return mode == 0 && address == 0 && count == 0;
    }

    TransferType type() {
        return type;
    }

    /// Writes one byte of base and current address.
    void writeAddress(int value, boolean high) {
        baseAddress = with(baseAddress, value, high);
        address = with(address, value, high);
    }

    /// Writes one byte of base and current word count.
    void writeCount(int value, boolean high) {
        baseCount = with(baseCount, value, high);
        count = with(count, value, high);
    }

    /// Whether the transfer that is under way is the last: the count rolls over with it.
    boolean isAtLast() {
        return count == 0;
    }

    void stepAddress() {
        address = (MODE_DECREMENT.isSet(mode) ? address - 1 : address + 1) & WORD;
    }

    void stepCount() {
        count = (count - 1) & WORD;
    }

    boolean autoinitializes() {
        return MODE_AUTOINITIALIZE.isSet(mode);
    }

    void reload() {
        address = baseAddress;
        count = baseCount;
    }

    private static int with(int word, int value, boolean high) {
        return high ? (word & 0x00ff) | (value << 8) : (word & 0xff00) | value;
    }
}
