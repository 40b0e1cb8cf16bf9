package flyby.topology;

import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.pcie.Generation;
import flyby.pcie.LinkRate;
import flyby.pcie.LinkWidth;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What may be set on a port that leads away from the CPU, and its link.
public final class PortCatalogue {
    private static final String BASE = "PCI Express Base Specification 5.0";
    private static final List<String> GENERATIONS =
            Arrays.stream(Generation.values()).map(PortCatalogue::word).toList();
    private static final List<String> WIDTHS =
            Arrays.stream(LinkWidth.values()).map(PortCatalogue::word).toList();
    private static final Source CREDITS = Source.assumed("a receive buffer that keeps an x16 link busy");

    static final Catalogue PARAMETERS = Catalogue.titled("A port and its link")
            .choice("link.generation", "gen3", GENERATIONS, "How fast each lane signals.")
            .choice("link.width", "x8", WIDTHS, "How many lanes there are.")
            .bytes(
                    "link.mps",
                    "256 B",
                    "128 B",
                    "4 KiB",
                    Source.spec(BASE, "section 7.5.3.4: Max_Payload_Size"),
                    "The largest payload of a packet on this link.")
            .duration(
                    "link.propagation",
                    "2 ns",
                    "0 ns",
                    "1 us",
                    Source.assumed("traces of some 20 cm and the receiver's first stage"),
                    "From the last symbol sent to the last one received.")
            .count(
                    "link.credits.posted-headers",
                    64,
                    1,
                    2_047,
                    "",
                    CREDITS,
                    "Writes and messages that the port's buffer holds: section 2.6.1.")
            .count("link.credits.posted-data", 1_024, 1, 32_767, "", CREDITS, "Their data, in units of 16 B.")
            .count(
                    "link.credits.non-posted-headers",
                    64,
                    1,
                    2_047,
                    "",
                    CREDITS,
                    "Requests with an answer that the port's buffer holds.")
            .flag("link.dllps", true, "Whether acknowledgements and credits take time on the wire.")
            .count(
                    "socket",
                    0,
                    0,
                    3,
                    "",
                    Source.assumed("the first socket has the first slots"),
                    "The socket of a root port. Has no meaning on a switch.")
            .rule(
                    "link.mps must be a power of two",
                    settings -> Long.bitCount(settings.bytes("link.mps")) == 1,
                    "link.mps")
            .rule(
                    "link.credits.posted-data must have room for one payload of link.mps: section 2.6.1",
                    settings -> 16 * settings.count("link.credits.posted-data") >= settings.bytes("link.mps"),
                    "link.credits.posted-data",
                    "link.mps")
            .build();

    private PortCatalogue() {}

    public static Generation generation(Settings settings) {
        return Generation.valueOf(settings.choice("link.generation").toUpperCase(Locale.ROOT));
    }

    public static LinkWidth width(Settings settings) {
        return LinkWidth.valueOf(settings.choice("link.width").toUpperCase(Locale.ROOT));
    }

    /// How fast the link is.
    public static LinkRate rate(Settings settings) {
        return new LinkRate(generation(settings), width(settings));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
