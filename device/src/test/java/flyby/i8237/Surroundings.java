package flyby.i8237;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flyby.choice.Choices;
import flyby.i8237.layout.I8237Registers;
import java.util.ArrayList;
import java.util.List;

/// A processor, peripherals and slow memories around one or more chips, all of which see the same: random, but
/// mostly as a real machine would be, so that services run, end and begin again in all modes.
///
/// After each half of a clock and at each register read all chips must agree.
final class Surroundings {
    private static final int ADDRESSES = 4;

    private final Choices choices;
    private final List<Chip> chips;
    private final boolean isLawful;
    private final List<String> history = new ArrayList<>();
    private boolean hlda;
    private int dreqs;
    private int command;

    /// @param isLawful whether the processor keeps HLDA while HRQ is there, and off the registers while HLDA is
    Surroundings(Choices choices, List<? extends Chip> chips, boolean isLawful) {
        this.choices = choices;
        this.chips = List.copyOf(chips);
        this.isLawful = isLawful;
    }

    /// One clock with whatever happens around it.
    void clock() {
        boolean isProgramming = isLawful ? chips.getFirst().isProgrammable() : !hlda || choices.chance(1, 8);
        if (isProgramming && choices.chance(1, 6)) {
            program();
        }
        if (choices.chance(1, 5)) {
            int channel = (int) choices.below(4);
            dreqs ^= 1 << channel;
            boolean high = (dreqs & (1 << channel)) != 0;
            history.add("DREQ" + channel + " " + high);
            chips.forEach(chip -> chip.dreq(channel, high));
        }
        boolean isReady = !choices.chance(1, 4);
        boolean isEop = choices.chance(1, 40);
        chips.forEach(chip -> chip.ready(isReady));
        chips.forEach(chip -> chip.externalEop(isEop));
        if (choices.chance(1, 300)) {
            history.add("RESET");
            command = 0;
            chips.forEach(Chip::reset);
        }
        falls(isReady, isEop);
        acknowledgeHold();
        rises();
    }

    private void falls(boolean isReady, boolean isEop) {
        chips.forEach(Chip::clockFalls);
        history.add("falls" + (isReady ? "" : ", READY low") + (isEop ? ", EOP low" : "") + ": "
                + chips.getFirst().state());
        compare();
    }

    private void rises() {
        chips.forEach(Chip::clockRises);
        history.add("rises, HLDA " + hlda);
        compare();
    }

    private void acknowledgeHold() {
        boolean wanted = chips.getFirst().pins().hrq();
        boolean isLying = !isLawful && choices.chance(1, 20);
        if ((wanted != hlda && choices.chance(1, 2)) || isLying) {
            hlda = !hlda;
            chips.forEach(chip -> chip.hlda(hlda));
        }
    }

    private void compare() {
        for (Chip chip : chips) {
            assertEquals(chips.getFirst().pins(), chip.pins(), this::story);
        }
    }

    /// Everything stops asking; HLDA follows HRQ, memories are ready.
    ///
    /// @return after how many clocks the first chip is idle for good, or -1 if that takes more than `clocksMax`
    int clocksUntilIdle(int clocksMax) {
        boolean rest = (command & I8237Registers.COMMAND_DREQ_LOW.mask()) != 0;
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            int number = channel;
            chips.forEach(chip -> chip.dreq(number, rest));
        }
        chips.forEach(chip -> chip.ready(true));
        chips.forEach(chip -> chip.externalEop(false));
        int idleClocks = 0;
        for (int clock = 0; clock < clocksMax; clock++) {
            chips.forEach(chip -> chip.hlda(chips.getFirst().pins().hrq()));
            chips.forEach(Chip::clock);
            boolean isIdle = chips.getFirst().state() == State.SI
                    && !chips.getFirst().pins().hrq();
            idleClocks = isIdle ? idleClocks + 1 : 0;
            if (idleClocks == 3) {
                return clock;
            }
        }
        return -1;
    }

    private void program() {
        switch ((int) choices.below(8)) {
            case 0, 1 -> programChannel((int) choices.below(4));
            case 2 -> programMemoryToMemory();
            case 3 -> writeCommand((int) choices.below(256) & ~(choices.chance(1, 4) ? 0 : 0x05));
            case 4 -> write(I8237Registers.REQUEST, (int) choices.below(8));
            case 5 -> readAll();
            case 6 -> write(I8237Registers.CLEAR_MASK, 0);
            default -> writeAnything();
        }
    }

    private void programChannel(int channel) {
        write(I8237Registers.SINGLE_MASK, 4 | channel);
        write(I8237Registers.MODE, channel | ((int) choices.below(64) << 2));
        writeAddressAndCount(channel);
        write(I8237Registers.SINGLE_MASK, channel);
    }

    private void programMemoryToMemory() {
        for (int channel = 0; channel < 2; channel++) {
            write(I8237Registers.MODE, 0x80 | ((int) choices.below(16) << 2) | channel);
            writeAddressAndCount(channel);
        }
        writeCommand(0x01 | (((int) choices.below(128) << 1) & ~0x04));
        write(I8237Registers.REQUEST, 4);
    }

    /// Addresses near a change of A8 to A15, and few transfers, so that both ends come soon.
    private void writeAddressAndCount(int channel) {
        int address = (choices.pick(0x1000, 0x00ff, 0xfffe, 0x0000) + (int) choices.below(ADDRESSES)) & 0xffff;
        int count = (int) choices.below(5);
        write(I8237Registers.CLEAR_FLIP_FLOP, 0);
        write(2 * channel, address & 0xff);
        write(2 * channel, address >> 8);
        write((2 * channel) + 1, count);
        write((2 * channel) + 1, 0);
    }

    private void writeCommand(int value) {
        write(I8237Registers.COMMAND, value);
    }

    private void writeAnything() {
        write((int) choices.below(16), (int) choices.below(256));
    }

    private void write(int offset, int value) {
        history.add("write " + Integer.toHexString(offset) + " = " + Integer.toHexString(value));
        if (chips.getFirst().isProgrammable()) {
            command = switch (offset) {
                case I8237Registers.COMMAND -> value;
                case I8237Registers.MASTER_CLEAR -> 0;
                default -> command;
            };
        }
        chips.forEach(chip -> chip.write(offset, value));
        compare();
    }

    private void readAll() {
        for (int offset = 0; offset < 16; offset++) {
            read(offset);
        }
    }

    private void read(int offset) {
        int expected = chips.getFirst().read(offset);
        history.add("read " + Integer.toHexString(offset) + ": " + Integer.toHexString(expected));
        for (Chip chip : chips.subList(1, chips.size())) {
            assertEquals(expected, chip.read(offset), this::story);
        }
    }

    /// What happened, for a failure's message.
    String story() {
        return String.join("\n", history);
    }
}
