package flyby.report;

/// Text for terminals: what users name their files must not move the cursor.
final class Ascii {
    private Ascii() {}

    /// `text` in printable ASCII; any other character as `\` and its code point in hexadecimal, in braces.
    static String of(String text) {
        StringBuilder result = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c >= ' ' && c < 0x7F) {
                result.append((char) c);
            } else {
                result.append("\\{").append(Integer.toHexString(c)).append('}');
            }
        });
        return result.toString();
    }

    /// `text` in printable ASCII, cut to `width` columns, a cut shown by `...` (width 3 or more).
    static String of(String text, int width) {
        String ascii = of(text);
        return ascii.length() <= width ? ascii : ascii.substring(0, width - 3) + "...";
    }

    /// `text` at the right of `width` columns.
    static String padLeft(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /// `text` at the left of `width` columns.
    static String padRight(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
