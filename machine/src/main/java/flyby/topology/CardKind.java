package flyby.topology;

import flyby.base.Check;
import flyby.floppy.layout.FloppyRegisters;
import flyby.sound.layout.SoundRegisters;
import java.util.Arrays;
import java.util.List;

/// The cards that can be plugged into an ISA bus by name, and what each occupies of it where PCs have them.
public enum CardKind {
    /// Sound Blaster: channel 1 moves bytes, and on a bus with 16 bits channel 5 moves words.
    SOUND("sound", SoundRegisters.PORT, 5, 1, 5),
    /// Floppy-disk controller.
    FLOPPY("floppy", FloppyRegisters.PORT, 6, 2, CardKind.NO_CHANNEL);

    /// What [#wordChannel] says of a card that moves only bytes.
    public static final int NO_CHANNEL = -1;

    private final String word;
    private final int firstPort;
    private final int irq;
    private final int byteChannel;
    private final int wordChannel;

    CardKind(String word, int firstPort, int irq, int byteChannel, int wordChannel) {
        this.word = word;
        this.firstPort = firstPort;
        this.irq = irq;
        this.byteChannel = byteChannel;
        this.wordChannel = wordChannel;
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

    /// The DMA channel that moves its bytes.
    public int byteChannel() {
        return byteChannel;
    }

    /// The DMA channel that moves its words.
    public int wordChannel() {
        return wordChannel;
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
