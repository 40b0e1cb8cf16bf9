package flyby.i8237;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flyby.choice.Choices;
import flyby.choice.Property;
import flyby.i8237.layout.I8237Registers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who is served next. Data sheet, "Priority".
class PriorityTest {
    private final RecordingWiring wiring = new RecordingWiring();
    private final I8237A chip = new I8237A(wiring);

    /// "any device requesting service is guaranteed to be recognized after no more than three higher priority
    /// services have occurred"
    @Test
    void rotatingPriorityLetsAtMostThreeOthersGoFirst() {
        Property.check(500, choices -> {
            List<Integer> waited = new PriorityTest().serve(choices, 0x10);
            assertTrue(waited.stream().allMatch(others -> others <= 3), waited::toString);
        });
    }

    /// The same machine with fixed priority starves somebody: the property above can fail.
    @Test
    void fixedPriorityServesTheLowestNumber() {
        PriorityTest test = new PriorityTest();
        test.program(0x00);
        for (int channel = 1; channel < I8237A.CHANNELS; channel++) {
            test.chip.dreq(channel, true);
        }
        for (int i = 0; i < 50; i++) {
            assertEquals(1, test.serveNext());
        }
        test.chip.dreq(0, true);
        assertEquals(0, test.serveNext());
        test.chip.dreq(0, false);
        test.chip.dreq(1, false);
        assertEquals(2, test.serveNext());
    }

    @Test
    void rotationBeginsBelowTheLastServed() {
        PriorityTest test = new PriorityTest();
        test.program(0x10);
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            test.chip.dreq(channel, true);
        }
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            order.add(test.serveNext());
        }
        assertEquals(List.of(0, 1, 2, 3, 0, 1), order);
    }

    /// Serves channels that ask and give up at random.
    ///
    /// @return for each service, how many others its channel had to let go first since it began to ask
    private List<Integer> serve(Choices choices, int command) {
        program(command);
        boolean[] asks = new boolean[I8237A.CHANNELS];
        int[] others = new int[I8237A.CHANNELS];
        List<Integer> waited = new ArrayList<>();
        do {
            int channel = (int) choices.below(I8237A.CHANNELS);
            asks[channel] = true;
            chip.dreq(channel, true);
            int served = serveNext();
            waited.add(others[served]);
            others[served] = 0;
            for (int i = 0; i < I8237A.CHANNELS; i++) {
                others[i] += asks[i] && i != served ? 1 : 0;
            }
            asks[served] = choices.chance(3, 4);
            chip.dreq(served, asks[served]);
        } while (choices.chance(49, 50));
        return waited;
    }

    /// Single mode, verify, autoinitialize: each service is one transfer, for ever.
    private void program(int command) {
        chip.write(I8237Registers.COMMAND, command);
        for (int channel = 0; channel < I8237A.CHANNELS; channel++) {
            chip.write(I8237Registers.MODE, 0x50 | channel);
        }
        chip.write(I8237Registers.CLEAR_MASK, 0);
    }

    private int serveNext() {
        int already = wiring.moved().size();
        while (wiring.moved().size() == already || chip.state() != State.S4) {
            chip.hlda(chip.hrq());
            chip.clockFalls();
            chip.clockRises();
        }
        return wiring.moved().getLast().value();
    }
}
