package flyby.machine;

import static flyby.i8237.layout.I8237Registers.COMMAND_COMPRESSED;
import static flyby.i8237.layout.I8237Registers.COMMAND_EXTENDED_WRITE;
import static flyby.i8237.layout.I8237Registers.COMMAND_ROTATING;

import flyby.isa.IsaDma;
import flyby.params.Catalogue;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Profile;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.stream.Medium;
import java.util.List;
import java.util.stream.Stream;

/// The parameters of an [IsaPc].
public final class PcCatalogue {
    private static final String CONTROLLER = "machine.dma.controller";
    private static final String CLASSIC = "classic";
    private static final String XT = "pc-xt";
    private static final String AT = "pc-at";

    /// Where a byte or a word of the streamer goes.
    private static final String CHANNEL = "machine.dma.channel";

    private static final Source AT_REFERENCE =
            Source.spec("IBM PC/AT Technical Reference, 6139362", "system board, refresh");

    /// What may be set but the profile. As long as the controller is `classic`, the rest makes no difference.
    private static final Catalogue ANY = Catalogue.titled("A mainboard and its DMA")
            .include(BoardCatalogue.COMMON)
            .choice(
                    CONTROLLER,
                    CLASSIC,
                    List.of(CLASSIC, XT, AT),
                    "Who moves bytes: Flyby's classic controller, the 8237A of a PC/XT, or the two of a PC/AT.")
            .count(
                    "machine.dma.clock-divider",
                    1,
                    1,
                    64,
                    "clocks",
                    Source.spec("IBM PC/XT Technical Reference, 6361459", "system board: one clock for both"),
                    "Clocks of machine.clock in one of the 8237As.")
            .count(
                    "machine.dma.wait-states",
                    1,
                    0,
                    1_000,
                    "clocks",
                    Source.spec("IBM PC/XT Technical Reference, 6361459", "system board: DMA takes five clocks"),
                    "SW in each transfer, in clocks of the 8237A.")
            .flag("machine.dma.compressed", false, "COMMAND bit 3 as the BIOS sets it: compressed timing.")
            .flag("machine.dma.rotating", false, "COMMAND bit 4 as the BIOS sets it: rotating priority.")
            .flag("machine.dma.extended-write", false, "COMMAND bit 5 as the BIOS sets it: extended write.")
            .flag(
                    "machine.dma.integrated",
                    false,
                    "On the AT: whether the arbiter sees both controllers' HRQ itself, as in chip sets.")
            .count(
                    CHANNEL,
                    1,
                    1,
                    7,
                    "",
                    Source.spec("IBM PC/XT Technical Reference, 6361459", "channel 1 is free"),
                    "The streamer's channel: 1 to 3 for bytes, on the AT also 5 to 7 for words.")
            .flag("machine.refresh.on", true, "Whether memory is refreshed. The XT uses the timer and channel 0.")
            .duration(
                    "machine.refresh.period",
                    "15 us",
                    "1 us",
                    "1 s",
                    AT_REFERENCE,
                    "On the AT: from one refresh to the next.")
            .count(
                    "machine.refresh.clocks",
                    5,
                    1,
                    1_000,
                    "clocks",
                    AT_REFERENCE,
                    "On the AT: how long a refresh has the bus.")
            .rule(
                    "machine.dma.channel must be 1 to 3, or 5 to 7 on a pc-at with a machine.bus.width of 2 B",
                    PcCatalogue::channelFits,
                    CHANNEL,
                    CONTROLLER,
                    "machine.bus.width")
            .rule(
                    "on a pc-at, machine.bus.release-clocks must be at least half of machine.dma.clock-divider: else"
                            + " the CPU would have the bus before the cascade has taken it from the first 8237A",
                    PcCatalogue::releaseFits,
                    "machine.dma.clock-divider",
                    "machine.bus.release-clocks",
                    CONTROLLER)
            .rule(
                    "machine.memory.size must be at most 640 KiB on a PC",
                    settings -> !isPc(settings) || settings.bytes("machine.memory.size") <= IsaBoard.MEMORY_BYTES_MAX,
                    "machine.memory.size",
                    CONTROLLER)
            .rule(
                    "machine.bus.width must be 1 B or 2 B on a PC",
                    settings -> !isPc(settings) || settings.bytes("machine.bus.width") <= 2,
                    "machine.bus.width",
                    CONTROLLER)
            .rule(
                    "machine.cache.size must be 0 B on a PC: its cache would have to be snooped",
                    settings -> !isPc(settings) || settings.bytes("machine.cache.size") == 0,
                    "machine.cache.size",
                    CONTROLLER)
            .build();

    /// What may be set on a PC.
    public static final Catalogue PARAMETERS = Catalogue.titled("A PC: CPU, memory, 8237As, refresh, cards")
            .choice(Catalogue.PROFILE, "pc-xt-1983", names(PcProfiles.ALL), "The PC that the defaults below describe.")
            .include(ANY)
            .build();

    /// What may be set on a machine that is a PC or a [ClassicBoard], as its profile says.
    public static final Catalogue PARAMETERS_OF_ANY = Catalogue.titled("A PC, or a classic board")
            .choice(
                    Catalogue.PROFILE,
                    "board-8086",
                    names(profilesOfAny()),
                    "The machine that the defaults below describe.")
            .include(ANY)
            .build();

