package flyby.i8237;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flyby.choice.Choices;
import flyby.choice.Property;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whatever is done to the registers and the pins, against the rules, too: nothing throws and nothing hangs.
class SurvivalTest {
    /// Each of four channels may have one block of 65,536 transfers left, of eight clocks at most, plus S1 each
    /// 256.
    private static final int CLOCKS_MAX = 4 * 65_536 * 9;

    @Test
    void getsBackToIdleAfterAnything() {
        Property.check(2_000, choices -> {
            I8237A chip = new I8237A(new RecordingWiring());
            Surroundings surroundings = new Surroundings(choices, List.of(new RealChip(chip)), false);
            live(choices, surroundings);
            assertTrue(surroundings.clocksUntilIdle(CLOCKS_MAX) >= 0, surroundings::story);
        });
    }

    @Test
    void tellsItsWiringWhatItsPinsShow() {
        Property.check(1_000, choices -> {
            RecordingWiring wiring = new RecordingWiring();
            I8237A chip = new I8237A(wiring);
            Surroundings surroundings = new Surroundings(choices, List.of(new RealChip(chip)), false);
            do {
                surroundings.clock();
                assertEquals(chip.hrq(), wiring.holds(), surroundings::story);
                int active = Integer.bitCount(wiring.acknowledged());
                assertTrue(
                        active == Integer.bitCount(chip.dack()) || active == 4 - Integer.bitCount(chip.dack()),
                        surroundings::story);
                assertTrue(active <= 1, surroundings::story);
            } while (choices.chance(199, 200));
        });
    }

    /// Who clocks the chip may leave it alone while it says that it sleeps.
    @Test
    void nothingHappensWhileAsleep() {
        Property.check(2_000, choices -> {
            RecordingWiring wiring = new RecordingWiring();
            I8237A chip = new I8237A(wiring);
            Surroundings surroundings = new Surroundings(choices, List.of(new RealChip(chip)), true);
            do {
                surroundings.clock();
                if (chip.isAsleep()) {
                    Pins before = Pins.of(chip);
                    int moved = wiring.moved().size();
                    for (int clock = 0; clock < 3; clock++) {
                        chip.clockFalls();
                        assertEquals(before, Pins.of(chip), surroundings::story);
                        chip.clockRises();
                        assertEquals(before, Pins.of(chip), surroundings::story);
                    }
                    assertEquals(moved, wiring.moved().size(), surroundings::story);
                }
            } while (choices.chance(199, 200));
        });
    }

    private static void live(Choices choices, Surroundings surroundings) {
        do {
            surroundings.clock();
        } while (choices.chance(199, 200));
    }
}
