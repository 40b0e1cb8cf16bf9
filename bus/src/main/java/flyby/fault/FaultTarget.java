package flyby.fault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a rule is about.
enum FaultTarget {
    /// Accesses to memory that read.
    READ("read"),
    /// Accesses to memory that write.
    WRITE("write"),
    /// Interrupts: rising edges of a vector.
    INTERRUPT("interrupt"),
    /// Reads of the device's registers.
    REGISTER_READ("register-read"),
    /// Writes of the device's registers.
    REGISTER_WRITE("register-write"),
    /// The device as a whole.
    DEVICE("device"),
    /// Operations of which only the device knows.
    OPERATION("operation");

    /// Words for more than one.
    private static final String DMA = "dma";

    private static final String REGISTER = "register";

    private final String word;

    FaultTarget(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    boolean isDma() {
        return this == READ || this == WRITE;
    }

    boolean isRegister() {
        return this == REGISTER_READ || this == REGISTER_WRITE;
    }

    /// What `word` names, if anything.
    static Optional<Set<FaultTarget>> of(String word) {
        return switch (word) {
            case DMA -> Optional.of(EnumSet.of(READ, WRITE));
            case REGISTER -> Optional.of(EnumSet.of(REGISTER_READ, REGISTER_WRITE));
            default ->
                Arrays.stream(values())
                        .filter(each -> each.word.equals(word) && each != OPERATION)
                        .findFirst()
                        .map(each -> Set.of(each));
        };
    }

    /// All words that name some of `targets`.
    static List<String> words(Set<FaultTarget> targets) {
        List<String> words = targets.stream().map(FaultTarget::word).sorted().toList();
        boolean hasDma = targets.contains(READ) && targets.contains(WRITE);
        boolean hasRegister = targets.contains(REGISTER_READ) && targets.contains(REGISTER_WRITE);
        List<String> all = new ArrayList<>(words);
        if (hasDma) {
            all.add(DMA);
        }
        if (hasRegister) {
            all.add(REGISTER);
        }
        return all;
    }
}
