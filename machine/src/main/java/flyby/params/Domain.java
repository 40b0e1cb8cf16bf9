package flyby.params;

import flyby.base.LabException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which values a parameter accepts, and how they are read from and printed as text.
public sealed interface Domain {
    /// Reads `text`, which stands at `place`.
    ///
    /// @throws LabException saying what was found and what is accepted
    Value parse(String path, String text, String place);

    /// The text of `value`, which [#parse] reads back as the same value.
    String format(Value value);

    /// What is accepted, in a few words: `1 kHz to 10 GHz`.
    String accepted();

    /// A number with a unit.
    ///
    /// @param least the smallest accepted, in base units
    /// @param most the largest accepted, in base units
    /// @param countedUnit what a plain number counts: `clocks`; empty for the other dimensions
    record Quantity(Dimension dimension, long least, long most, String countedUnit) implements Domain {
        private static final int TEXT_MAX = 64;
        private static final Pattern NUMBER =
                Pattern.compile("([+-]?[0-9][0-9_]*+(?:\\.[0-9][0-9_]*+)?)\\s*+([A-Za-z]*+)");

        @Override
        public Value parse(String path, String text, String place) {
            Matcher matcher = NUMBER.matcher(text);
            if (text.length() > TEXT_MAX || !matcher.matches()) {
                throw refuse(path, Quote.of(text), place, "");
            }
            BigDecimal number = new BigDecimal(matcher.group(1).replace("_", ""));
            String unit = matcher.group(2);
            if (unit.equals(countedUnit)) {
                unit = "";
            }
            long factor = dimension.factor(unit);
            if (unit.isEmpty() && number.signum() == 0) {
                factor = 1;
            }
            if (factor == 0) {
                throw refuse(path, unit.isEmpty() ? text + " without a unit" : Quote.of(text), place, unitHint(unit));
            }
            BigDecimal amount = number.multiply(BigDecimal.valueOf(factor));
            if (amount.stripTrailingZeros().scale() > 0) {
                throw refuse(path, text + ", which is no whole number of " + base(), place, "");
            }
            if (amount.compareTo(BigDecimal.valueOf(least)) < 0 || amount.compareTo(BigDecimal.valueOf(most)) > 0) {
                throw refuse(path, text, place, "");
            }
            return new Value.Amount(amount.longValueExact());
        }

        private String unitHint(String unit) {
            if (unit.isEmpty()) {
                return "";
            }
            String units = dimension.unitWords();
            return units.isEmpty() ? "" : "; units: " + units;
        }

        private String base() {
            return switch (dimension) {
                case DURATION -> "picoseconds";
                case FREQUENCY -> "hertz";
                case BYTES -> "bytes";
                case COUNT -> countedUnit.isEmpty() ? "units" : countedUnit;
            };
        }

        private LabException refuse(String path, String found, String place, String hint) {
            String like = dimension == Dimension.COUNT
                    ? ""
                    : " (" + dimension.noun() + ", such as " + dimension.example() + ")";
            return refused(path, found, place, accepted() + like + hint);
        }

        @Override
        public String format(Value value) {
            String text = dimension.format(((Value.Amount) value).amount());
            return countedUnit.isEmpty() ? text : text + " " + countedUnit;
        }

        @Override
        public String accepted() {
            String range = dimension.format(least) + " to " + dimension.format(most);
            return countedUnit.isEmpty() ? range : range + " " + countedUnit;
        }
    }

    /// A physical address, in hexadecimal: `0xc000_0000`.
    record Address(long least, long most) implements Domain {
        private static final Pattern HEXADECIMAL = Pattern.compile("0[xX](?:_?[0-9a-fA-F]){1,15}");

        @Override
        public Value parse(String path, String text, String place) {
            if (!HEXADECIMAL.matcher(text).matches()) {
                throw refused(path, Quote.of(text), place, accepted());
            }
            long address = Long.parseLong(text.substring(2).replace("_", ""), 16);
            if (address < least || address > most) {
                throw refused(path, text, place, accepted());
            }
            return new Value.Amount(address);
        }

        @Override
        public String format(Value value) {
            return hexadecimal(((Value.Amount) value).amount());
        }

        @Override
        public String accepted() {
            return "an address, " + hexadecimal(least) + " to " + hexadecimal(most);
        }

        private static String hexadecimal(long address) {
            return "0x" + Long.toHexString(address);
        }
    }

    /// On or off.
    record Flag() implements Domain {
        @Override
        public Value parse(String path, String text, String place) {
            return switch (text) {
                case "true" -> new Value.Flag(true);
                case "false" -> new Value.Flag(false);
                default -> throw refused(path, Quote.of(text), place, accepted());
            };
        }

        @Override
        public String format(Value value) {
            return Boolean.toString(((Value.Flag) value).on());
        }

        @Override
        public String accepted() {
            return "true or false";
        }
    }

    /// One of some words.
    record Choice(List<String> words) implements Domain {
        public Choice {
            words = List.copyOf(words);
        }

        @Override
        public Value parse(String path, String text, String place) {
            return new Value.Word(oneOf(words, path, text, place));
        }

        @Override
        public String format(Value value) {
            return ((Value.Word) value).word();
        }

        @Override
        public String accepted() {
            return words.size() == 1 ? words.getFirst() : "one of " + String.join(", ", words);
        }
    }

    /// Some of some words, in the order given, at least one and none twice: `pio,burst`.
    record Choices(List<String> words) implements Domain {
        private static final int TEXT_MAX = 10_000;

        public Choices {
            words = List.copyOf(words);
        }

        @Override
        public Value parse(String path, String text, String place) {
            if (text.length() > TEXT_MAX) {
                throw refused(path, Quote.of(text), place, accepted());
            }
            List<String> chosen = new ArrayList<>();
            for (String part : text.split(",", -1)) {
                String word = oneOf(words, path, part.strip(), place);
                if (chosen.contains(word)) {
                    throw refused(path, Quote.of(word) + " twice", place, "each at most once");
                }
                chosen.add(word);
            }
            return new Value.Words(chosen);
        }

        @Override
        public String format(Value value) {
            return String.join(",", ((Value.Words) value).words());
        }

        @Override
        public String accepted() {
            return "any of " + String.join(", ", words) + ", with commas between";
        }
    }

    private static String oneOf(List<String> words, String path, String text, String place) {
        if (words.contains(text)) {
            return text;
        }
        Optional<String> nearest = Nearest.word(text, words);
        String hint = nearest.map(word -> "; did you mean " + word + "?").orElse("");
        throw refused(
                path, text.isEmpty() ? "nothing" : Quote.of(text), place, "one of " + String.join(", ", words) + hint);
    }

    private static LabException refused(String path, String found, String place, String expected) {
        return new LabException(LabException.Kind.BAD_INPUT, place, found + " for " + path, expected);
    }
}
