package flyby.fault;

import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as people write them in rules: `10us`, `1.5ms`.
final class Durations {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,12})?)(ps|ns|us|ms|s)");
    /// So that no sum with the time of a clock overflows.
    private static final BigDecimal MOST_PICOS = new BigDecimal("1e18");

    private Durations() {}

    /// Picoseconds, if `text` is a time of whole ones that a clock can hold.
    static OptionalLong picos(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        int places = switch (matcher.group(2)) {
            case "ps" -> 0;
            case "ns" -> 3;
            case "us" -> 6;
            case "ms" -> 9;
            default -> 12;
        };
        BigDecimal picos = new BigDecimal(matcher.group(1)).movePointRight(places);
        boolean isWhole = picos.stripTrailingZeros().scale() <= 0;
        return isWhole && picos.compareTo(MOST_PICOS) <= 0
                ? OptionalLong.of(picos.longValueExact())
                : OptionalLong.empty();
    }
}
