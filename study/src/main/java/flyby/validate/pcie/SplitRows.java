package flyby.validate.pcie;

import static flyby.validate.pcie.PcieReferences.BASE;

import flyby.pcie.Handling;
import flyby.pcie.MemoryTarget;
import flyby.pcie.Segmentation;
import flyby.pcie.TagWidth;
import flyby.pcie.Tlp;
import flyby.pcie.TlpDecoder;
import flyby.pcie.TlpEncoder;
import flyby.pcie.TlpFrame;
import flyby.validate.Facts;
import flyby.validate.Grade;
import flyby.validate.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Rows 2.5 to 2.7: how transfers become packets, and how many may be under way.
final class SplitRows {
    private static final List<Integer> SIZES = List.of(128, 256, 512, 1_024, 2_048, 4_096);

    private SplitRows() {}

    static List<Row> rows() {
        return List.of(
                Row.of("2.5", "MPS, MRRS and RCB")
                        .rule("MPS and MRRS are powers of two from 128 to 4096 B, RCB is 64 or 128 B", SplitRows::sizes)
                        .from(
                                Grade.A,
                                BASE.at("sections 7.5.3.4 and 2.3.1.1"),
                                "64 KiB are cut with each size; sizes beside them are refused."),
                Row.of("2.6a", "read requests")
                        .rule("none crosses 4 KiB nor exceeds MRRS", SplitRows::requests)
                        .from(
                                Grade.A,
                                BASE.at("section 2.2.7"),
                                "Reads from odd addresses are cut; pieces are looked at."),
                Row.of("2.6b", "completions")
                        .rule("all but the last end at a multiple of RCB; none exceeds MPS", SplitRows::completions)
                        .from(
                                Grade.A,
                                BASE.at("section 2.3.1.1"),
                                "Completions of 1500 B from odd addresses are cut; pieces are looked at."),
                tags("2.7a", "5-bit", 32, TagWidth.FIVE_BITS),
                tags("2.7b", "8-bit", 256, TagWidth.EIGHT_BITS),
                tags("2.7c", "10-bit", 768, TagWidth.TEN_BITS));
    }

    private static Row tags(String id, String name, int published, TagWidth width) {
        return Row.of(id, "outstanding reads, " + name + " tags")
                .exactly(published, "reads", () -> distinctReads(width))
                .from(
                        Grade.A,
                        BASE.at("section 2.2.6.2"),
                        "A read with each tag of this width is encoded and decoded; different ones are counted.");
    }

    private static double distinctReads(TagWidth width) {
        TlpDecoder decoder = new TlpDecoder(128);
        return IntStream.range(width.firstTag(), width.firstTag() + width.tagCount())
                .mapToObj(tag -> new Tlp.MemoryRead(Handling.PLAIN, MemoryTarget.of(0, tag, 0, 4)))
                .map(read -> decoder.decode(TlpEncoder.encode(0, read)))
                .filter(TlpFrame.Good.class::isInstance)
                .distinct()
                .count();
    }

    private static void sizes(Facts facts) {
        for (int size : SIZES) {
            Segmentation limits = new Segmentation(size, size, 64);
            facts.equal("writes, MPS " + size, 65_536L / size, Segmentation.count(limits::writeBytes, 0, 65_536));
            facts.equal("reads, MRRS " + size, 65_536L / size, Segmentation.count(limits::readBytes, 0, 65_536));
        }
        for (int size : List.of(0, 64, 192, 8_192)) {
            facts.holds("MPS " + size + " is refused", isRefused(size, 128, 64));
            facts.holds("MRRS " + size + " is refused", isRefused(128, size, 64));
        }
        for (int boundary : List.of(32, 96, 256)) {
            facts.holds("RCB " + boundary + " is refused", isRefused(128, 128, boundary));
        }
    }

    private static boolean isRefused(int maxPayload, int maxReadRequest, int boundary) {
        try {
            return new Segmentation(maxPayload, maxReadRequest, boundary).maxPayloadBytes() < 0;
        } catch (AssertionError refused) {
            return true;
        }
    }

    private static void requests(Facts facts) {
        for (int size : SIZES) {
            Segmentation limits = new Segmentation(128, size, 64);
            for (Piece piece : pieces(limits::readBytes, 0xf81, 20_000)) {
                facts.equal(piece + ", last page", piece.from() / 4_096, (piece.end() - 1) / 4_096);
                facts.holds(piece + " within MRRS " + size, piece.byteCount() <= size);
            }
        }
    }

    private static void completions(Facts facts) {
        for (int boundary : List.of(64, 128)) {
            for (int size : SIZES) {
                Segmentation limits = new Segmentation(size, 4_096, boundary);
                List<Piece> pieces = pieces(limits::completionBytes, 0x7ab, 1_500);
                for (Piece piece : pieces) {
                    boolean isLast = piece.equals(pieces.getLast());
                    facts.holds(piece + " ends at RCB " + boundary, isLast || piece.end() % boundary == 0);
                    facts.holds(piece + " within MPS " + size, piece.byteCount() <= size);
                }
            }
        }
    }

    private record Piece(long from, int byteCount) {
        long end() {
            return from + byteCount;
        }
    }

    private static List<Piece> pieces(Segmentation.Rule rule, long address, long byteCount) {
        List<Piece> pieces = new ArrayList<>();
        long at = address;
        long end = address + byteCount;
        while (at < end) {
            pieces.add(new Piece(at, rule.bytes(at, end - at)));
            at = pieces.getLast().end();
        }
        return pieces;
    }
}
