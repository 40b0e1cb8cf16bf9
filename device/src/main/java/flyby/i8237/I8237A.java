package flyby.i8237;

import java.util.List;

/// An Intel 8237A, clock by clock. Data sheet 231466.
///
/// A clock is two calls: [#clockFalls], which begins a state and samples DREQ, READY and EOP, and [#clockRises],
/// which samples HLDA and moves the strobes. Data sheet, "A.C. Characteristics": DREQ is set up to CLK low of SI
/// and S4, READY and EOP to CLK low, HLDA to CLK high; DACK and the rise of AEN follow CLK low; HRQ, ADSTB,
/// addresses, strobes, EOP and the fall of AEN follow CLK high.
///
/// ```
///            S1         S2         S3         S4
///  CLK   \____/~~~~~\____/~~~~~\____/~~~~~\____/~~~~~\
///  AEN    /~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
///  ADSTB       /~~~~~~~~~~\
///  DB          < A8 - A15 >
///  A0-A7       <=====================================
///  DACK               \______________________________
///  read                   \___________________/
///  write                              \_______/           late
///  EOP                                \_______/           terminal count
/// ```
/// Extended write and compressed timing move the fall of the write strobe to that of the read strobe; compressed
/// timing leaves out S3. What the data sheet leaves open is listed in `docs/8237.md`.
///
/// Registers are read and written between clocks, at the trailing edge of IOR or IOW.
public final class I8237A {
    public static final int CHANNELS = 4;

    private final Registers registers = new Registers();
    private final OutputPins pins;
    private final Sequencer sequencer;

    public I8237A(Wiring wiring) {
        pins = new OutputPins(wiring);
        sequencer = new Sequencer(wiring, registers, pins);
    }

    // Inputs.

    /// The RESET pin is pulsed.
    public void reset() {
        registers.reset();
        sequencer.reset();
    }

    /// Drives the DREQ pin of `channel`; whether that is a request depends on the polarity that COMMAND sets.
    public void dreq(int channel, boolean high) {
        registers.dreq(channel, high);
    }

    public void hlda(boolean high) {
        sequencer.hlda = high;
    }

    public void ready(boolean high) {
        sequencer.ready = high;
    }

    /// Drives EOP low from outside, or lets go of it.
    public void externalEop(boolean low) {
        sequencer.eopIn = low;
    }

    /// The CPU reads the register at `address`, A3 to A0, with all side effects of that.
    ///
    /// @return 0 to 255; an address that cannot be read, or a chip that is not programmable now, gives 0xff
    public int read(int registerAddress) {
        int value = peek(registerAddress);
        if (isProgrammable()) {
            registers.wasRead(registerAddress);
        }
        return value;
    }

    /// What the CPU sees while it reads the register at `address`, A3 to A0; no side effects.
    public int peek(int registerAddress) {
        return isProgrammable() ? registers.peek(registerAddress) : 0xff;
    }

    /// The CPU writes `value`, 0 to 255, to the register at `address`, A3 to A0. Ignored if the chip is not
    /// programmable now.
    public void write(int registerAddress, int value) {
        if (!isProgrammable()) {
            return;
        }
        if (registers.write(registerAddress, value)) {
            reset();
        }
    }

    /// Whether the CPU can reach the registers. Data sheet, "Idle Cycle": CS low and HLDA low. Not while the chip
    /// drives IOR and IOW itself, even if HLDA was taken from it; it has let go of them when HRQ falls.
    public boolean isProgrammable() {
        return !sequencer.hlda && (state() == State.SI || state() == State.S0 || !pins.hrq);
    }

    // The clock.

    /// CLK falls: the next state begins.
    public void clockFalls() {
        sequencer.clockFalls();
    }

    /// CLK rises, in the middle of a state.
    public void clockRises() {
        sequencer.clockRises();
    }

    /// Whether clocks change nothing until an input or a register does: the chip is idle and has no request, or
    /// waits for HLDA, or cascades.
    public boolean isAsleep() {
        return sequencer.isAsleep();
    }

