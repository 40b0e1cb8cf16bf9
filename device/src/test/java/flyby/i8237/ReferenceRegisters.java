package flyby.i8237;

/// The registers of [ReferenceChip], as the processor sees them. Data sheet 231466, "Register Description", figures
/// 6 and 7.
///
/// The rules, and where the data sheet has them:
///
/// - Autoinitialize: "The base registers are loaded simultaneously with the current registers"
/// - Software Commands: "Clear First/Last Flip-Flop: This command must be executed prior to writing or reading new
///   address or word count information"
/// - Status Register: "Bits 0-3 are set every time a TC is reached by that channel or an external EOP is applied.
///   These bits are cleared upon Reset and on each Status Read. Bits 4-7 are set whenever their corresponding
///   channel is requesting service."
/// - Software Commands: "Master Clear: [...] The Command, Status, Request, Temporary, and Internal First/Last
///   Flip-Flop registers are cleared and the Mask register is set."
/// - Request Register: "Software requests will be serviced only if the channel is in Block mode", and are
///   "nonmaskable"
///
/// The data sheet calls reading offsets 9, a, b, c, e and f "Illegal"; here as in the other model they give ff and
/// change nothing. Whether "requesting service" means software requests, too, it does not say; here it is the pins.
final class ReferenceRegisters {
    static final int CHANNELS = 4;

    final int[] baseAddress = new int[CHANNELS];
    final int[] baseCount = new int[CHANNELS];
    final int[] address = new int[CHANNELS];
    final int[] count = new int[CHANNELS];
    final int[] mode = new int[CHANNELS];
    int command;
    int requests;
    int masks = 0xf;
    int terminalCounts;
    int temporary;
    private boolean highByte;

    /// RESET or Master Clear.
    void clear() {
        command = 0;
        requests = 0;
        masks = 0xf;
        terminalCounts = 0;
        temporary = 0;
        highByte = false;
    }

    /// @param active the channels whose DREQ is active, a bit each
    int read(int offset, int active) {
        return switch (offset) {
            case 0, 2, 4, 6 -> byteOf(address[offset / 2]);
            case 1, 3, 5, 7 -> byteOf(count[offset / 2]);
            case 8 -> {
                int status = (active << 4) | terminalCounts;
                terminalCounts = 0;
                yield status;
            }
            case 0xd -> temporary;
            default -> 0xff;
        };
    }

    /// Everything but Master Clear, which is the chip's.
    void write(int offset, int value) {
        int channel = value & 3;
        boolean set = (value & 4) != 0;
        switch (offset) {
            case 0, 2, 4, 6 -> {
                baseAddress[offset / 2] = withByte(baseAddress[offset / 2], value);
                address[offset / 2] = withByte(address[offset / 2], value);
                highByte = !highByte;
            }
            case 1, 3, 5, 7 -> {
                baseCount[offset / 2] = withByte(baseCount[offset / 2], value);
                count[offset / 2] = withByte(count[offset / 2], value);
                highByte = !highByte;
            }
            case 8 -> command = value;
            case 9 -> requests = withBit(requests, channel, set);
            case 0xa -> masks = withBit(masks, channel, set);
            case 0xb -> mode[channel] = value;
            case 0xc -> highByte = false;
            case 0xe -> masks = 0;
            case 0xf -> masks = value & 0xf;
            default -> throw new AssertionError(offset);
        }
    }

    private int byteOf(int word) {
        int result = highByte ? word >> 8 : word & 0xff;
        highByte = !highByte;
        return result;
    }

    private int withByte(int word, int value) {
        return highByte ? (value << 8) | (word & 0x00ff) : (word & 0xff00) | value;
    }

    private static int withBit(int bits, int channel, boolean set) {
        return set ? bits | (1 << channel) : bits & ~(1 << channel);
    }

    /// Autoinitialize: "the original values of the Current Address and Current Word Count registers are
    /// automatically restored".
    void reload(int channel) {
        address[channel] = baseAddress[channel];
        count[channel] = baseCount[channel];
    }

    /// "The word count will be decremented and the address decremented or incremented following each transfer."
    void step(int channel, boolean holdAddress) {
        count[channel] = (count[channel] - 1) & 0xffff;
        if (!holdAddress) {
            address[channel] = (address[channel] + (isDecrement(channel) ? -1 : 1)) & 0xffff;
        }
    }

    boolean isRequested(int channel) {
        return (requests & (1 << channel)) != 0;
    }

    boolean isMasked(int channel) {
        return (masks & (1 << channel)) != 0;
    }

    /// 0 verify, 1 write, 2 read, 3 illegal.
    int type(int channel) {
        return (mode[channel] >> 2) & 3;
    }

    boolean isAutoinitialize(int channel) {
        return (mode[channel] & 0x10) != 0;
    }

    private boolean isDecrement(int channel) {
        return (mode[channel] & 0x20) != 0;
    }

    boolean isDemand(int channel) {
        return mode[channel] >> 6 == 0;
    }

    boolean isSingle(int channel) {
        return mode[channel] >> 6 == 1;
    }

    boolean isBlock(int channel) {
        return mode[channel] >> 6 == 2;
    }

    boolean isCascade(int channel) {
        return mode[channel] >> 6 == 3;
    }

    boolean isMemoryToMemory() {
        return (command & 0x01) != 0;
    }

    boolean isAddressHold() {
        return (command & 0x02) != 0;
    }

    boolean isDisabled() {
        return (command & 0x04) != 0;
    }

    /// Figure of the command register: "X if bit 0 = 1", so nothing is compressed while bit 0 is set.
    boolean isCompressed() {
        return (command & 0x08) != 0 && !isMemoryToMemory();
    }

    boolean isRotating() {
        return (command & 0x10) != 0;
    }

    boolean isExtendedWrite() {
        return (command & 0x20) != 0;
    }

    boolean isDreqLow() {
        return (command & 0x40) != 0;
    }

    boolean isDackHigh() {
        return (command & 0x80) != 0;
    }
}
