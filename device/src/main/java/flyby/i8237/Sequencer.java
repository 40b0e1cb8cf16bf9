package flyby.i8237;

import static flyby.i8237.OutputPins.NONE;
import static flyby.i8237.layout.I8237Registers.COMMAND_COMPRESSED;
import static flyby.i8237.layout.I8237Registers.COMMAND_EXTENDED_WRITE;
import static flyby.i8237.layout.I8237Registers.COMMAND_MEMORY_TO_MEMORY;
import static flyby.i8237.layout.I8237Registers.SERVICE_CASCADE;
import static flyby.i8237.layout.I8237Registers.SERVICE_DEMAND;
import static flyby.i8237.layout.I8237Registers.SERVICE_SINGLE;

/// The states of an 8237A: what each does as CLK falls and as it rises, and which comes next. Data sheet 231466,
/// "DMA Operation", and its timing diagrams.
final class Sequencer {
    private final Wiring wiring;
    private final Registers registers;
    private final OutputPins pins;

    // Inputs.
    boolean hlda;
    boolean ready = true;
    /// Whether EOP is driven low from outside.
    boolean eopIn;

    private State state = State.SI;
    /// The channel that is served or about to be, or [OutputPins#NONE].
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
    /// Whether the next transfer of the service needs S1.
    private boolean latchesUpper;
    /// How long the chip has been in this state, in clocks.
    private long clocksInState;

    Sequencer(Wiring wiring, Registers registers, OutputPins pins) {
        this.wiring = wiring;
        this.registers = registers;
        this.pins = pins;
    }

    State state() {
        return state;
    }

    /// The channel that is served or about to be, or [OutputPins#NONE].
    int channel() {
        return current;
    }

    boolean isMemoryToMemory() {
        return memoryToMemory;
    }

    long clocksInState() {
        return clocksInState;
    }

    void slept(long clocks) {
        clocksInState += clocks;
    }

    void reset() {
        current = NONE;
        acknowledged = false;
        withdrawn = false;
        enter(State.SI);
        endService();
        pins.strobesRise();
        pins.adstb = false;
        pins.floatBus();
        pins.hrq(false);
    }

    /// CLK falls: the next state begins.
    void clockFalls() {
        switch (state) {
            case SI -> enter(pins.hrq ? State.S0 : State.SI);
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
                pins.aen = true;
                endAsked = false;
            }
            case S2 -> {
                pins.acknowledge(current);
                endAsked = eopIn;
            }
            case S4 -> {
                stillRequested = registers.isRequested(current);
                endAsked |= eopIn;
            }
            case SC -> {
                pins.acknowledge(current);
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
    void clockRises() {
        switch (state) {
            case SI -> {
                pins.floatBus();
                pins.hrq(current != NONE);
            }
            case S0 -> {
                acknowledged = hlda && !withdrawn;
                pins.hrq(!withdrawn);
            }
            case S1 -> pins.latchUpper(registers.channel(current).address);
            case S2 -> {
                pins.address = registers.channel(current).address;
                pins.endLatch();
                pins.readFalls(registers.channel(current).type());
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
            case S11 -> pins.latchUpper(registers.channel(0).address);
            case S12 -> {
                pins.endLatch();
                pins.memr = false;
            }
            case S14 -> {
                registers.temporary(wiring.memoryRead(registers.channel(0).address));
                pins.memr = true;
            }
            case S21 -> pins.latchUpper(registers.channel(1).address);
            case S22 -> {
                pins.endLatch();
                pins.data = registers.temporary();
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
            case SC -> pins.hrq(stillRequested);
        }
    }

    boolean isAsleep() {
        return switch (state) {
            case SI -> !pins.hrq && registers.choose() == NONE;
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

    private void eopFalls(int counting) {
        pins.eop = !registers.channel(counting).isAtLast();
    }

    /// The write strobe falls.
    private void transfer() {
        Channel channel = registers.channel(current);
        pins.writeFalls(channel.type());
        wiring.transfer(current, channel.type(), channel.address, channel.isAtLast());
    }

    private void writeMemory() {
        pins.memw = false;
        Channel destination = registers.channel(1);
        wiring.memoryWrite(destination.address, registers.temporary(), destination.isAtLast());
    }

    /// The strobes end; addresses and counts move on; perhaps the service is over.
    private void finish() {
        pins.strobesRise();
        if (memoryToMemory) {
            ends = registers.stepMemoryToMemory(endAskedReading, endAsked);
        } else {
            Channel channel = registers.channel(current);
            int before = channel.address;
            boolean processEnds = registers.step(current, endAsked);
            latchesUpper = ((before ^ channel.address) & 0xff00) != 0;
            ends = processEnds
                    || channel.service() == SERVICE_SINGLE
                    || (channel.service() == SERVICE_DEMAND && !stillRequested);
        }
        if (ends) {
            pins.hrq(false);
        }
    }

    private void endService() {
        memoryToMemory = false;
        pins.acknowledge(NONE);
    }

    // Transfers without their pins: what these promise stands at the same methods of I8237A.

    boolean isAtTransfer() {
        return (state == State.S4 || state == State.S24) && !ends;
    }

    int clocksToStrobe(int waitStates) {
        int strobe = writesEarly() ? 1 : 2;
        return memoryToMemory ? 5 + waitStates + strobe : (latchesUpper ? 1 : 0) + strobe;
    }

    void skipToStrobe() {
        endAsked = eopIn;
        if (memoryToMemory) {
            registers.temporary(wiring.memoryRead(registers.channel(0).address));
            writing = true;
            endAskedReading = endAsked;
            pins.address = registers.channel(1).address;
            pins.data = registers.temporary();
            enter(writesEarly() ? State.S22 : State.S23);
            pins.eop = writesEarly() || !registers.channel(1).isAtLast();
            writeMemory();
        } else {
            pins.address = registers.channel(current).address;
            pins.readFalls(registers.channel(current).type());
            enter(writesEarly() ? State.S2 : State.S3);
            if (state == State.S3 || isCompressed()) {
                eopFalls(current);
            }
            transfer();
        }
    }

    int clocksToEnd(int waitStates) {
        boolean strobes = memoryToMemory || registers.channel(current).type() != TransferType.VERIFY;
        return (strobes ? waitStates : 0) + (state == State.S22 || (state == State.S2 && !isCompressed()) ? 2 : 1);
    }

    void skipToEnd() {
        endAsked |= eopIn;
        enter(memoryToMemory ? State.S24 : State.S4);
        stillRequested = memoryToMemory || registers.isRequested(current);
        finish();
    }
}
