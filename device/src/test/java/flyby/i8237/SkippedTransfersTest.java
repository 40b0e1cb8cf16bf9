package flyby.i8237;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flyby.choice.Property;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A transfer that is skipped through ends as one that is clocked: same clocks, same pins, same bytes moved.
class SkippedTransfersTest {
    private final RecordingWiring clockedWiring = new RecordingWiring();
    private final RecordingWiring skippedWiring = new RecordingWiring();
    private final I8237A clocked = new I8237A(clockedWiring);
    private final I8237A skipped = new I8237A(skippedWiring);
    private int waited;

    @Test
    void skippingIsClockingWithoutLooking() {
        AtomicInteger skips = new AtomicInteger();
        Property.check(1_500, choices -> {
            SkippedTransfersTest pair = new SkippedTransfersTest();
            List<Chip> chips = List.of(new RealChip(pair.clocked), new RealChip(pair.skipped));
            Surroundings surroundings = new Surroundings(choices, chips, true);
            do {
                surroundings.clock();
                while (pair.clocked.isAtTransfer() && !choices.chance(1, 3)) {
                    pair.transfer((int) choices.below(3), surroundings);
                    skips.incrementAndGet();
                }
            } while (choices.chance(99, 100));
        });
        assertTrue(skips.get() > 1_000, () -> "only " + skips + " transfers were skipped");
    }

    private void transfer(int waitStates, Surroundings surroundings) {
        clocked.externalEop(false);
        skipped.externalEop(false);
        int toStrobe = skipped.clocksToStrobe(waitStates);
        skipped.skipToStrobe();
        clock(toStrobe, waitStates);
        assertEquals(clockedWiring.moved(), skippedWiring.moved(), surroundings::story);
        int toEnd = skipped.clocksToEnd(waitStates);
        skipped.skipToEnd();
        clock(toEnd, waitStates);
        assertEquals(Pins.of(clocked), Pins.of(skipped), surroundings::story);
        assertEquals(clockedWiring.moved(), skippedWiring.moved(), surroundings::story);
        for (int offset = 0; offset < 16; offset++) {
            assertEquals(clocked.peek(offset), skipped.peek(offset), surroundings::story);
        }
    }

    /// READY is low until each half of the transfer has had its wait states.
    private void clock(int clocks, int waitStates) {
        for (int clock = 0; clock < clocks; clock++) {
            clocked.ready(waited == waitStates);
            clocked.clockFalls();
            clocked.clockRises();
            waited = clocked.state() == State.SW ? waited + 1 : 0;
        }
    }
}
