package flyby.i8237;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flyby.choice.Property;
import flyby.i8237.layout.I8237Registers;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How many clocks the data sheet's sections "Address Generation" and "Compressed Timing" give to a service, as
/// formulas, for both models.
class TransferClocksTest {
    private static List<Chip> models() {
        return List.of(new RealChip(new I8237A(new RecordingWiring())), new ReferenceChip(new RecordingWiring()));
    }

    /// Figures 1.5, 1.9 and 1.10 of the reference: 256 bytes in one page.
    @Test
    void aPageTakes769ClocksAndCompressed513() {
        for (Chip chip : models()) {
            assertEquals(769, blockClocks(chip, 0x1000, 256, false, 0x00));
        }
        for (Chip chip : models()) {
            assertEquals(513, blockClocks(chip, 0x1000, 256, false, 0x08));
        }
    }

    @Test
    void aBlockTakesThreeClocksAByteAndOneMoreForEachPage() {
        Property.check(300, choices -> {
            int address = (int) choices.below(0x1_0000);
            int byteCount = (int) choices.between(1, 1_000);
            boolean isDecrement = choices.chance(1, 2);
            int command = choices.pick(0x00, 0x20, 0x08);
            int last = isDecrement ? address - byteCount + 1 : address + byteCount - 1;
            int pages = Math.abs(Math.floorDiv(last, 256) - Math.floorDiv(address, 256)) + 1;
            int expected = (command == 0x08 ? 2 : 3) * byteCount + pages;
            for (Chip chip : models()) {
                assertEquals(expected, blockClocks(chip, address, byteCount, isDecrement, command));
            }
        });
    }

    @Test
    void memoryToMemoryTakesEightClocksAByte() {
        Property.check(100, choices -> {
            int source = (int) choices.below(0x1_0000);
            int target = (int) choices.below(0x1_0000);
            int byteCount = (int) choices.between(1, 600);
            for (Chip chip : models()) {
                program(chip, 0, 0x80, source, byteCount);
                program(chip, 1, 0x80, target, byteCount);
                chip.write(I8237Registers.COMMAND, 0x01);
                chip.write(I8237Registers.REQUEST, 4);
                assertEquals(8 * byteCount, serviceClocks(chip));
            }
        });
    }

    /// SI, S0 and four: HRQ falls after every byte (figure 1.11).
    @Test
    void singleModeTakesSixClocksAByteAtLeast() {
        for (Chip chip : models()) {
            program(chip, 2, 0x46, 0x1000, 100);
            chip.dreq(2, true);
            int clocks = 0;
            boolean isLast = false;
            while (!isLast || chip.state() != State.S4) {
                chip.hlda(chip.pins().hrq());
                chip.clock();
                clocks++;
                isLast |= !chip.pins().eop();
            }
            assertEquals(6 * 100, clocks);
        }
    }

    private static int blockClocks(Chip chip, int address, int byteCount, boolean isDecrement, int command) {
        chip.write(I8237Registers.COMMAND, command);
        program(chip, 3, 0x87 | (isDecrement ? 0x20 : 0), address, byteCount);
        chip.write(I8237Registers.REQUEST, 7);
        return serviceClocks(chip);
    }

    private static void program(Chip chip, int channel, int mode, int address, int byteCount) {
        chip.write(I8237Registers.MODE, mode | channel);
        chip.write(I8237Registers.CLEAR_FLIP_FLOP, 0);
        chip.writeWord(2 * channel, address);
        chip.writeWord(2 * channel + 1, byteCount - 1);
        chip.write(I8237Registers.SINGLE_MASK, channel);
    }

    /// Clocks from S1 or S11 to the S4 or S24 after which the chip is idle.
    private static int serviceClocks(Chip chip) {
        chip.hlda(true);
        int clocks = 0;
        do {
            chip.clock();
            boolean isWorking = chip.state() != State.SI && chip.state() != State.S0;
            clocks += isWorking ? 1 : 0;
        } while (clocks == 0 || chip.state() != State.SI);
        return clocks;
    }
}
