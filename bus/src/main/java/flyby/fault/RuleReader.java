package flyby.fault;

import flyby.base.LabException;
import flyby.bus.Transaction.Status;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/// Reads one rule, word by word. The grammar: `docs/faults.md`.
final class RuleReader {
    /// The default value of PCI Express, 50 us to 50 ms, at its end: section 7.5.3.16, Completion Timeout Value.
    private static final long TIMEOUT_PICOS = 50_000_000_000L;

    private static final List<String> CONDITIONS =
            List.of("every N", "N", "N..M", "after N", "times N", "p=0.1", "seed=N", "from TIME", "until TIME");

    private final String where;
    private final String text;
    private final Deque<String> words;
    private int wordsRead;

    private FaultAction action = FaultAction.DROP;
    private Set<FaultTarget> targets = Set.of();
    private FaultRule.Operation operation = FaultRule.Operation.NONE;

    private Status status = Status.TIMEOUT;
    private boolean hasDetail;
    private long picos;
    private long timeoutPicos = TIMEOUT_PICOS;
    private long place = -1;
    private boolean isBit;
    private long behind = 1;
    private long away;

    private long lowest = Long.MIN_VALUE;
    private long highest = Long.MAX_VALUE;
    private int number = -1;
    private long fromPicos;
    private long untilPicos = Long.MAX_VALUE;
    private long first = 1;
    private long last = Long.MAX_VALUE;
    private long every = 1;
    private long chance = 1;
    private long outOf = 1;
    private long timesMax = Long.MAX_VALUE;
    private OptionalLong seed = OptionalLong.empty();

    private RuleReader(String where, String text) {
        this.where = where;
        this.text = text;
        words = new ArrayDeque<>(Arrays.asList(text.split("\\s+")));
    }

    /// The rule that `text` says.
    ///
    /// @param where it stands, for messages
    /// @throws LabException if it says none
    static FaultRule read(String where, String text) {
        RuleReader reader = new RuleReader(where, text.strip());
        reader.head();
        while (!reader.words.isEmpty()) {
            reader.condition();
        }
        return reader.rule();
    }

    private FaultRule rule() {
        String needed = switch (action) {
            case FAIL -> "with STATUS";
            case DELAY -> "by TIME";
            case MISDIRECT -> "by BYTES";
            default -> "";
        };
        if (!needed.isEmpty() && !hasDetail) {
            throw bad("nothing more", needed);
        }
        boolean isTimedOut = action == FaultAction.DROP || (status == Status.TIMEOUT && action == FaultAction.FAIL);
        FaultRule.Effect effect =
                new FaultRule.Effect(status, isTimedOut ? timeoutPicos : picos, place, isBit, behind, away);
        boolean happensOnce = action == FaultAction.REMOVE || action == FaultAction.HANG;
        Selection selection = new Selection(
                lowest,
                highest,
                number,
                fromPicos,
                untilPicos,
                first,
                last,
                every,
                chance,
                outOf,
                happensOnce ? Math.min(timesMax, 1) : timesMax,
                seed);
        return new FaultRule(text, action, targets, effect, selection, operation);
    }

    private void head() {
        String word = next(String.join(", ", FaultAction.words()) + ", or a fault of the device such as nvme status");
        var known = FaultAction.of(word);
        if (known.isEmpty()) {
            if (!words.contains("on")) {
                throw bad(
                        quoted(word),
                        "one of " + String.join(", ", FaultAction.words())
                                + ", or a fault of the device such as nvme status 0x281 on read");
            }
            operation(word);
            return;
        }
        action = known.get();
        List<String> accepted = FaultTarget.words(action.targets());
        String expected = (accepted.size() == 1 ? "" : "one of ") + String.join(", ", accepted);
        String about = next(expected);
        targets = FaultTarget.of(about)
                .filter(action.targets()::containsAll)
                .orElseThrow(() -> bad(quoted(about), expected + " after " + action.word()));
    }

