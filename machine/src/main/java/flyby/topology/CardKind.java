package flyby.topology;

import flyby.base.Check;
import flyby.floppy.layout.FloppyRegisters;
import flyby.sound.layout.SoundRegisters;
import java.util.Arrays;
import java.util.List;

/// The cards that can be plugged into an ISA bus by name, and what each occupies of it where PCs have them.
public enum CardKind {
    /// Sound Blaster: channel 1 moves bytes, and on a bus with 16 bits channel 5 moves words.
    SOUND("sound", SoundRegisters.PORT, 5, List.of(1, 5)),
    /// Floppy-disk controller.
    FLOPPY("floppy", FloppyRegisters.PORT, 6, List.of(2));

    private final String word;
    private final int firstPort;
    private final int irq;
    private final List<Integer> channels;

    CardKind(String word, int firstPort, int irq, List<Integer> channels) {
        this.word = word;
        this.firstPort = firstPort;
        this.irq = irq;
        this.channels = channels;
    }

    /// As files call it.
    public String word() {
        return word;
    }

    /// The first of its I/O ports.
    public int firstPort() {
        return firstPort;
    }

    /// Its interrupt.
    public int irq() {
        return irq;
    }

    /// Its DMA channels: that for bytes, then that for words if it has one.
    public List<Integer> channels() {
        return channels;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(CardKind::word).toList();
    }

    static CardKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> Check.bug("no card %s", word));
    }
}
