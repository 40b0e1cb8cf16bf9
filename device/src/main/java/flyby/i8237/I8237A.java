package flyby.i8237;

import java.util.List;

/// An Intel 8237A, clock by clock. Data sheet 231466.
///
/// A clock is two calls: [#clockFalls], which begins a state and samples DREQ, READY and EOP, and [#clockRises],
/// which samples HLDA and moves the strobes. Data sheet, "A.C. Characteristics": DREQ, READY and EOP are set up to
/// CLK low, HLDA to CLK high; AEN and DACK follow CLK low, HRQ, ADSTB, addresses, strobes and EOP follow CLK high.
///
/// Registers are read and written between clocks, at the trailing edge of IOR or IOW.
public final class I8237A {
    public static final int CHANNELS = 4;

    public I8237A(Wiring wiring) {}

    // Inputs.

    /// The RESET pin is pulsed.
    public void reset() {}

    /// Drives the DREQ pin of `channel`; whether that is a request depends on the polarity that COMMAND sets.
    public void dreq(int channel, boolean high) {}

    public void hlda(boolean high) {}

    public void ready(boolean high) {}

    /// Drives EOP low from outside, or lets go of it.
    public void externalEop(boolean low) {}

    /// The CPU reads the register at `address`, A3 to A0.
    ///
    /// @return 0 to 255; an address that cannot be read gives 0xff
    public int read(int address) {
        return 0xff;
    }

    /// The CPU writes `value`, 0 to 255, to the register at `address`, A3 to A0.
    public void write(int address, int value) {}

    // The clock.

    /// CLK falls: the next state begins.
    public void clockFalls() {}

    /// CLK rises, in the middle of a state.
    public void clockRises() {}

    /// Whether clocks change nothing until an input or a register does: the chip is idle and has no request, or
    /// waits for HLDA, or cascades.
    public boolean isAsleep() {
        return true;
    }

    /// Whether the next clock begins a transfer of a service under way, S1 or S2 of a fly-by channel or S11.
    public boolean isAtTransfer() {
        return false;
    }

    /// Does what clocking through the next transfer would do, but for the pins in between. Only if [#isAtTransfer].
    ///
    /// @param waitStates how many SW
    /// @return how many clocks it took
    public int transferAtOnce(int waitStates) {
        return 0;
    }

    // Inputs, as they are.

    /// The levels of DREQ3 to DREQ0, bit 3 to bit 0.
    public int dreqPins() {
        return 0;
    }

    public boolean hldaPin() {
        return false;
    }

    public boolean readyPin() {
        return true;
    }

    /// The level of the EOP line: low if the chip or somebody outside pulls it low.
    public boolean eopPin() {
        return true;
    }

    /// What [#read] would give now, without what reading does to the chip.
    public int peek(int address) {
        return 0xff;
    }

    // Outputs.

    public State state() {
        return State.SI;
    }

    public boolean hrq() {
        return false;
    }

    /// The levels of DACK3 to DACK0, bit 3 to bit 0.
    public int dack() {
        return 0xf;
    }

    public boolean aen() {
        return false;
    }

    public boolean adstb() {
        return false;
    }

    /// A0 to A7 while the chip drives them, or -1.
    public int addressPins() {
        return -1;
    }

    /// DB0 to DB7 while the chip drives them in DMA cycles, or -1: the upper address byte, or in the write half of
    /// a memory-to-memory transfer the temporary register.
    public int dataPins() {
        return -1;
    }

    /// The level of IOR; high if the chip does not drive it. Likewise the others.
    public boolean ior() {
        return true;
    }

    public boolean iow() {
        return true;
    }

    public boolean memr() {
        return true;
    }

    public boolean memw() {
        return true;
    }

    /// The level of EOP as the chip drives it: low is a terminal count.
    public boolean eop() {
        return true;
    }

    // For people.

    /// Why each channel does, or does not do, what it could: one sentence each, such as "channel 2 is masked".
    public List<String> explain() {
        return List.of();
    }
}
