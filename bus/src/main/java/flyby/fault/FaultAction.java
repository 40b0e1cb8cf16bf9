package flyby.fault;

import static flyby.fault.FaultTarget.DEVICE;
import static flyby.fault.FaultTarget.INTERRUPT;
import static flyby.fault.FaultTarget.OPERATION;
import static flyby.fault.FaultTarget.READ;
import static flyby.fault.FaultTarget.REGISTER_READ;
import static flyby.fault.FaultTarget.REGISTER_WRITE;
import static flyby.fault.FaultTarget.WRITE;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a rule does to what it is about.
enum FaultAction {
    /// It gets lost. A read of memory then times out; a read of a register gives ones; the loss of a write or of an
    /// interrupt is noticed by nobody but software.
    DROP("drop"),
    /// It is answered by an error, and nothing is moved.
    FAIL("fail"),
    /// It comes later.
    DELAY("delay"),
    /// It comes twice.
    DUPLICATE("duplicate"),
    /// A byte or a bit of it is another one.
    CORRUPT("corrupt"),
    /// It goes to another address.
    MISDIRECT("misdirect"),
    /// Its completion is overtaken by later ones.
    REORDER("reorder"),
    /// The device is pulled: nothing of it is there any more.
    REMOVE("remove"),
    /// The device stops: it hears nothing more, and does nothing, until it is reset.
    HANG("hang"),
    /// What the device makes of it: a named fault of its own.
    ASK("");

    private final String word;

    FaultAction(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    /// What it can be done to.
    Set<FaultTarget> targets() {
        return switch (this) {
            case DROP -> EnumSet.of(READ, WRITE, INTERRUPT, REGISTER_READ, REGISTER_WRITE);
            case FAIL -> EnumSet.of(READ, WRITE);
            case DELAY -> EnumSet.of(READ, WRITE, INTERRUPT, REGISTER_WRITE);
            case DUPLICATE -> EnumSet.of(WRITE, INTERRUPT, REGISTER_WRITE);
            case CORRUPT -> EnumSet.of(READ, WRITE, REGISTER_READ, REGISTER_WRITE);
            case MISDIRECT -> EnumSet.of(READ, WRITE);
            case REORDER -> EnumSet.of(READ, WRITE);
            case REMOVE -> EnumSet.of(DEVICE);
            case HANG -> EnumSet.of(DEVICE);
            case ASK -> EnumSet.of(OPERATION);
        };
    }

    static Optional<FaultAction> of(String word) {
        return Arrays.stream(values())
                .filter(each -> each != ASK && each.word.equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values())
                .filter(each -> each != ASK)
                .map(FaultAction::word)
                .toList();
    }
}
