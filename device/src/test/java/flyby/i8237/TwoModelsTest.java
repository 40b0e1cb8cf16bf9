package flyby.i8237;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flyby.choice.Choices;
import flyby.choice.Property;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Two models of one data sheet, written apart, do the same on every pin in every half of a clock and in every
/// register read. What [ReferenceChip] is written from, it says; where the two ever differed, the data sheet
/// decided.
class TwoModelsTest {
    private static final int LIVES = 3_000;

    @Test
    void agreeOnEveryPinAndRegisterInAllStatesAndModes() {
        Coverage coverage = new Coverage();
        Property.check(LIVES, choices -> compare(choices, coverage));
        if (System.getProperty(Property.SEED_PROPERTY) == null) {
            assertEquals(List.of(), coverage.missing());
        }
    }

    private static void compare(Choices choices, Coverage coverage) {
        RecordingWiring referenceWiring = new RecordingWiring();
        RecordingWiring wiring = new RecordingWiring();
        ReferenceChip reference = new ReferenceChip(referenceWiring);
        List<Chip> chips = List.of(reference, new RealChip(new I8237A(wiring)));
        Surroundings surroundings = new Surroundings(choices, chips, true);
        do {
            surroundings.clock();
            coverage.look(reference);
            assertEquals(referenceWiring.moved(), wiring.moved(), surroundings::story);
        } while (choices.chance(199, 200));
    }

    /// A chip that does not hear EOP is found out, so the comparison can fail.
    @Test
    void findOneThatIsDeaf() {
        assertThrows(
                AssertionError.class,
                () -> Property.check(LIVES, choices -> {
                    ReferenceChip reference = new ReferenceChip(new RecordingWiring());
                    ReferenceChip deaf = new ReferenceChip(new RecordingWiring()) {
                        @Override
                        public void externalEop(boolean low) {}
                    };
                    Surroundings surroundings = new Surroundings(choices, List.of(reference, deaf), true);
                    do {
                        surroundings.clock();
                    } while (choices.chance(199, 200));
                }));
    }
}
