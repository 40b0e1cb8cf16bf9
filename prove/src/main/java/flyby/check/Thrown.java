package flyby.check;

import flyby.check.Finding.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Why a driver has thrown.
final class Thrown {
    private static final Pattern NUMBER = Pattern.compile("-?\\d+");

    private Thrown() {}

    static void report(World world, ApiRules api, Throwable thrown) {
        CallSite site = CallSites.in(thrown.getStackTrace());
        String message = thrown.getMessage();
        String what = thrown.getClass().getSimpleName() + (message == null ? "" : ": " + message);
        List<Step> before = new ArrayList<>(world.records.lately(6));
        @Nullable Step value = isOfNumbers(thrown) && message != null ? value(world, message) : null;
        if (value != null) {
            before.add(value);
            world.findings.add(
                    Rule.R85,
                    Evidence.TAINT,
                    "the driver used a value of the device's unchecked: " + what,
                    "cpu0",
                    site,
                    before,
                    "Check each index, length and id that comes from the device against what was given to it.");
        } else if (thrown instanceof NullPointerException && api.failedPicos() >= 0) {
            before.add(new Step(api.failedPicos(), "a map or an allocation failed", api.failedSite()));
            world.findings.add(
                    Rule.R54,
                    Evidence.POISON,
                    "the driver used an allocation that had failed: " + what,
                    "cpu0",
                    site,
                    before,
                    "Check for null, and undo what was done before.");
        } else {
            world.findings.add(
                    Rule.THROWS,
                    Evidence.PROGRESS,
                    "the driver threw " + what,
                    "cpu0",
                    site,
                    before,
                    "See the lines that led there.");
        }
    }

    private static boolean isOfNumbers(Throwable thrown) {
        return thrown instanceof IndexOutOfBoundsException
                || thrown instanceof NegativeArraySizeException
                || thrown instanceof ArithmeticException
                || thrown instanceof IllegalArgumentException;
    }

    private static @Nullable Step value(World world, String message) {
        Matcher numbers = NUMBER.matcher(message);
        while (numbers.find()) {
            String digits = numbers.group();
            if (digits.length() < 18) {
                Step step = world.values.number(Long.parseLong(digits));
                if (step != null) {
                    return step;
                }
            }
        }
        return null;
    }
}