    private PcCatalogue() {}

    /// What [#PARAMETERS] chooses from.
    public static List<Profile> profiles() {
        return PcProfiles.ALL;
    }

    /// What [#PARAMETERS_OF_ANY] chooses from.
    public static List<Profile> profilesOfAny() {
        return Stream.concat(BoardCatalogue.profiles().stream(), PcProfiles.ALL.stream())
                .toList();
    }

    /// Whether `settings` of [#PARAMETERS_OF_ANY] describe a PC, and not a [ClassicBoard].
    public static boolean isPc(Settings settings) {
        return !settings.choice(CONTROLLER).equals(CLASSIC);
    }

    /// Whether `settings` describe a PC that has channels 5 to 7, and a bus for their words.
    public static boolean movesWords(Settings settings) {
        return settings.choice(CONTROLLER).equals(AT) && settings.bytes("machine.bus.width") == 2;
    }

    /// The DMA channel of the streamer.
    public static int channel(Settings settings) {
        return BoardCatalogue.count(settings, CHANNEL);
    }

    /// How many clocks of `machine.clock` a hidden transfer needs at most, all in all.
    public static long hiddenClocks(Settings settings) {
        return IsaDma.hiddenClocks(dma(settings, true)) * settings.count("machine.dma.clock-divider");
    }

    /// How long a transfer of the streamer's takes at least, in picoseconds a byte: S2, S4, and S3 unless
    /// compressed.
    public static long leastBytePicos(Settings settings) {
        long states = settings.flag("machine.dma.compressed") ? 2 : 3;
        long clocks = states + settings.count("machine.dma.wait-states");
        return clocks * dma(settings, false).clockPicos() / (channel(settings) < 4 ? 1 : 2);
    }

    /// The PC that `settings` describe, without cards.
    ///
    /// @param hiddenOnly whether its DMA uses only bus time that the CPU leaves unused
    public static IsaPc.Parameters pc(Settings settings, boolean hiddenOnly) {
        return new IsaPc.Parameters(BoardCatalogue.mainboard(settings), isa(settings, hiddenOnly));
    }

    /// What hangs on the ISA bus that `settings` describe, without cards.
    ///
    /// @param hiddenOnly as of [#pc]
    public static IsaBoard.Parameters isa(Settings settings, boolean hiddenOnly) {
        long command = (settings.flag("machine.dma.compressed") ? COMMAND_COMPRESSED.mask() : 0)
                | (settings.flag("machine.dma.rotating") ? COMMAND_ROTATING.mask() : 0)
                | (settings.flag("machine.dma.extended-write") ? COMMAND_EXTENDED_WRITE.mask() : 0);
        return new IsaBoard.Parameters(
                dma(settings, hiddenOnly),
                command,
                settings.flag("machine.refresh.on"),
                new IsaBoard.Refresh(
                        settings.picos("machine.refresh.period"),
                        BoardCatalogue.count(settings, "machine.refresh.clocks")));
    }

    /// The PC called `name`, one of [#profiles], as it is.
    public static Settings settings(String name) {
        return settings(List.of(given(Catalogue.PROFILE, name)));
    }

    /// The bus of the PC called `name`, one of [#profiles], behind a bridge. The memory is elsewhere, and nothing
    /// here refreshes it.
    static IsaBridge.Parameters bridge(String name) {
        Settings settings = settings(List.of(given(Catalogue.PROFILE, name), given("machine.refresh.on", "false")));
        return new IsaBridge.Parameters(BoardCatalogue.mainboard(settings).bus(), isa(settings, false));
    }

    private static Settings settings(List<Given> givens) {
        return Settings.resolve(PARAMETERS, profiles(), givens, List.of());
    }

    private static Given given(String path, String text) {
        return new Given(path, text, Origin.DEFAULT);
    }

    private static IsaDma.Parameters dma(Settings settings, boolean hiddenOnly) {
        return new IsaDma.Parameters(
                settings.choice(CONTROLLER).equals(AT),
                settings.periodPicos("machine.clock") * settings.count("machine.dma.clock-divider"),
                BoardCatalogue.count(settings, "machine.dma.wait-states"),
                hiddenOnly,
                settings.flag("machine.dma.integrated"));
    }

    /// Plugs the streamer that `settings` describe into `pc`.
    public static void plugStreamer(IsaPc pc, Settings settings, Medium medium) {
        pc.isa()
                .plugStreamer(
                        medium,
                        BoardCatalogue.mediumBytePicos(settings),
                        BoardCatalogue.fifoBytes(settings),
                        channel(settings));
    }

    private static List<String> names(List<Profile> profiles) {
        return profiles.stream().map(Profile::name).toList();
    }

    private static boolean releaseFits(Settings settings) {
        return !settings.choice(CONTROLLER).equals(AT)
                || 2 * settings.count("machine.bus.release-clocks") >= settings.count("machine.dma.clock-divider");
    }

    private static boolean channelFits(Settings settings) {
        int channel = channel(settings);
        return !isPc(settings) || channel < 4 || (channel > 4 && movesWords(settings));
    }
}