    private void operation(String device) {
        action = FaultAction.ASK;
        targets = action.targets();
        String name = next("the name of a fault");
        String word = next("a number, or on");
        long value = 0;
        if (!word.equals("on")) {
            value = number(word, "a number, or on");
            word = next("on");
            if (!word.equals("on")) {
                throw bad(quoted(word), "on");
            }
        }
        operation = new FaultRule.Operation(device, name, value, next("what the device is to fail at, such as read"));
    }

    private void condition() {
        String word = next("a condition");
        switch (word) {
            case "with" -> detail(word, action == FaultAction.FAIL, this::status);
            case "by" -> detail(word, action == FaultAction.DELAY || action == FaultAction.MISDIRECT, this::distance);
            case "for" -> detail(word, action == FaultAction.HANG, () -> picos = time());
            case "byte", "bit" -> detail(word, action == FaultAction.CORRUPT, () -> place(word.equals("bit")));
            case "behind" -> detail(word, action == FaultAction.REORDER, () -> behind = positive());
            case "timeout" -> detail(word, timesOut(), () -> timeoutPicos = time());
            case "in" -> detail(word, hasAddress(), this::addresses);
            case "vector" -> detail(word, targets.contains(FaultTarget.INTERRUPT), () -> number = (int) natural());
            case "region" ->
                detail(word, targets.stream().allMatch(FaultTarget::isRegister), () -> number = (int) natural());
            case "at" -> detail(word, targets.contains(FaultTarget.DEVICE), () -> fromPicos = time());
            case "from" -> fromPicos = time();
            case "until" -> untilPicos = time();
            case "every" -> every = ordinal();
            case "after" -> first = natural() + 1;
            case "times" -> timesMax = positive();
            default -> plain(word);
        }
    }

    /// In time or in space.
    private void distance() {
        if (action == FaultAction.DELAY) {
            picos = time();
        } else {
            String word = next("BYTES");
            away = number(word, "a number of bytes, decimal or 0x");
            if (away == 0) {
                throw bad(quoted(word), "a number of bytes other than 0");
            }
        }
    }

    private boolean timesOut() {
        boolean isDropped = action == FaultAction.DROP && targets.contains(FaultTarget.READ);
        return isDropped || (action == FaultAction.FAIL && status == Status.TIMEOUT);
    }

    private boolean hasAddress() {
        return !targets.contains(FaultTarget.INTERRUPT) && !targets.contains(FaultTarget.DEVICE);
    }

    private void detail(String word, boolean fits, Runnable reader) {
        if (!fits) {
            throw bad(quoted(word), accepted());
        }
        hasDetail |= word.equals("with") || word.equals("by");
        reader.run();
    }

    /// What may follow in this rule.
    private String accepted() {
        StringBuilder list = new StringBuilder();
        list.append(
                switch (action) {
                    case FAIL -> "with STATUS, ";
                    case DELAY -> "by TIME, ";
                    case MISDIRECT -> "by BYTES, ";
                    case HANG -> "for TIME, at TIME, ";
                    case REMOVE -> "at TIME, ";
                    case CORRUPT -> "byte N, bit N, ";
                    case REORDER -> "behind N, ";
                    default -> "";
                });
        list.append(timesOut() ? "timeout TIME, " : "");
        list.append(hasAddress() ? "in A..B, " : "");
        list.append(targets.contains(FaultTarget.INTERRUPT) ? "vector N, " : "");
        list.append(targets.stream().allMatch(FaultTarget::isRegister) ? "region N, " : "");
        return "one of " + list + String.join(", ", CONDITIONS);
    }

