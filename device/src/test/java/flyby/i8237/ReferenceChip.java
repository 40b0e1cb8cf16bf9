package flyby.i8237;

/// A second 8237A, written from the data sheet alone (Intel 231466; where that is silent, Harris FN2967) without a
/// look at the first one's code: one method per state and half of a clock, plain numbers, nothing clever.
///
/// The rules, and where the data sheet has them. DMA Operation, Single, Block and Demand Transfer Mode, Compressed
/// Timing and Address Generation were read again; the others are from memory.
///
/// - Idle Cycle: SI: "the 8237A will sample the DREQ lines every clock cycle"
/// - DMA Operation: S0: "has requested a hold but the processor has not yet returned an acknowledge. The 8237A may
///   still be programmed until it receives HLDA"
/// - DMA Operation: "wait states (SW) can be inserted between S2 or S3 and S4"
/// - Single Transfer Mode: "DREQ must be held active until DACK becomes active in order to be recognized"
/// - Block Transfer Mode: "continues making transfers during the service until a TC [...] or an external End of
///   Process"
/// - Demand Transfer Mode: "DREQ has to be low before S4 to prevent another Transfer", so it is looked at as S4
///   begins
/// - Cascade Mode: "will respond to DREQ with DACK but all other outputs except HRQ will be disabled"
/// - Transfer Types: verify: "the memory and I/O control lines all remain inactive. The ready input is ignored in
///   verify mode."
/// - Memory-to-Memory: "The transfer is initiated by setting the software DREQ for channel 0 [...] using four state
///   transfers in Block Transfer mode"
/// - Memory-to-Memory: "When the word count of channel 1 goes to FFFFH, a TC is generated causing an EOP output
///   terminating the service"
/// - Autoinitialize: "If interrupted externally, EOP pulses should be applied in both bus cycles" to autoinitialize
///   both channels
/// - Priority: "The last channel to get service becomes the lowest priority channel with the others rotating
///   accordingly"
/// - Compressed Timing: "a transfer consists only of state S2 to change the address and state S4 to perform the
///   read/write"
/// - Address Generation: "executes S1 states only when updating of A8-A15 in the latch is necessary"
/// - A.C. Characteristics: DREQ, READY, EOP set up to CLK low, HLDA to CLK high; DACK and the rise of AEN delayed
///   from CLK low; all other outputs, and (TAET) the fall of AEN, from CLK high
/// - A.C. Characteristics: tAHR, tAHW: the address holds about a clock after the strobes end; tAFAB: it floats from
///   CLK high
///
/// What it does not say stands at [TwoModelsTest].
class ReferenceChip implements Chip {
    static final int NONE = -1;

    final ReferenceRegisters registers = new ReferenceRegisters();
    private final Wiring wiring;
    private State state = State.SI;

    private final boolean[] dreqHigh = new boolean[ReferenceRegisters.CHANNELS];
    private boolean hlda;
    private boolean ready = true;
    private boolean eopIn = true;

    private int channel = NONE;
    private int lowest = 3;
    private boolean hldaSeen;
    private boolean writeHalf;
    private boolean dreqAtS4;
    private boolean eopInRead;
    private boolean eopInWrite;
    private boolean isOver;
    private boolean upperChanged;

    private boolean hrq;
    private int acknowledged = NONE;
    private boolean aen;
    private boolean adstb;
    private int addressPins = -1;
    private int dataPins = -1;
    private boolean readStrobe;
    private boolean writeStrobe;
    private boolean eopOut = true;

