package flyby.report;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Writes HTML: markup as it is, text escaped.
final class Html {
    private final Appendable out;

    Html(Appendable out) {
        this.out = out;
    }

    /// Markup, which never holds anything that came from outside.
    Html raw(String markup) {
        try {
            out.append(markup);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /// Text, whoever wrote it.
    Html text(String text) {
        return raw(escaped(text));
    }

    /// A table head whose first column is words and whose other columns are numbers.
    Html head(Iterable<String> titles) {
        raw("<thead><tr>");
        for (String title : titles) {
            raw("<th scope=\"col\">").text(title).raw("</th>");
        }
        return raw("</tr></thead>\n");
    }

    /// `text` with everything escaped that could end a text or an attribute. Controls, bidirectional ones among
    /// them, which reorder what a reader sees, become visible as their code point in braces.
    static String escaped(String text) {
        StringBuilder result = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> result.append("&amp;");
                case '<' -> result.append("&lt;");
                case '>' -> result.append("&gt;");
                case '"' -> result.append("&quot;");
                case '\'' -> result.append("&#39;");
                case '\n' -> result.append('\n');
                default -> {
                    if (isInvisible(c)) {
                        result.append("\\{").append(Integer.toHexString(c)).append('}');
                    } else {
                        result.appendCodePoint(c);
                    }
                }
            }
        });
        return result.toString();
    }

    private static boolean isInvisible(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || (type == Character.FORMAT && c != 0x200D)
                || (c & 0xFFFE) == 0xFFFE;
    }
}