    private void plain(String word) {
        if (word.startsWith("p=")) {
            probability(word);
        } else if (word.startsWith("seed=")) {
            seed = OptionalLong.of(number(word.substring(5), "seed=N"));
        } else if (Character.isDigit(word.charAt(0)) || word.startsWith("..")) {
            long[] range = range(word, 1, Long.MAX_VALUE, accepted());
            first = range[0];
            last = range[1];
            if (first < 1) {
                throw bad(quoted(word), "numbers from 1 on");
            }
        } else {
            throw bad(quoted(word), accepted());
        }
    }

    private void status() {
        String word = next("a status");
        String name = word.toUpperCase(Locale.ROOT).replace('-', '_');
        List<Status> failures = Arrays.stream(Status.values())
                .filter(each -> each != Status.SUCCESS)
                .toList();
        status = failures.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> bad(
                        quoted(word),
                        "one of "
                                + String.join(
                                        ", ",
                                        failures.stream().map(Status::name).toList())));
    }

    private void place(boolean bit) {
        isBit = bit;
        place = natural();
    }

    private void addresses() {
        String word = next("an address, or A..B");
        long[] range = range(word, Long.MIN_VALUE, Long.MAX_VALUE, "an address, or A..B");
        lowest = range[0];
        highest = range[1];
    }

    /// `N`, `N..M`, `N..` or `..M`.
    private long[] range(String word, long from, long to, String expected) {
        int dots = word.indexOf("..");
        if (dots < 0) {
            long only = number(word, expected);
            return new long[] {only, only};
        }
        String low = word.substring(0, dots);
        String high = word.substring(dots + 2);
        long[] range = {low.isEmpty() ? from : number(low, expected), high.isEmpty() ? to : number(high, expected)};
        if (range[0] > range[1]) {
            throw bad(quoted(word), "a range whose end is not before its beginning");
        }
        return range;
    }

    private void probability(String word) {
        String digits = word.substring(2);
        if (!digits.matches("0(\\.[0-9]{1,9})?|1(\\.0{1,9})?")) {
            throw bad(quoted(word), "p= and a number from 0 to 1 with at most 9 digits behind the point");
        }
        int point = digits.indexOf('.');
        String fraction = point < 0 ? "" : digits.substring(point + 1);
        outOf = 1;
        for (int i = 0; i < fraction.length(); i++) {
            outOf *= 10;
        }
        chance = Long.parseLong(digits.substring(0, point < 0 ? digits.length() : point) + fraction);
    }

    private long ordinal() {
        String word = next("a number such as 7 or 7th");
        long value = number(word.replaceFirst("(?<=[0-9])(st|nd|rd|th)$", ""), "a number such as 7 or 7th");
        if (value < 1) {
            throw bad(quoted(word), "1 or more");
        }
        return value;
    }

    private long positive() {
        long value = natural();
        if (value < 1) {
            throw bad(Long.toString(value), "1 or more");
        }
        return value;
    }

    private long natural() {
        String word = next("a number");
        long value = number(word, "a number");
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw bad(quoted(word), "0 to " + Integer.MAX_VALUE);
        }
        return value;
    }

    private long number(String word, String expected) {
        try {
            return word.startsWith("0x") ? Long.parseUnsignedLong(word.substring(2), 16) : Long.parseLong(word);
        } catch (NumberFormatException _) {
            throw bad(quoted(word), expected);
        }
    }

    private long time() {
        String word = next("a time such as 10us");
        return Durations.picos(word)
                .orElseThrow(() -> bad(quoted(word), "a time such as 10us, in ps, ns, us, ms or s, up to 1000000s"));
    }

    private String next(String expected) {
        String word = words.poll();
        if (word == null || word.isEmpty()) {
            throw bad("nothing more", expected);
        }
        wordsRead++;
        return word;
    }

    private static String quoted(String word) {
        return "\"" + word + "\"";
    }

    private LabException bad(String found, String expected) {
        String place = "%s, \"%s\", word %d".formatted(where, text, Math.max(1, wordsRead));
        return new LabException(LabException.Kind.BAD_INPUT, place, found, expected);
    }
}
