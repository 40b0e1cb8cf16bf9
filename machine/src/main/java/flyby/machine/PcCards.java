package flyby.machine;

import flyby.classic.Slot;
import flyby.driver.FloppyDriver;
import flyby.driver.SoundDriver;
import flyby.floppy.Diskette;
import flyby.floppy.FloppyController;
import flyby.floppy.layout.FloppyRegisters;
import flyby.sound.SoundBlaster;
import flyby.sound.Speaker;
import flyby.sound.layout.SoundRegisters;
import flyby.topology.CardKind;

/// Cards for an ISA bus, plugged in where PCs have them.
public final class PcCards {
    private static final int FLOPPY_IRQ = CardKind.FLOPPY.irq();
    private static final int FLOPPY_CHANNEL = CardKind.FLOPPY.channels().getFirst();
    private static final int SOUND_IRQ = CardKind.SOUND.irq();
    private static final int SOUND_BYTES_CHANNEL = CardKind.SOUND.channels().getFirst();
    private static final int SOUND_WORDS_CHANNEL = CardKind.SOUND.channels().getLast();

    private PcCards() {}

    /// Plugs in a floppy-disk controller with `diskette` in its drive.
    ///
    /// @param revolutionPicos a turn of the diskette
    public static void plugFloppy(IsaBoard isa, Diskette diskette, long revolutionPicos) {
        Slot slot = isa.slot("floppy", FLOPPY_IRQ);
        FloppyController controller = new FloppyController(slot, diskette, revolutionPicos);
        isa.plug(controller, slot, FloppyRegisters.PORT, FloppyRegisters.PORTS);
        controller.wire(isa.channel(FLOPPY_CHANNEL, controller));
    }

    /// The wiring for its driver, with a buffer at `buffer`.
    public static FloppyDriver.Wiring floppyWiring(long buffer, int bufferBytes) {
        return new FloppyDriver.Wiring(FloppyRegisters.PORT, FLOPPY_IRQ, FLOPPY_CHANNEL, buffer, bufferBytes);
    }

    /// Plugs in a sound card that plays to `speaker`. Words only on a PC with a second DMA controller.
    ///
    /// @param fifoBytes the FIFO of each of its channels
    public static SoundBlaster plugSound(IsaBoard isa, Speaker speaker, int fifoBytes) {
        Slot slot = isa.slot("sound", SOUND_IRQ);
        SoundBlaster card = new SoundBlaster(slot, speaker, fifoBytes);
        isa.plug(card, slot, SoundRegisters.PORT, SoundRegisters.PORTS);
        card.wireBytes(isa.channel(SOUND_BYTES_CHANNEL, card.bytePeripheral()));
        if (isa.movesWords()) {
            card.wireWords(isa.channel(SOUND_WORDS_CHANNEL, card.wordPeripheral()));
        }
        return card;
    }

    /// The wiring for its driver, which plays words or bytes, with a buffer at `buffer`.
    public static SoundDriver.Wiring soundWiring(boolean words, long buffer, int bufferBytes) {
        int channel = words ? SOUND_WORDS_CHANNEL : SOUND_BYTES_CHANNEL;
        return new SoundDriver.Wiring(SoundRegisters.PORT, SOUND_IRQ, channel, buffer, bufferBytes);
    }
}
