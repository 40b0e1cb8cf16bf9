package flyby.i8237;

/// Bits 3 and 2 of the mode register. Data sheet 231466, "Mode Register".
public enum TransferType {
    /// Addresses and DACK as in a transfer, but no strobes.
    VERIFY,
    /// From the peripheral to memory: IOR and MEMW.
    WRITE,
    /// From memory to the peripheral: MEMR and IOW.
    READ,
    /// Not defined; the chip drives no strobes.
    ILLEGAL;

    private static final TransferType[] BY_CODE = {VERIFY, WRITE, READ, ILLEGAL};

    /// The type whose bits are `code`, 0 to 3.
    static TransferType of(int code) {
        return BY_CODE[code];
    }
}
