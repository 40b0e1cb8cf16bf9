package upcase;

/// The registers of the upcaser: what its data sheet would say. Each is 32 bits wide.
final class UpcaseRegisters {
    static final int VENDOR_ID = 0xf1b0;
    static final int DEVICE_ID = 0x0001;
    static final int BYTES = 16;

    /// Where the text is, as the device sees memory.
    static final int ADDRESS = 0x0;
    /// How long it is, 1 to [#LENGTH_MAX] bytes.
    static final int LENGTH = 0x4;
    /// A write of [#START] starts the device.
    static final int CONTROL = 0x8;
    /// [#DONE] or [#ERROR], which interrupt, until a 1 is written to it.
    static final int STATUS = 0xc;

    static final int START = 1;
    static final int DONE = 1;
    static final int ERROR = 2;

    static final int LENGTH_MAX = 4096;

    private UpcaseRegisters() {}
}
