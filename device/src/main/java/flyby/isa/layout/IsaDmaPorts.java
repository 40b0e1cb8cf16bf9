package flyby.isa.layout;

/// I/O ports of the DMA of IBM's PC, PC/XT and PC/AT. PC/AT Technical Reference (6139362), section "DMA
/// Controller"; the same numbers stand in Linux's `asm/dma.h`.
public final class IsaDmaPorts {
    /// The first 8237A, channels 0 to 3: registers follow every port.
    public static final int FIRST = 0x00;

    /// The page registers.
    public static final int PAGES = 0x80;

    /// The AT's second 8237A, channels 4 to 7: registers follow every second port.
    public static final int SECOND = 0xc0;

    private static final int[] PAGE = {0x87, 0x83, 0x81, 0x82, 0x8f, 0x8b, 0x89, 0x8a};

    private IsaDmaPorts() {}

    /// The port of register `register` (A3 to A0, see [flyby.i8237.layout.I8237Registers]) of the controller of
    /// channel `channel`, 0 to 7.
    public static int port(int channel, int register) {
        return channel < 4 ? FIRST + register : SECOND + 2 * register;
    }

    /// The page register of channel `channel`, 0 to 7: A16 and up of its transfers. That of channel 4 takes part in
    /// refresh only.
    public static int page(int channel) {
        return PAGE[channel];
    }

    /// The port of the address register of channel `channel`, 0 to 7.
    public static int address(int channel) {
        return port(channel, 2 * (channel & 3));
    }

    /// The port of the word count register of channel `channel`, 0 to 7.
    public static int count(int channel) {
        return port(channel, 2 * (channel & 3) + 1);
    }
}
