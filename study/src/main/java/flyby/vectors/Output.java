package flyby.vectors;

import flyby.i8237.I8237A;
import flyby.i8237.State;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// An output column of a vector file, called like its pins. `STATE` is no pin, but what the chip is in.
enum Output {
    STATE(Levels.STATE),
    HRQ(Levels.BIT),
    DACK(Levels.CHANNELS),
    AEN(Levels.BIT),
    ADSTB(Levels.BIT),
    A(Levels.BYTE),
    DB(Levels.BYTE),
    IOR(Levels.STROBE),
    IOW(Levels.STROBE),
    MEMR(Levels.STROBE),
    MEMW(Levels.STROBE),
    EOP(Levels.BIT);

    /// In a vector file: whatever the level is.
    static final String ANY = "-";

    /// Between the level after CLK falls and that after CLK rises.
    private static final String THEN = ">";

    private static final HexFormat HEX = HexFormat.of();

    /// How levels are written.
    private enum Levels {
        BIT("[01]", 3, "0 or 1"),
        STROBE("[01z]", 3, "0, 1, or z if the chip does not drive it"),
        CHANNELS("[01]{4}", 4, "four digits 0 or 1, that of channel 3 first"),
        BYTE("[0-9a-f]{2}|zz", 5, "two hexadecimal digits, or zz if the chip does not drive them"),
        STATE(
                Arrays.stream(State.values()).map(State::name).collect(Collectors.joining("|")),
                3,
                "a state: " + Arrays.stream(State.values()).map(State::name).collect(Collectors.joining(", ")));

        private final Pattern pattern;
        private final int widest;
        private final String accepted;

        Levels(String level, int widest, String accepted) {
            String one = "(?:" + level + ")";
            this.pattern = Pattern.compile(one + "(?:" + THEN + one + ")?|" + ANY, Pattern.CASE_INSENSITIVE);
            this.widest = widest;
            this.accepted = accepted;
        }
    }

    private final Levels levels;

    Output(Levels levels) {
        this.levels = levels;
    }

    /// Whether `text` may be expected of these pins.
    boolean accepts(String text) {
        return levels.pattern.matcher(text).matches();
    }

    /// What [#accepts] accepts, in words.
    String accepted() {
        return levels.accepted + "; two of them as in 1>0 if it changes when CLK rises; or " + ANY;
    }

    /// How many characters [#text] usually has; DACK and STATE change only when CLK falls.
    int widest() {
        return levels.widest;
    }

    /// The level of these pins now.
    String level(PinBench bench) {
        I8237A chip = bench.chip();
        return switch (this) {
            case STATE -> chip.state().name();
            case HRQ -> bit(chip.hrq());
            case DACK -> channels(chip.dack());
            case AEN -> bit(chip.aen());
            case ADSTB -> bit(chip.adstb());
            case A -> octet(chip.addressPins());
            case DB -> octet(bench.data());
            case IOR -> strobe(chip, chip.ior());
            case IOW -> strobe(chip, chip.iow());
            case MEMR -> strobe(chip, chip.memr());
            case MEMW -> strobe(chip, chip.memw());
            case EOP -> bit(chip.eop());
        };
    }

    /// What stands in the file for a clock in whose first half the level is `low` and in whose second `high`.
    static String text(String low, String high) {
        return low.equals(high) ? low : low + THEN + high;
    }

    /// Whether `expected`, which [#accepts], allows for what [#text] makes of a clock.
    static boolean matches(String expected, String found) {
        return expected.equals(ANY) || expected.equalsIgnoreCase(found);
    }

    private static String bit(boolean high) {
        return high ? "1" : "0";
    }

    /// The chip drives its strobes when it drives the address.
    private static String strobe(I8237A chip, boolean high) {
        return chip.addressPins() < 0 ? "z" : bit(high);
    }

    private static String channels(int bits) {
        return Integer.toBinaryString(0b1_0000 | bits).substring(1);
    }

    private static String octet(int level) {
        return level < 0 ? "zz" : HEX.toHexDigits((byte) level);
    }
}