    ReferenceChip(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void reset() {
        registers.clear();
        state = State.SI;
        channel = NONE;
        lowest = 3;
        hldaSeen = false;
        writeHalf = false;
        hrq = false;
        acknowledged = NONE;
        aen = false;
        adstb = false;
        addressPins = -1;
        dataPins = -1;
        readStrobe = false;
        writeStrobe = false;
        eopOut = true;
        forgetEop();
    }

    @Override
    public void dreq(int which, boolean high) {
        dreqHigh[which] = high;
    }

    @Override
    public void hlda(boolean high) {
        hlda = high;
    }

    @Override
    public void ready(boolean high) {
        ready = high;
    }

    @Override
    public void externalEop(boolean low) {
        eopIn = !low;
    }

    @Override
    public int read(int offset) {
        int active = 0;
        for (int i = 0; i < ReferenceRegisters.CHANNELS; i++) {
            active |= isDreqActive(i) ? 1 << i : 0;
        }
        return registers.read(offset, active);
    }

    @Override
    public void write(int offset, int value) {
        if (offset == 0xd) {
            reset();
        } else {
            registers.write(offset, value);
        }
    }

    @Override
    public boolean isProgrammable() {
        return !hlda && (state == State.SI || state == State.S0 || !hrq);
    }

    /// The channel that is served or about to be, or [#NONE].
    int channel() {
        return channel;
    }

    // CLK falls: the state ends, and the next one begins.

    @Override
    public void clockFalls() {
        state = switch (state) {
            case SI -> endSi();
            case S0 -> endS0();
            case S1 -> beginS2();
            case S2 -> registers.isCompressed() ? beginS4OrWait() : beginS3();
            case S3 -> beginS4OrWait();
            case SW -> writeHalfOrFlyBy();
            case S4 -> endS4();
            case S11 -> beginMemory(State.S12);
            case S12 -> beginMemory(State.S13);
            case S13 -> beginMemoryEndOrWait(State.S14);
            case S14 -> beginS21();
            case S21 -> beginMemory(State.S22);
            case S22 -> beginMemory(State.S23);
            case S23 -> beginMemoryEndOrWait(State.S24);
            case S24 -> endS24();
            case SC -> endSc();
        };
    }

    private State endSi() {
        return channel == NONE ? beginSi() : beginS0();
    }

    private State beginSi() {
        channel = registers.isDisabled() ? NONE : highestRequest();
        return State.SI;
    }

    private int highestRequest() {
        for (int i = 1; i <= ReferenceRegisters.CHANNELS; i++) {
            int candidate = registers.isRotating() ? (lowest + i) % ReferenceRegisters.CHANNELS : i - 1;
            if (isRequesting(candidate)) {
                return candidate;
            }
        }
        return NONE;
    }

    private boolean isRequesting(int which) {
        boolean isServiceable =
                registers.isBlock(which) || (registers.isMemoryToMemory() && which == 0 && registers.isSingle(which));
        return (registers.isRequested(which) && isServiceable) || (isDreqActive(which) && !registers.isMasked(which));
    }

    private boolean isDreqActive(int which) {
        return dreqHigh[which] != registers.isDreqLow();
    }

    private State beginS0() {
        isOver = !isRequesting(channel);
        return State.S0;
    }

    private State endS0() {
        if (isOver) {
            return beginSi();
        }
        if (!hldaSeen) {
            return beginS0();
        }
        hldaSeen = false;
        if (isMemoryToMemory()) {
            aen = true;
            writeHalf = false;
            return State.S11;
        }
        if (registers.isCascade(channel)) {
            acknowledged = channel;
            return beginSc();
        }
        aen = true;
        return State.S1;
    }

    private boolean isMemoryToMemory() {
        return channel == 0 && registers.isMemoryToMemory();
    }

    private State endSc() {
        return isOver ? endService() : beginSc();
    }

    private State beginSc() {
        isOver = !isDreqActive(channel);
        return State.SC;
    }

    private State beginS2() {
        acknowledged = channel;
        sampleEop();
        return State.S2;
    }

    private State beginS3() {
        sampleEop();
        return State.S3;
    }

    private State writeHalfOrFlyBy() {
        if (isMemoryToMemory()) {
            return beginMemoryEndOrWait(writeHalf ? State.S24 : State.S14);
        }
        return beginS4OrWait();
    }

    private State beginS4OrWait() {
        sampleEop();
        if (!ready && registers.type(channel) != 0) {
            return State.SW;
        }
        dreqAtS4 = isDreqActive(channel);
        return State.S4;
    }

    private boolean hasStrobes() {
        return registers.type(channel) == 1 || registers.type(channel) == 2;
    }

    private State endS4() {
        if (isOver) {
            return endService();
        }
        return upperChanged ? State.S1 : beginS2();
    }

    private State endService() {
        lowest = channel;
        acknowledged = NONE;
        return beginSi();
    }

    private State beginMemory(State next) {
        sampleEop();
        return next;
    }

    private State beginMemoryEndOrWait(State end) {
        sampleEop();
        return ready ? end : State.SW;
    }

    private State beginS21() {
        writeHalf = true;
        return State.S21;
    }

    private State endS24() {
        writeHalf = false;
        return isOver ? endService() : State.S11;
    }

    private void sampleEop() {
        if (!eopIn && writeHalf) {
            eopInWrite = true;
        } else if (!eopIn) {
            eopInRead = true;
        }
    }

    private void forgetEop() {
        eopInRead = false;
        eopInWrite = false;
    }

    // CLK rises, in the middle of a state.

    @Override
    public void clockRises() {
        switch (state) {
            case SI -> middleOfSi();
            case S0 -> middleOfS0();
            case S1 -> driveUpper(channel);
            case S2 -> middleOfS2();
            case S3 -> middleOfS3();
            case SW, S13 -> {}
            case SC -> hrq = !isOver;
            case S4 -> middleOfS4();
            case S11 -> driveUpper(0);
            case S12 -> middleOfS12();
            case S14 -> middleOfS14();
            case S21 -> driveUpper(1);
            case S22 -> middleOfS22();
            case S23 -> middleOfS23();
            case S24 -> middleOfS24();
        }
    }

    private void middleOfSi() {
        hrq = channel != NONE;
        aen = false;
        addressPins = -1;
        dataPins = -1;
    }

    private void middleOfS0() {
        hrq = !isOver;
        hldaSeen = hlda && !isOver;
    }

    private void driveUpper(int which) {
        adstb = true;
        dataPins = registers.address[which] >> 8;
        addressPins = registers.address[which] & 0xff;
    }

    private void middleOfS2() {
        adstb = false;
        dataPins = -1;
        addressPins = registers.address[channel] & 0xff;
        readStrobe = hasStrobes();
        if (registers.isExtendedWrite() || registers.isCompressed()) {
            beginWrite();
        }
        if (registers.isCompressed()) {
            eopOut = registers.count[channel] != 0;
        }
    }

    private void middleOfS3() {
        if (!registers.isExtendedWrite()) {
            beginWrite();
        }
        eopOut = registers.count[channel] != 0;
    }

    private void beginWrite() {
        writeStrobe = hasStrobes();
        TransferType type = TransferType.of(registers.type(channel));
        wiring.transfer(channel, type, registers.address[channel], registers.count[channel] == 0);
    }

    private void middleOfS4() {
        boolean terminal = registers.count[channel] == 0;
        readStrobe = false;
        writeStrobe = false;
        eopOut = true;
        int before = registers.address[channel];
        registers.step(channel, false);
        upperChanged = before >> 8 != registers.address[channel] >> 8;
        boolean ended = terminal || eopInRead;
        if (ended) {
            endOfProcess(channel);
        }
        forgetEop();
        isOver = ended || registers.isSingle(channel) || (registers.isDemand(channel) && !dreqAtS4);
        if (isOver) {
            hrq = false;
        }
    }

    /// "Each mask bit is set when its associated channel produces an EOP if the channel is not programmed for
    /// Autoinitialize." The request bit "is cleared upon generation of a TC or external EOP".
    private void endOfProcess(int which) {
        registers.terminalCounts |= 1 << which;
        registers.requests &= ~(1 << which);
        if (registers.isAutoinitialize(which)) {
            registers.reload(which);
        } else {
            registers.masks |= 1 << which;
        }
    }

    private void middleOfS12() {
        adstb = false;
        dataPins = -1;
        readStrobe = true;
    }

    private void middleOfS14() {
        readStrobe = false;
        registers.temporary = wiring.memoryRead(registers.address[0]);
    }

    private void middleOfS22() {
        adstb = false;
        dataPins = registers.temporary;
        if (registers.isExtendedWrite()) {
            beginMemoryWrite();
        }
    }

    private void middleOfS23() {
        if (!registers.isExtendedWrite()) {
            beginMemoryWrite();
        }
        eopOut = registers.count[1] != 0;
    }

    private void beginMemoryWrite() {
        writeStrobe = true;
        wiring.memoryWrite(registers.address[1], registers.temporary, registers.count[1] == 0);
    }

    private void middleOfS24() {
        boolean terminal = registers.count[1] == 0;
        writeStrobe = false;
        eopOut = true;
        stepSource();
        registers.step(1, false);
        isOver = terminal || eopInRead || eopInWrite;
        if (isOver) {
            endMemoryToMemory(terminal || eopInWrite);
        }
        forgetEop();
        if (isOver) {
            hrq = false;
        }
    }

    private void stepSource() {
        boolean rollsOver = registers.count[0] == 0;
        registers.step(0, registers.isAddressHold());
        if ((rollsOver || eopInRead) && registers.isAutoinitialize(0)) {
            registers.reload(0);
        }
    }

    /// "EOP pulses should be applied in both bus cycles" to autoinitialize both channels: one in the read half
    /// alone does not reload channel 1.
    private void endMemoryToMemory(boolean inWriteHalf) {
        registers.terminalCounts |= 0b11;
        registers.requests &= ~0b11;
        if (!registers.isAutoinitialize(1)) {
            registers.masks |= 0b10;
        } else if (inWriteHalf) {
            registers.reload(1);
        }
    }

    // The pins.

    @Override
    public Pins pins() {
        boolean toMemory = channel != NONE && registers.type(channel) == 1;
        boolean readsMemory = isMemoryToMemory() || !toMemory;
        boolean writesMemory = isMemoryToMemory() || toMemory;
        int active = acknowledged == NONE ? 0 : 1 << acknowledged;
        return new Pins(
                state,
                hrq,
                registers.isDackHigh() ? active : ~active & 0xf,
                aen,
                adstb,
                addressPins,
                dataPins,
                !(readStrobe && !readsMemory),
                !(writeStrobe && !writesMemory),
                !(readStrobe && readsMemory),
                !(writeStrobe && writesMemory),
                eopOut);
    }
}
