package flyby.report;

import flyby.study.Finding.ByteEvidence;
import java.util.ArrayList;
import java.util.List;

/// Byte evidence cut into lines of 16 addresses, what was seen beside what is right.
///
/// Long stretches without a difference are left out, as a reader looks for the differences.
final class HexLines {
    static final int BYTES_PER_LINE = 16;

    /// One line; either a run of up to 16 bytes, or a note of how many equal bytes were left out.
    ///
    /// @param address of the first byte
    /// @param from index of the first byte in the evidence
    /// @param count of bytes
    /// @param isGap whether these bytes are equal on both sides and only counted
    record Line(long address, int from, int count, boolean isGap) {}

    private HexLines() {}

    /// The lines of `evidence`: those with a difference, one line around each, and gaps for the rest.
    static List<Line> of(ByteEvidence evidence) {
        int length = Math.max(evidence.seen().length, evidence.right().length);
        int lead = (int) (evidence.address() & (BYTES_PER_LINE - 1));
        List<Line> all = new ArrayList<>();
        int from = 0;
        while (from < length) {
            int room = from == 0 ? BYTES_PER_LINE - lead : BYTES_PER_LINE;
            int count = Math.min(room, length - from);
            all.add(new Line(evidence.address() + from, from, count, false));
            from += count;
        }
        List<Line> result = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Line line = all.get(i);
            boolean isNear = differs(evidence, line)
                    || (i > 0 && differs(evidence, all.get(i - 1)))
                    || (i + 1 < all.size() && differs(evidence, all.get(i + 1)))
                    || all.size() <= 4;
            if (isNear) {
                result.add(line);
            } else if (!result.isEmpty() && result.getLast().isGap()) {
                Line gap = result.removeLast();
                result.add(new Line(gap.address(), gap.from(), gap.count() + line.count(), true));
            } else {
                result.add(new Line(line.address(), line.from(), line.count(), true));
            }
        }
        return result;
    }

    static boolean differs(ByteEvidence evidence, Line line) {
        for (int i = line.from(); i < line.from() + line.count(); i++) {
            if (differs(evidence, i)) {
                return true;
            }
        }
        return false;
    }

    /// Whether byte `index` was not seen as it should have been.
    static boolean differs(ByteEvidence evidence, int index) {
        byte[] seen = evidence.seen();
        byte[] right = evidence.right();
        return index >= seen.length || index >= right.length || seen[index] != right[index];
    }

    /// How many bytes differ.
    static int differenceCount(ByteEvidence evidence) {
        int count = 0;
        for (int i = 0; i < Math.max(evidence.seen().length, evidence.right().length); i++) {
            count += differs(evidence, i) ? 1 : 0;
        }
        return count;
    }

    /// Two hexadecimal digits, or `--` where `bytes` has ended.
    static String hex(byte[] bytes, int index) {
        if (index >= bytes.length) {
            return "--";
        }
        int value = bytes[index] & 0xFF;
        return "" + Character.forDigit(value >> 4, 16) + Character.forDigit(value & 15, 16);
    }

    /// The byte as a character if ASCII prints it, else a dot.
    static char character(byte[] bytes, int index) {
        int value = index < bytes.length ? bytes[index] : 0;
        return value >= ' ' && value < 0x7F ? (char) value : '.';
    }
}
