package flyby.params;

/// How foreign text is shown in messages: short, on one line, with nothing that a terminal would act on.
public final class Quote {
    private static final int SHOWN_MAX = 60;
    private static final int LINE_MAX = 160;

    private Quote() {}

    /// `text` in double quotes, cut to 60 characters.
    public static String of(String text) {
        return '"' + cut(text) + '"';
    }

    /// `text` without quotes, cut to 60 characters, each control or format character replaced by `?`.
    public static String cut(String text) {
        return cut(text, SHOWN_MAX);
    }

    /// As [#cut], for a whole message that may have foreign text in it: cut to 160 characters.
    public static String line(String text) {
        return cut(text, LINE_MAX);
    }

    private static String cut(String text, int shownMax) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(shownMax).map(Quote::visible).forEach(shown::appendCodePoint);
        if (text.codePointCount(0, text.length()) > shownMax) {
            shown.append("...");
        }
        return shown.toString();
    }

    private static int visible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> '?';
            default -> codePoint;
        };
    }
}