    /// Clocks went by while the chip was asleep ([#isAsleep]) and nobody clocked it.
    public void slept(long clocks) {
        sequencer.slept(clocks);
    }

    // Transfers without their pins, for whoever clocks a chip that nobody watches.

    /// Whether the next clock begins another transfer of a service under way.
    public boolean isAtTransfer() {
        return sequencer.isAtTransfer();
    }

    /// From the middle of S4 or S24 to the middle of the clock in which the write strobe of the next transfer
    /// falls, in clocks. Only if [#isAtTransfer].
    ///
    /// @param waitStates how many SW there will be; for memory-to-memory, in each half
    public int clocksToStrobe(int waitStates) {
        return sequencer.clocksToStrobe(waitStates);
    }

    /// Does what clocking for [#clocksToStrobe] would do, but for the pins in between. Only if [#isAtTransfer].
    public void skipToStrobe() {
        sequencer.skipToStrobe();
    }

    /// From the middle of the clock in which the write strobe falls to the middle of S4 or S24, in clocks. Only
    /// right after [#skipToStrobe].
    public int clocksToEnd(int waitStates) {
        return sequencer.clocksToEnd(waitStates);
    }

    /// Does what clocking for [#clocksToEnd] would do, but for the pins in between: the chip is in S4 or S24
    /// afterwards. Only right after [#skipToStrobe].
    public void skipToEnd() {
        sequencer.skipToEnd();
    }

    // For the board around it, which sees DACK and may look up what software has programmed.

    /// The channel that is served or about to be, or -1.
    public int channel() {
        return sequencer.channel();
    }

    public boolean isMemoryToMemory() {
        return sequencer.isMemoryToMemory();
    }

    /// The current address of `channel`.
    public int currentAddress(int channel) {
        return registers.channel(channel).address;
    }

    public TransferType type(int channel) {
        return registers.channel(channel).type();
    }

    public boolean autoinitializes(int channel) {
        return registers.channel(channel).autoinitializes();
    }

    /// Whether `channel` is masked.
    public boolean isMasked(int channel) {
        return registers.isMasked(channel);
    }

    // What the pins say.

    public State state() {
        return sequencer.state();
    }

    public boolean hrq() {
        return pins.hrq;
    }

    /// The levels of DACK3 to DACK0, bit 3 to bit 0.
    public int dack() {
        int active = pins.dackChannel < 0 ? 0 : 1 << pins.dackChannel;
        return registers.isDackHigh() ? active : ~active & 0xf;
    }

    public boolean aen() {
        return pins.aen;
    }

    public boolean adstb() {
        return pins.adstb;
    }

    /// A0 to A7 while the chip drives them, or -1.
    public int addressPins() {
        return pins.address < 0 ? -1 : pins.address & 0xff;
    }

    /// DB0 to DB7 while the chip drives them in DMA cycles, or -1: the upper address byte, or in the write half of
    /// a memory-to-memory transfer the temporary register.
    public int dataPins() {
        return pins.data;
    }

    /// The level of IOR; high if the chip does not drive it. Likewise the others.
    public boolean ior() {
        return pins.ior;
    }

    public boolean iow() {
        return pins.iow;
    }

    public boolean memr() {
        return pins.memr;
    }

    public boolean memw() {
        return pins.memw;
    }

    /// The level of EOP as the chip drives it: low is a terminal count.
    public boolean eop() {
        return pins.eop;
    }

    /// The levels of DREQ3 to DREQ0 as they are driven, bit 3 to bit 0.
    public int dreqPins() {
        return registers.dreqPins();
    }

    public boolean hldaPin() {
        return sequencer.hlda;
    }

    public boolean readyPin() {
        return sequencer.ready;
    }

    /// The level of the EOP line, which the chip and the outside can both pull low.
    public boolean eopPin() {
        return pins.eop && !sequencer.eopIn;
    }

    /// Why each channel does, or does not do, what it could: one sentence each, such as "channel 2 is masked".
    public List<String> explain() {
        return Explanation.of(registers, sequencer.state(), sequencer.channel(), sequencer.clocksInState());
    }
}
