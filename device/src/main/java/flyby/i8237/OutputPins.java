package flyby.i8237;

/// What an 8237A drives, pin by pin. Levels, but for DACK: that of `dackChannel` is active.
final class OutputPins {
    static final int NONE = -1;

    boolean hrq;
    boolean aen;
    boolean adstb;
    /// The channel whose DACK is active, or [#NONE].
    int dackChannel = NONE;
    /// A0 to A15, of which the chip drives the lower half, or [#NONE].
    int address = NONE;
    /// DB0 to DB7, or [#NONE].
    int data = NONE;
    boolean ior = true;
    boolean iow = true;
    boolean memr = true;
    boolean memw = true;
    boolean eop = true;

    private final Wiring wiring;

    OutputPins(Wiring wiring) {
        this.wiring = wiring;
    }

    void hrq(boolean level) {
        if (hrq != level) {
            hrq = level;
            wiring.holdRequest(level);
        }
    }

    /// DACK of `channel` becomes active, or of none.
    void acknowledge(int channel) {
        if (dackChannel != channel) {
            int before = dackChannel;
            dackChannel = channel;
            if (before != NONE) {
                wiring.acknowledge(before, false);
            }
            if (channel != NONE) {
                wiring.acknowledge(channel, true);
            }
        }
    }

    /// Puts A8 to A15 on the data bus, for the external latch.
    void latchUpper(int from) {
        adstb = true;
        address = from;
        data = from >> 8;
    }

    void endLatch() {
        adstb = false;
        data = NONE;
    }

    /// The read strobe of a transfer of `type` falls.
    void readFalls(TransferType type) {
        switch (type) {
            case READ -> memr = false;
            case WRITE -> ior = false;
            case VERIFY, ILLEGAL -> {
                // No strobes.
            }
        }
    }

    /// The write strobe of a transfer of `type` falls.
    void writeFalls(TransferType type) {
        switch (type) {
            case READ -> iow = false;
            case WRITE -> memw = false;
            case VERIFY, ILLEGAL -> {
                // No strobes.
            }
        }
    }

    /// Strobes and EOP end.
    void strobesRise() {
        ior = true;
        iow = true;
        memr = true;
        memw = true;
        eop = true;
    }

    /// The address and data lines are let go, and the latch of the upper half is shut.
    void floatBus() {
        aen = false;
        address = NONE;
        data = NONE;
    }
}
