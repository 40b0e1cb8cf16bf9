package flyby.validate.pcie;

import flyby.base.Check;
import flyby.pcie.Generation;
import flyby.pcie.LinkWidth;
import java.util.List;

/// After how many symbol times an Ack must be sent, and an UpdateFC should be: the two tables of the specification
/// hold the same figures. Only what the published rows need is here.
///
/// @param generations tables 3-7 and 2-46 at 2.5 GT/s, 3-8 and 2-47 at 5 GT/s, 3-9 and 2-48 from 8 GT/s on, all of
/// revision 5.0, as model/pcie.py has them
record UpdateInterval(List<Generation> generations, LinkWidth width, int maxPayloadBytes, int symbols) {
    private static final List<Generation> AT_2_5 = List.of(Generation.GEN1);
    private static final List<Generation> AT_5 = List.of(Generation.GEN2);
    private static final List<Generation> FROM_8 = List.of(Generation.GEN3, Generation.GEN4, Generation.GEN5);

    private static final List<UpdateInterval> TABLES = List.of(
            new UpdateInterval(AT_2_5, LinkWidth.X1, 128, 237),
            new UpdateInterval(AT_5, LinkWidth.X4, 128, 124),
            new UpdateInterval(AT_5, LinkWidth.X8, 128, 118),
            new UpdateInterval(FROM_8, LinkWidth.X4, 128, 169),
            new UpdateInterval(FROM_8, LinkWidth.X4, 256, 214),
            new UpdateInterval(FROM_8, LinkWidth.X8, 128, 163),
            new UpdateInterval(FROM_8, LinkWidth.X8, 256, 203),
            new UpdateInterval(FROM_8, LinkWidth.X8, 512, 182),
            new UpdateInterval(FROM_8, LinkWidth.X16, 128, 144),
            new UpdateInterval(FROM_8, LinkWidth.X16, 256, 168),
            new UpdateInterval(FROM_8, LinkWidth.X16, 512, 182));

    static int symbols(Generation generation, LinkWidth width, int maxPayloadBytes) {
        return TABLES.stream()
                .filter(row -> row.generations.contains(generation)
                        && row.width.equals(width)
                        && row.maxPayloadBytes == maxPayloadBytes)
                .findFirst()
                .orElseThrow(() -> Check.bug(
                        "no interval of Ack and UpdateFC for %s %s and a payload of %d",
                        generation, width, maxPayloadBytes))
                .symbols;
    }
}
