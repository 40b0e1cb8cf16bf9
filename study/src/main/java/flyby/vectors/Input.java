package flyby.vectors;

import java.util.function.ObjIntConsumer;
import java.util.regex.Pattern;

/// An input column of a vector file, called like its pins.
enum Input {
    RESET(Digits.BIT, (pins, level) -> pins.reset = level == 1),
    CS(Digits.BIT, (pins, level) -> pins.cs = level == 1),
    IOR(Digits.BIT, (pins, level) -> pins.ior = level == 1),
    IOW(Digits.BIT, (pins, level) -> pins.iow = level == 1),
    A(Digits.NIBBLE, (pins, level) -> pins.address = level),
    DB(Digits.BYTE, (pins, level) -> pins.data = level),
    DREQ(Digits.CHANNELS, (pins, level) -> pins.dreq = level),
    HLDA(Digits.BIT, (pins, level) -> pins.hlda = level == 1),
    READY(Digits.BIT, (pins, level) -> pins.ready = level == 1),
    EOP(Digits.BIT, (pins, level) -> pins.eop = level == 1);

    /// How levels are written.
    private enum Digits {
        BIT("[01]", 2, 1, "0 or 1"),
        CHANNELS("[01]{4}", 2, 4, "four digits 0 or 1, that of channel 3 first"),
        NIBBLE("[0-9a-fA-F]", 16, 1, "one hexadecimal digit"),
        BYTE("[0-9a-fA-F]{2}|zz", 16, 2, "two hexadecimal digits, or zz if nobody drives it");

        private final Pattern pattern;
        private final int radix;
        private final int widest;
        private final String accepted;

        Digits(String pattern, int radix, int widest, String accepted) {
            this.pattern = Pattern.compile(pattern);
            this.radix = radix;
            this.widest = widest;
            this.accepted = accepted;
        }
    }

    private final Digits digits;
    private final ObjIntConsumer<InputPins> driver;

    Input(Digits digits, ObjIntConsumer<InputPins> driver) {
        this.digits = digits;
        this.driver = driver;
    }

    /// Whether `text` is a level of these pins.
    boolean accepts(String text) {
        return digits.pattern.matcher(text).matches();
    }

    /// What [#accepts] accepts, in words.
    String accepted() {
        return digits.accepted;
    }

    /// How many characters a level may have.
    int widest() {
        return digits.widest;
    }

    /// Drives these pins of `pins` as `text` says, which [#accepts].
    void drive(InputPins pins, String text) {
        driver.accept(pins, text.equals("zz") ? InputPins.FLOATING : Integer.parseInt(text, digits.radix));
    }
}
