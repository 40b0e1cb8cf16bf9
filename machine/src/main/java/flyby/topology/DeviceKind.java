package flyby.topology;

import flyby.base.Check;
import java.util.Arrays;
import java.util.List;

/// The device models that can be plugged into a machine by name.
public enum DeviceKind {
    /// Copies memory to memory.
    COPY_ENGINE("copy-engine", 0x1000);

    private final String word;
    private final int registerBytes;

    DeviceKind(String word, int registerBytes) {
        this.word = word;
        this.registerBytes = registerBytes;
    }

    /// As files call it.
    public String word() {
        return word;
    }

    /// What its BAR 0 claims: a power of two, at least 16 for memory (section 7.5.1.2.1).
    public int registerBytes() {
        return registerBytes;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(DeviceKind::word).toList();
    }

    static DeviceKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> Check.bug("no device %s", word));
    }
}
