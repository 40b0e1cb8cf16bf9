package flyby.i8237;

import static flyby.i8237.layout.I8237Registers.COMMAND_COMPRESSED;
import static flyby.i8237.layout.I8237Registers.COMMAND_EXTENDED_WRITE;
import static flyby.i8237.layout.I8237Registers.COMMAND_MEMORY_TO_MEMORY;
import static flyby.i8237.layout.I8237Registers.SERVICE_CASCADE;
import static flyby.i8237.layout.I8237Registers.SERVICE_DEMAND;
import static flyby.i8237.layout.I8237Registers.SERVICE_SINGLE;

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

    private static final int NONE = -1;

    private final Wiring wiring;
    private final Registers registers = new Registers();

    // Inputs.
    private boolean hlda;
    private boolean ready = true;
    private boolean eopIn;

    // Outputs.
    private boolean hrq;
    private boolean aen;
    private boolean adstb;
    private int dackChannel = NONE;
    private int address = NONE;
    private int data = NONE;
    private boolean ior = true;
    private boolean iow = true;
    private boolean memr = true;
    private boolean memw = true;
    private boolean eop = true;

    private State state = State.SI;
    /// The channel that is served or about to be, or [#NONE].
    private int current = NONE;
    private boolean memoryToMemory;
    /// Whether the memory-to-memory transfer under way is in its write half.
    private boolean writing;
    /// Whether HLDA was high when it was last sampled in S0.
    private boolean acknowledged;
    /// Whether the request went away before HLDA came.
    private boolean withdrawn;
    /// Whether EOP came from outside during this transfer, or this half of a memory-to-memory transfer.
    private boolean endAsked;
    /// Whether it came during the read half.
    private boolean endAskedReading;
    /// Whether DREQ was still there when it was sampled for S4, or for this clock of SC.
    private boolean stillRequested;
    /// Whether the service is over with the transfer just made.
    private boolean ends;
    private boolean latchesUpper;
    /// How long the chip has been in this state, in clocks.
    private long clocksInState;

    public I8237A(Wiring wiring) {
        this.wiring = wiring;
    }

    // Inputs.

    /// The RESET pin is pulsed.
    public void reset() {
        registers.reset();
        current = NONE;
        acknowledged = false;
        withdrawn = false;
        enter(State.SI);
        endService();
        strobesHigh();
        eop = true;
        endLatch();
        aen = false;
        address = NONE;
        drive(false);
    }

    /// Drives the DREQ pin of `channel`; whether that is a request depends on the polarity that COMMAND sets.
    public void dreq(int channel, boolean high) {
        registers.dreq(channel, high);
    }

    public void hlda(boolean high) {
        hlda = high;
    }

    public void ready(boolean high) {
        ready = high;
    }

    /// Drives EOP low from outside, or lets go of it.
    public void externalEop(boolean low) {
        eopIn = low;
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

    /// Whether the CPU can reach the registers. Data sheet, "Idle Cycle": CS low and HLDA low.
    public boolean isProgrammable() {
        return !hlda && (state == State.SI || state == State.S0);
    }

    // The clock.

    /// CLK falls: the next state begins.
    public void clockFalls() {
        switch (state) {
            case SI -> enter(hrq ? State.S0 : State.SI);
            case S0 -> {
                if (withdrawn) {
                    enter(State.SI);
                } else if (acknowledged) {
                    beginService();
                } else {
                    enter(State.S0);
                }
            }
            case S1 -> enter(State.S2);
            case S2 -> enter(isCompressed() ? afterWait(State.S4) : State.S3);
            case S3 -> enter(afterWait(State.S4));
            case SW -> enter(afterWait(memoryToMemory ? (writing ? State.S24 : State.S14) : State.S4));
            case S4, S24 -> enter(ends ? State.SI : nextTransfer());
            case S11 -> enter(State.S12);
            case S12 -> enter(State.S13);
            case S13 -> enter(afterWait(State.S14));
            case S14 -> enter(State.S21);
            case S21 -> enter(State.S22);
            case S22 -> enter(State.S23);
            case S23 -> enter(afterWait(State.S24));
            case SC -> enter(stillRequested ? State.SC : State.SI);
        }
        begin();
    }

    /// What a state does as it begins, CLK low.
    private void begin() {
        switch (state) {
            case SI -> {
                endService();
                current = registers.choose();
                withdrawn = false;
                acknowledged = false;
            }
            case S0 -> withdrawn = !registers.isRequested(current);
            case S1, S11 -> {
                aen = true;
                endAsked = false;
            }
            case S2 -> {
                acknowledge(current);
                endAsked = eopIn;
            }
            case S4 -> {
                stillRequested = registers.isRequested(current);
                endAsked |= eopIn;
            }
            case SC -> {
                acknowledge(current);
                stillRequested = registers.isRequested(current);
            }
            case S21 -> {
                writing = true;
                endAskedReading = endAsked;
                endAsked = false;
            }
            default -> endAsked |= eopIn;
        }
    }

    /// CLK rises, in the middle of a state.
    public void clockRises() {
        switch (state) {
            case SI -> {
                aen = false;
                address = NONE;
                data = NONE;
                drive(current != NONE);
            }
            case S0 -> {
                acknowledged = hlda && !withdrawn;
                drive(!withdrawn);
            }
            case S1 -> latchUpper(registers.channel(current).address);
            case S2 -> {
                address = registers.channel(current).address;
                endLatch();
                readFalls();
                if (isCompressed()) {
                    eopFalls(current);
                }
                if (writesEarly()) {
                    transfer();
                }
            }
            case S3 -> {
                eopFalls(current);
                if (!writesEarly()) {
                    transfer();
                }
            }
            case S4 -> finish();
            case S11 -> latchUpper(registers.channel(0).address);
            case S12 -> {
                endLatch();
                memr = false;
            }
            case S14 -> {
                registers.temporary(wiring.memoryRead(registers.channel(0).address));
                memr = true;
            }
            case S21 -> latchUpper(registers.channel(1).address);
            case S22 -> {
                endLatch();
                data = registers.temporary();
                if (writesEarly()) {
                    writeMemory();
                }
            }
            case S23 -> {
                eopFalls(1);
                if (!writesEarly()) {
                    writeMemory();
                }
            }
            case S24 -> finish();
            case S13, SW -> {
                // The strobes stay as they are.
            }
            case SC -> drive(stillRequested);
        }
    }

    /// Whether clocks change nothing until an input or a register does: the chip is idle and has no request, or
    /// waits for HLDA, or cascades.
    public boolean isAsleep() {
        return switch (state) {
            case SI -> !hrq && registers.choose() == NONE;
            case S0 -> !hlda && !acknowledged && !withdrawn && registers.isRequested(current);
            case SC -> stillRequested && registers.isRequested(current);
            default -> false;
        };
    }

    // What happens in the states.

    private boolean isCompressed() {
        // Data sheet, "Command Register": bit 3 does not matter while bit 0 is set.
        int command = registers.command();
        return COMMAND_COMPRESSED.isSet(command) && !COMMAND_MEMORY_TO_MEMORY.isSet(command);
    }

    /// Whether the write strobe falls together with the read strobe: extended write, or compressed timing.
    private boolean writesEarly() {
        return isCompressed() || COMMAND_EXTENDED_WRITE.isSet(registers.command());
    }

    private void enter(State next) {
        clocksInState = next == state ? clocksInState + 1 : 0;
        state = next;
    }

    private void beginService() {
        registers.served(current);
        memoryToMemory = registers.isMemoryToMemory(current);
        writing = false;
        if (registers.channel(current).service() == SERVICE_CASCADE && !memoryToMemory) {
            enter(State.SC);
        } else {
            enter(memoryToMemory ? State.S11 : State.S1);
        }
    }

    /// READY is low: wait. Data sheet, "READY": a verify transfer does not look at it.
    private State afterWait(State next) {
        boolean strobes = memoryToMemory || registers.channel(current).type() != TransferType.VERIFY;
        return ready || !strobes ? next : State.SW;
    }

    private State nextTransfer() {
        writing = false;
        if (memoryToMemory) {
            return State.S11;
        }
        return latchesUpper ? State.S1 : State.S2;
    }

    private void latchUpper(int from) {
        adstb = true;
        address = from;
        data = from >> 8;
    }

    private void endLatch() {
        adstb = false;
        data = NONE;
    }

    private void readFalls() {
        switch (registers.channel(current).type()) {
            case READ -> memr = false;
            case WRITE -> ior = false;
            default -> {
                // Verify: no strobes.
            }
        }
    }

    private void eopFalls(int counting) {
        eop = !registers.channel(counting).isAtLast();
    }

    /// The write strobe falls.
    private void transfer() {
        Channel channel = registers.channel(current);
        switch (channel.type()) {
            case READ -> iow = false;
            case WRITE -> memw = false;
            default -> {
                // Verify: no strobes.
            }
        }
        wiring.transfer(current, channel.type(), channel.address, channel.isAtLast());
    }

    private void writeMemory() {
        memw = false;
        Channel destination = registers.channel(1);
        wiring.memoryWrite(destination.address, registers.temporary(), destination.isAtLast());
    }

    private void strobesHigh() {
        ior = true;
        iow = true;
        memr = true;
        memw = true;
    }

    /// The strobes end; addresses and counts move on; perhaps the service is over.
    private void finish() {
        strobesHigh();
        eop = true;
        boolean processEnds;
        if (memoryToMemory) {
            processEnds = registers.stepMemoryToMemory(endAskedReading, endAsked);
            ends = processEnds;
        } else {
            Channel channel = registers.channel(current);
            int before = channel.address;
            processEnds = registers.step(current, endAsked);
            latchesUpper = ((before ^ channel.address) & 0xff00) != 0;
            ends = processEnds
                    || channel.service() == SERVICE_SINGLE
                    || (channel.service() == SERVICE_DEMAND && !stillRequested);
        }
        if (ends) {
            drive(false);
        }
    }

    private void endService() {
        memoryToMemory = false;
        acknowledge(NONE);
    }

    private void drive(boolean level) {
        if (hrq != level) {
            hrq = level;
            wiring.holdRequest(level);
        }
    }

    private void acknowledge(int channel) {
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

    // Transfers without their pins, for whoever clocks a chip that nobody watches.

    /// Whether the next clock begins another transfer of a service under way.
    public boolean isAtTransfer() {
        return (state == State.S4 || state == State.S24) && !ends;
    }

    /// From the middle of S4 or S24 to the middle of the clock in which the write strobe of the next transfer
    /// falls, in clocks. Only if [#isAtTransfer].
    ///
    /// @param waitStates how many SW there will be; for memory-to-memory, in each half
    public int clocksToStrobe(int waitStates) {
        int strobe = writesEarly() ? 1 : 2;
        return memoryToMemory ? 5 + waitStates + strobe : (latchesUpper ? 1 : 0) + strobe;
    }

    /// Does what clocking for [#clocksToStrobe] would do, but for the pins in between. Only if [#isAtTransfer].
    public void skipToStrobe() {
        endAsked = eopIn;
        if (memoryToMemory) {
            registers.temporary(wiring.memoryRead(registers.channel(0).address));
            writing = true;
            endAskedReading = endAsked;
            address = registers.channel(1).address;
            data = registers.temporary();
            enter(writesEarly() ? State.S22 : State.S23);
            eop = writesEarly() || !registers.channel(1).isAtLast();
            writeMemory();
        } else {
            address = registers.channel(current).address;
            readFalls();
            enter(writesEarly() ? State.S2 : State.S3);
            if (state == State.S3 || isCompressed()) {
                eopFalls(current);
            }
            transfer();
        }
    }

    /// From the middle of the clock in which the write strobe falls to the middle of S4 or S24, in clocks. Only
    /// right after [#skipToStrobe].
    public int clocksToEnd(int waitStates) {
        boolean strobes = memoryToMemory || registers.channel(current).type() != TransferType.VERIFY;
        return (strobes ? waitStates : 0) + (state == State.S22 || (state == State.S2 && !isCompressed()) ? 2 : 1);
    }

    /// Does what clocking for [#clocksToEnd] would do, but for the pins in between: the chip is in S4 or S24
    /// afterwards. Only right after [#skipToStrobe].
    public void skipToEnd() {
        endAsked |= eopIn;
        enter(memoryToMemory ? State.S24 : State.S4);
        stillRequested = memoryToMemory || registers.isRequested(current);
        finish();
    }

    // For the board around it, which sees DACK and may look up what software has programmed.

    /// The channel that is served or about to be, or -1.
    public int channel() {
        return current;
    }

    public boolean isMemoryToMemory() {
        return memoryToMemory;
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
        return state;
    }

    public boolean hrq() {
        return hrq;
    }

    /// The levels of DACK3 to DACK0, bit 3 to bit 0.
    public int dack() {
        int active = dackChannel == NONE ? 0 : 1 << dackChannel;
        return registers.isDackHigh() ? active : ~active & 0xf;
    }

    public boolean aen() {
        return aen;
    }

    public boolean adstb() {
        return adstb;
    }

    /// A0 to A7 while the chip drives them, or -1.
    public int addressPins() {
        return address == NONE ? NONE : address & 0xff;
    }

    /// DB0 to DB7 while the chip drives them in DMA cycles, or -1: the upper address byte, or in the write half of
    /// a memory-to-memory transfer the temporary register.
    public int dataPins() {
        return data;
    }

    /// The level of IOR; high if the chip does not drive it. Likewise the others.
    public boolean ior() {
        return ior;
    }

    public boolean iow() {
        return iow;
    }

    public boolean memr() {
        return memr;
    }

    public boolean memw() {
        return memw;
    }

    /// The level of EOP as the chip drives it: low is a terminal count.
    public boolean eop() {
        return eop;
    }

    /// The levels of DREQ3 to DREQ0 as they are driven, bit 3 to bit 0.
    public int dreqPins() {
        return registers.dreqPins();
    }

    public boolean hldaPin() {
        return hlda;
    }

    public boolean readyPin() {
        return ready;
    }

    /// The level of the EOP line, which the chip and the outside can both pull low.
    public boolean eopPin() {
        return eop && !eopIn;
    }

    /// Clocks went by while the chip was asleep ([#isAsleep]) and nobody clocked it.
    public void slept(long clocks) {
        clocksInState += clocks;
    }

    /// Why each channel does, or does not do, what it could: one sentence each, such as "channel 2 is masked".
    public List<String> explain() {
        return Explanation.of(registers, state, current, clocksInState);
    }
}
