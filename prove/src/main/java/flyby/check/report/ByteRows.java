package flyby.check.report;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// Bytes that should have been there above those that were, with a mark under each that differs.
///
/// Rows that are equal on both sides are counted only, if there are many.
final class ByteRows {
    private static final int ROW_BYTES = 16;
    private static final int ROWS_MAX = 8;
    private static final String ABSENT = "--";
    /// What stands behind bytes that are not all.
    private static final String MORE = "...";

    private ByteRows() {}

    /// The rows, without indentation; empty if there is nothing to compare.
    ///
    /// @param expected in hexadecimal, with or without blanks
    static List<String> of(String expected, String seen) {
        if (expected.isBlank() && seen.isBlank()) {
            return List.of();
        }
        if (expected.endsWith(MORE) || seen.endsWith(MORE)) {
            List<String> rows = new ArrayList<>(of(without(expected), without(seen)));
            rows.add("... of more bytes");
            return rows;
        }
        if (!isHex(expected) || !isHex(seen)) {
            return List.of("expected  " + expected, "seen      " + seen);
        }
        List<String> right = bytes(expected);
        List<String> wrong = bytes(seen);
        int count = Math.max(right.size(), wrong.size());
        List<String> rows = new ArrayList<>();
        int shown = 0;
        int equal = 0;
        for (int from = 0; from < count; from += ROW_BYTES) {
            int to = Math.min(from + ROW_BYTES, count);
            boolean isShown = count <= ROW_BYTES || differs(right, wrong, from, to);
            if (isShown && shown < ROWS_MAX) {
                leaveOut(rows, equal, "equal");
                equal = 0;
                shown++;
                row(rows, right, wrong, from, to, count > ROW_BYTES);
            } else if (isShown) {
                leaveOut(rows, equal, "equal");
                leaveOut(rows, count - from, "more");
                return rows;
            } else {
                equal += to - from;
            }
        }
        leaveOut(rows, equal, "equal");
        return rows;
    }

    private static void leaveOut(List<String> rows, int count, String kind) {
        if (count > 0) {
            rows.add("... %d %s bytes".formatted(count, kind));
        }
    }

    private static void row(
            List<String> rows, List<String> right, List<String> wrong, int from, int to, boolean hasOffset) {
        String offset = hasOffset ? String.format(Locale.ROOT, "+%-5d", from) : "";
        StringBuilder expected = new StringBuilder(offset + "expected ");
        StringBuilder seen = new StringBuilder(" ".repeat(offset.length()) + "seen     ");
        StringBuilder marks = new StringBuilder(" ".repeat(offset.length() + 9));
        for (int i = from; i < to; i++) {
            String gap = i > from && (i - from) % 8 == 0 ? "  " : " ";
            expected.append(gap).append(at(right, i));
            seen.append(gap).append(at(wrong, i));
            marks.append(gap).append(at(right, i).equals(at(wrong, i)) ? "  " : "^^");
        }
        rows.add(expected.toString());
        rows.add(seen.toString());
        if (!marks.toString().isBlank()) {
            rows.add(marks.toString().stripTrailing());
        }
    }

    private static boolean differs(List<String> right, List<String> wrong, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!at(right, i).equals(at(wrong, i))) {
                return true;
            }
        }
        return false;
    }

    private static String at(List<String> bytes, int index) {
        return index < bytes.size() ? bytes.get(index) : ABSENT;
    }

    private static String without(String hex) {
        return hex.endsWith(MORE) ? hex.substring(0, hex.length() - MORE.length()) : hex;
    }

    private static boolean isHex(String text) {
        String digits = text.replaceAll("\\s", "");
        return digits.length() % 2 == 0 && digits.chars().allMatch(HexFormat::isHexDigit);
    }

    private static List<String> bytes(String hex) {
        String digits = hex.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
        List<String> bytes = new ArrayList<>();
        for (int i = 0; i < digits.length(); i += 2) {
            bytes.add(digits.substring(i, i + 2));
        }
        return bytes;
    }
}
