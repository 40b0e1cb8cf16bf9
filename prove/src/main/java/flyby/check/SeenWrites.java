package flyby.check;

import java.util.Map;
import java.util.TreeMap;

/// How far the program has come in seeing what each device wrote.
final class SeenWrites {
    private final Map<String, Long> latest = new TreeMap<>();
    private long newest;

    /// The program has loaded what `write` wrote.
    void saw(Records.Entry write) {
        if (write.kind() == Records.Kind.DEVICE && write.number() > newest) {
            newest = write.number();
            latest.merge(write.party(), write.number(), Math::max);
        }
    }

    /// Whether a device has written something since that the program has not loaded.
    boolean isBehind(Map<String, Long> written) {
        return written.entrySet().stream().anyMatch(each -> latest.getOrDefault(each.getKey(), 0L) < each.getValue());
    }

    /// Whether it has seen what the same device wrote with or after `write`.
    boolean sawLater(Records.Entry write) {
        return latest.getOrDefault(write.party(), 0L) >= write.number();
    }
}
