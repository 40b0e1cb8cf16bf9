package flyby.vectors;

import flyby.base.LabException;
import flyby.params.Quote;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads a text file line by line in bounded memory, whatever the file really is.
final class LineSource {
    /// Far more than all columns need.
    static final int LINE_MAX = 1000;

    private static final char NOT_UTF_8 = '\ufffd';

    /// What some editors put before the first line.
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private final String file;
    private final InputStream stream;
    private final byte[] bytes = new byte[LINE_MAX];
    private long number;

    LineSource(String file, InputStream stream) {
        this.file = file;
        this.stream = new BufferedInputStream(stream, 1 << 16);
    }

    /// The number of the line last read, from 1.
    long number() {
        return number;
    }

    /// The next line without its end, or nothing after the last.
    ///
    /// @throws LabException if it is too long or no text
    Optional<String> next() throws IOException {
        int next = stream.read();
        if (next < 0) {
            return Optional.empty();
        }
        number++;
        int count = 0;
        while (next >= 0 && next != '\n') {
            if (count == LINE_MAX) {
                throw refuse(LINE_MAX, "a line of more than " + LINE_MAX + " bytes", "shorter lines");
            }
            bytes[count++] = (byte) next;
            next = stream.read();
        }
        if (count > 0 && bytes[count - 1] == '\r') {
            count--;
        }
        String line = new String(bytes, 0, count, StandardCharsets.UTF_8);
        boolean isMarked = number == 1 && line.startsWith(BYTE_ORDER_MARK);
        return Optional.of(checked(isMarked ? line.substring(BYTE_ORDER_MARK.length()) : line));
    }

    private String checked(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == NOT_UTF_8) {
                throw refuse(i, "a byte that is not UTF-8 text", "text");
            }
            if (c != '\t' && Character.isISOControl(c)) {
                throw refuse(i, "the control character 0x%02x".formatted((int) c), "text");
            }
        }
        return line;
    }

    /// What is wrong at the character `index` of the line last read.
    LabException refuse(int index, String found, String expected) {
        String place = file + ":" + Math.max(number, 1) + ":" + (index + 1);
        return new LabException(LabException.Kind.BAD_FILE, place, found, expected);
    }

    /// As [#refuse], showing `word`, which stands there.
    LabException refuseWord(int index, String word, String expected) {
        return refuse(index, Quote.of(word), expected);
    }
}
