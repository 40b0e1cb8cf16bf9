package flyby.base;

import java.io.IOException;
import java.io.UncheckedIOException;

/// Writes JSON (RFC 8259) member by member, indented by two blanks a level or not at all.
///
/// Control characters, the two line separators that JavaScript once refused, `<` and `&` (so that a document may
/// stand inside an HTML script element) and unpaired surrogates are escaped; everything else goes out as it is.
public final class JsonWriter {
    /// The largest whole number that JavaScript's numbers hold without gaps: 2^53 - 1.
    static final long SAFE_INTEGER_MAX = (1L << 53) - 1;

    private final Appendable out;
    private final boolean indents;
    private int depth;
    private boolean isFirst = true;
    private boolean afterName;

    public JsonWriter(Appendable out, boolean indents) {
        this.out = out;
        this.indents = indents;
    }

    public JsonWriter beginObject() {
        return open('{');
    }

    public JsonWriter endObject() {
        return close('}');
    }

    public JsonWriter beginArray() {
        return open('[');
    }

    public JsonWriter endArray() {
        return close(']');
    }

    public JsonWriter name(String name) {
        separate();
        string(name);
        append(indents ? ": " : ":");
        afterName = true;
        return this;
    }

    public JsonWriter value(String value) {
        separate();
        string(value);
        return this;
    }

    public JsonWriter value(boolean value) {
        separate();
        append(String.valueOf(value));
        return this;
    }

    public JsonWriter value(long value) {
        separate();
        append(Long.toString(value));
        return this;
    }

    /// A [Long] in full, a [Double] as the shortest decimal that reads back as the same double.
    public JsonWriter value(Number value) {
        if (value instanceof Long || value instanceof Integer) {
            return value(value.longValue());
        }
        double real = value.doubleValue();
        Check.that(Double.isFinite(real), "JSON has no %s", value);
        separate();
        append(Double.toString(real));
        return this;
    }

    /// A number where JavaScript can hold it, a string of its decimal digits where it cannot.
    public JsonWriter safeValue(long value) {
        boolean isSafe = value >= -SAFE_INTEGER_MAX && value <= SAFE_INTEGER_MAX;
        return isSafe ? value(value) : value(Long.toString(value));
    }

    /// A newline behind the whole document.
    public void endDocument() {
        append('\n');
    }

    private JsonWriter open(char bracket) {
        separate();
        append(bracket);
        depth++;
        isFirst = true;
        return this;
    }

    private JsonWriter close(char bracket) {
        depth--;
        if (!isFirst) {
            newLine();
        }
        isFirst = false;
        append(bracket);
        return this;
    }

    private void separate() {
        if (afterName) {
            afterName = false;
            return;
        }
        if (depth > 0) {
            if (!isFirst) {
                append(',');
            }
            newLine();
        }
        isFirst = false;
    }

    private void newLine() {
        if (indents) {
            append('\n');
            append("  ".repeat(depth));
        }
    }

    private void string(String text) {
        append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                append(c);
                append(text.charAt(++i));
            } else if (c == '"' || c == '\\') {
                append('\\');
                append(c);
            } else if (c == '\n') {
                append("\\n");
            } else if (c < ' ' || c == '<' || c == '&' || isEscapedRange(c)) {
                append("\\u");
                append(hexDigit(c >> 12));
                append(hexDigit(c >> 8));
                append(hexDigit(c >> 4));
                append(hexDigit(c));
            } else {
                append(c);
            }
        }
        append('"');
    }

    private static boolean isEscapedRange(char c) {
        boolean isControl = c >= 0x7F && c <= 0x9F;
        boolean isSeparator = c == 0x2028 || c == 0x2029;
        boolean isNonCharacter = c >= 0xFFFE || c == 0xFEFF;
        return isControl || isSeparator || isNonCharacter || Character.isSurrogate(c);
    }

    private static char hexDigit(int value) {
        return Character.forDigit(value & 15, 16);
    }

    private void append(char c) {
        try {
            out.append(c);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(String text) {
        try {
            out.append(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
