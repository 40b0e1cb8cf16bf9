package flyby.i8237;

/// What can be seen of an 8237A from outside at one half of a clock, and its state.
///
/// @param address A0 to A7, or -1 while they float
/// @param data DB0 to DB7 while the chip drives them in DMA cycles, or -1
record Pins(
        State state,
        boolean hrq,
        int dack,
        boolean aen,
        boolean adstb,
        int address,
        int data,
        boolean ior,
        boolean iow,
        boolean memr,
        boolean memw,
        boolean eop) {

    static Pins of(I8237A chip) {
        return new Pins(
                chip.state(),
                chip.hrq(),
                chip.dack(),
                chip.aen(),
                chip.adstb(),
                chip.addressPins(),
                chip.dataPins(),
                chip.ior(),
                chip.iow(),
                chip.memr(),
                chip.memw(),
                chip.eop());
    }
}
