package flyby.i8237;

/// The pins of an 8237A, whichever model it is: what a test can do to [I8237A] and [ReferenceChip] alike.
interface Chip {
    void reset();

    void dreq(int channel, boolean high);

    void hlda(boolean high);

    void ready(boolean high);

    void externalEop(boolean low);

    int read(int offset);

    void write(int offset, int value);

    /// Data sheet, "Programming": "The 8237A will accept programming from the host processor any time that HLDA is
    /// inactive".
    boolean isProgrammable();

    void clockFalls();

    void clockRises();

    Pins pins();

    default void clock() {
        clockFalls();
        clockRises();
    }

    default State state() {
        return pins().state();
    }

    /// An address or a count: low byte, then high.
    default void writeWord(int offset, int word) {
        write(offset, word & 0xff);
        write(offset, word >> 8);
    }
}
