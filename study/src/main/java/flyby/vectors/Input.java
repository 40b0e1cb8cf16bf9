package flyby.vectors;

import java.util.regex.Pattern;

/// An input column of a vector file, called like its pins.
enum Input {
    RESET(Digits.BIT),
    CS(Digits.BIT),
    IOR(Digits.BIT),
    IOW(Digits.BIT),
    A(Digits.NIBBLE),
    DB(Digits.BYTE),
    DREQ(Digits.CHANNELS),
    HLDA(Digits.BIT),
    READY(Digits.BIT),
    EOP(Digits.BIT);

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

    Input(Digits digits) {
        this.digits = digits;
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
        int level = text.equals("zz") ? InputPins.FLOATING : Integer.parseInt(text, digits.radix);
        boolean high = level == 1;
        switch (this) {
            case RESET -> pins.reset = high;
            case CS -> pins.cs = high;
            case IOR -> pins.ior = high;
            case IOW -> pins.iow = high;
            case A -> pins.address = level;
            case DB -> pins.data = level;
            case DREQ -> pins.dreq = level;
            case HLDA -> pins.hlda = high;
            case READY -> pins.ready = high;
            case EOP -> pins.eop = high;
        }
    }
}
