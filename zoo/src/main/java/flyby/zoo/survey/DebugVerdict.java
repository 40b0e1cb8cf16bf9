package flyby.zoo.survey;

import java.util.Map;
import java.util.TreeMap;

/// Whether `CONFIG_DMA_API_DEBUG` sees a pattern, as reading its source says.
public enum DebugVerdict {
    YES("yes"),
    /// Only under circumstances that not every run has.
    CONDITIONAL("sometimes"),
    NO("no");

    private static final Map<String, DebugVerdict> VERDICTS = verdicts();

    private final String word;

    DebugVerdict(String word) {
        this.word = word;
    }

    /// As tables say it.
    public String word() {
        return word;
    }

    /// Of the pattern `id` of the catalogue.
    public static DebugVerdict of(String id) {
        return VERDICTS.getOrDefault(id, NO);
    }

    private static Map<String, DebugVerdict> verdicts() {
        Map<String, DebugVerdict> verdicts = new TreeMap<>();
        for (String id : "A1 A6 A9 B10 E2 E3 E5 E8 F1 F2 F8 F10 K1".split(" ", -1)) {
            verdicts.put(id, YES);
        }
        for (String id : "A2 A3 A4 A8 D10 F3 F5 G4 K2".split(" ", -1)) {
            verdicts.put(id, CONDITIONAL);
        }
        return Map.copyOf(verdicts);
    }
}
