package flyby.study;

import flyby.base.LabException;
import flyby.params.Quote;
import java.util.regex.Pattern;

/// How seeds are written.
public final class Seeds {
    /// The seed of a scenario that names none.
    public static final long STANDARD = 1;

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,19}");
    private static final Pattern HEXADECIMAL = Pattern.compile("0[xX][0-9a-fA-F]{1,16}");

    private Seeds() {}

    /// Reads a decimal number below 2^63, or up to 16 hexadecimal digits after `0x`.
    ///
    /// @throws LabException if `text`, which stands at `place`, is neither
    public static long parse(String text, String place) {
        try {
            if (HEXADECIMAL.matcher(text).matches()) {
                return Long.parseUnsignedLong(text.substring(2), 16);
            }
            if (DECIMAL.matcher(text).matches()) {
                return Long.parseLong(text);
            }
        } catch (NumberFormatException _) {
            // Above 2^63 - 1: refused below.
        }
        throw new LabException(
                LabException.Kind.BAD_INPUT,
                place,
                Quote.of(text) + " as seed",
                "0 to 9223372036854775807, or 0x and up to 16 hexadecimal digits");
    }
}
