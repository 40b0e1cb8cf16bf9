package flyby.i8237;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flyby.choice.Choices;
import flyby.choice.Property;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Two models of one data sheet, written apart, do the same on every pin in every half of a clock and in every
/// register read. What [ReferenceChip] is written from, it says; where the two ever differed, the data sheet
/// decided.
class TwoModelsTest {
    @Test
    void agreeOnEveryPinAndRegister() {
        Property.check(3_000, TwoModelsTest::compare);
    }

    private static void compare(Choices choices) {
        RecordingWiring referenceWiring = new RecordingWiring();
        RecordingWiring wiring = new RecordingWiring();
        List<Chip> chips = List.of(new ReferenceChip(referenceWiring), new RealChip(new I8237A(wiring)));
        Surroundings surroundings = new Surroundings(choices, chips, true);
        do {
            surroundings.clock();
            assertEquals(referenceWiring.moved(), wiring.moved(), surroundings::story);
        } while (choices.chance(199, 200));
    }
}
