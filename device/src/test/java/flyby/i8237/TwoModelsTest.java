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
///
/// What the data sheet does not say, and what both models take:
///
/// - whether S0 still looks for a higher priority: the channel is chosen in SI
/// - what becomes of HRQ when the request goes away in S0: it falls in the middle of the S0 that began without it
/// - how a cascade ends: as a transfer: HRQ falls in the middle of the SC that began without DREQ, DACK half a
///   clock later
/// - what HLDA does after S0: nothing
/// - which edge of EOP counts for which transfer: those that begin S2, S3, SW, S4
/// - whether the illegal transfer type waits for READY: it does; "ignored" is said of verify alone
/// - when DB is released after the write half of memory-to-memory: at the next CLK high, as tAFDB is from there
/// - what hardware DREQ0 does while memory-to-memory is enabled: it starts memory-to-memory, as FN2967 says
/// - what it does if channel 0 is in cascade mode: memory-to-memory: the command bit "selects channels 0 and 1" for
///   it
/// - which effects a terminal count has on channel 0 of memory-to-memory: TC bit and request as channel 1, no mask
/// - when channel 0 of memory-to-memory moves on: in S24, with channel 1
/// - whether Master Clear restores the order of priority: it does, 0 is highest
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
