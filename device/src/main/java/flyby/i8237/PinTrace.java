package flyby.i8237;

import flyby.trace.Trace;
import flyby.trace.TraceSink;

/// Shows the pins of an 8237A as signals, under their data sheet names, so that a waveform can be laid beside the
/// data sheet's timing diagrams.
///
/// Pins that the chip shares with the CPU (A3 to A0, DB, IOR, IOW) have the level of the line, whoever drives it.
/// `STATE` is the state's name as ASCII text, three characters long: waveform viewers show it with their format
/// "ASCII". CLK is for the owner of the clock to define, by [Trace#clock].
public final class PinTrace {
    private static final int STATE_BITS = 24;
    /// What a pin is remembered as before its first sample: no level of any pin.
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final I8237A chip;
    private final Trace trace;

    private final Pin state;
    private final Pin[] dreq = new Pin[I8237A.CHANNELS];
    private final Pin hrq;
    private final Pin hlda;
    private final Pin[] dack = new Pin[I8237A.CHANNELS];
    private final Pin aen;
    private final Pin adstb;
    private final Pin address;
    private final Pin data;
    private final Pin ior;
    private final Pin iow;
    private final Pin memr;
    private final Pin memw;
    private final Pin ready;
    private final Pin eop;

    private boolean cpuIor = true;
    private boolean cpuIow = true;
    private int cpuAddress = -1;
    private int cpuData = -1;

    /// Defines the signals of `chip` in `scope`.
    public PinTrace(I8237A chip, Trace trace, String scope) {
        this.chip = chip;
        this.trace = trace;
        state = pin(scope, "STATE", STATE_BITS);
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            dreq[channel] = pin(scope, "DREQ" + channel, 1);
        }
        hrq = pin(scope, "HRQ", 1);
        hlda = pin(scope, "HLDA", 1);
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            dack[channel] = pin(scope, "DACK" + channel, 1);
        }
        aen = pin(scope, "AEN", 1);
        adstb = pin(scope, "ADSTB", 1);
        address = pin(scope, "A", 8);
        data = pin(scope, "DB", 8);
        ior = pin(scope, "IOR", 1);
        iow = pin(scope, "IOW", 1);
        memr = pin(scope, "MEMR", 1);
        memw = pin(scope, "MEMW", 1);
        ready = pin(scope, "READY", 1);
        eop = pin(scope, "EOP", 1);
    }

    private Pin pin(String scope, String name, int widthBits) {
        return new Pin(trace, trace.signal(scope, name, widthBits));
    }

    /// What others than the chip drive from now on; seen by the next [#sample].
    ///
    /// @param ior the level of IOR
    /// @param iow the level of IOW
    /// @param address A7 to A0, or -1 if nobody drives them
    /// @param data DB7 to DB0, or -1 if nobody drives them
    public void cpuDrives(boolean ior, boolean iow, int address, int data) {
        cpuIor = ior;
        cpuIow = iow;
        cpuAddress = address;
        cpuData = data;
    }

    /// Tells the trace which pins have changed since the last sample. Call it after each edge of CLK, and after
    /// whatever else moves a pin.
    public void sample(long nowPicos) {
        if (!trace.isSignalsOn()) {
            return;
        }
        state.isAt(nowPicos, text(chip.state()));
        int requests = chip.dreqPins();
        int acknowledges = chip.dack();
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            dreq[channel].isAt(nowPicos, (requests >> channel) & 1);
            dack[channel].isAt(nowPicos, (acknowledges >> channel) & 1);
        }
        hrq.isAt(nowPicos, chip.hrq());
        hlda.isAt(nowPicos, chip.hldaPin());
        aen.isAt(nowPicos, chip.aen());
        adstb.isAt(nowPicos, chip.adstb());
        address.isAt(nowPicos, line(chip.addressPins(), cpuAddress));
        data.isAt(nowPicos, line(chip.dataPins(), cpuData));
        ior.isAt(nowPicos, chip.ior() && cpuIor);
        iow.isAt(nowPicos, chip.iow() && cpuIow);
        memr.isAt(nowPicos, chip.memr());
        memw.isAt(nowPicos, chip.memw());
        ready.isAt(nowPicos, chip.readyPin());
        eop.isAt(nowPicos, chip.eopPin());
    }

    private static long line(int chipDrives, int cpuDrives) {
        int level = chipDrives >= 0 ? chipDrives : cpuDrives;
        return level >= 0 ? level : TraceSink.HIGH_IMPEDANCE;
    }

    private static long text(State state) {
        String name = state.name();
        long text = 0;
        for (int i = 0; i < name.length(); i++) {
            text = (text << 8) | name.charAt(i);
        }
        return text;
    }

    /// A signal, and the level that the trace knows of it.
    private static final class Pin {
        private final Trace trace;
        private final int signal;
        private long level = UNKNOWN;

        Pin(Trace trace, int signal) {
            this.trace = trace;
            this.signal = signal;
        }

        void isAt(long nowPicos, boolean high) {
            isAt(nowPicos, high ? 1 : 0);
        }

        void isAt(long nowPicos, long now) {
            if (now != level) {
                level = now;
                trace.signal(nowPicos, signal, now);
            }
        }
    }
}
