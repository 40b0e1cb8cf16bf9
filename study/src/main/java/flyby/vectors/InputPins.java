package flyby.vectors;

/// What a vector drives the input pins with. Until a column says otherwise, each has its inactive level.
final class InputPins {
    /// On DB: nobody drives it.
    static final int FLOATING = -1;

    boolean reset;
    boolean cs = true;
    boolean ior = true;
    boolean iow = true;
    /// A3 to A0.
    int address;
    /// DB7 to DB0, or [#FLOATING].
    int data = FLOATING;
    /// DREQ3 to DREQ0, bit 3 to bit 0.
    int dreq;
    boolean hlda;
    boolean ready = true;
    boolean eop = true;
}
