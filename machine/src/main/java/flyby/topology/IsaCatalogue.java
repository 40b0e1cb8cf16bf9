package flyby.topology;

import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import java.util.List;

/// What may be set on a bridge to an ISA bus, and on the cards there.
public final class IsaCatalogue {
    /// Where memory ends for masters on an ISA bus of ours: where adapters begin.
    public static final long MEMORY_BYTES = 0xa_0000;

    private static final List<String> BUSES = List.of("pc-xt-1983", "pc-at-1984", "at-8mhz", "at-chipset");

    static final Catalogue BRIDGE = Catalogue.titled("A bridge to an ISA bus")
            .choice(
                    "bus",
                    "pc-at-1984",
                    BUSES,
                    "The PC whose bus, DMA controllers and clocks are behind it: ./flyby show BUS draws it. Memory is"
                            + " the machine's, so nothing refreshes it from there.")
            .build();

    static final Catalogue CARD = Catalogue.titled("A card on an ISA bus")
            .choice("card", "sound", CardKind.words(), "Which card it is.")
            .bytes(
                    "sound.fifo",
                    "16 B",
                    "4 B",
                    "4 KiB",
                    Source.assumed("Creative's guide has a FIFO and not its size"),
                    "Of a sound card: the FIFO of each of its channels.")
            .duration(
                    "floppy.revolution",
                    "200 ms",
                    "200 ms",
                    "10 s",
                    Source.spec("Intel 82077AA data sheet, 290166", "index pulses of a 300 rpm drive"),
                    "Of a floppy-disk controller: a turn of the diskette in its drive.")
            .build();

    private IsaCatalogue() {}

    /// The PC whose bus is behind the bridge.
    public static String bus(Settings bridge) {
        return bridge.choice("bus");
    }

    /// Which card it is.
    public static CardKind card(Settings card) {
        return CardKind.of(card.choice("card"));
    }
}
