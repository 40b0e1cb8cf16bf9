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

    /// `text` with everything escaped that could end a text or an attribute, and made [#visible].
    static String escaped(String text) {
        return visible(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /// `text` with each control, those that reorder what a reader sees among them, as its code point in braces.
    static String visible(String text) {
        StringBuilder result = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (c != '\n' && isInvisible(c)) {
                result.append("\\{").append(Integer.toHexString(c)).append('}');
            } else {
                result.appendCodePoint(c);
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
