package flyby.explore;

import flyby.base.LabException;
import flyby.choice.Decisions.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A decision that was not the plain one: at the question of number `index` about `point`, counted from 0, the answer
/// was `value`.
///
/// Each point counts for itself, so that leaving out a decision of one does not move those of others. As text it is
/// the letter of the point, the index and the value: `p45:3`; a run's are separated by commas.
///
/// @param value 1 or more
public record Pick(Point point, int index, long value) {
    private static final String ACCEPTED = "a letter of "
            + List.of(Point.values()).stream()
                    .map(point -> letter(point) + " (" + name(point) + ")")
                    .collect(Collectors.joining(", "))
            + ", a number, a colon and a number from 1 on, such as p45:3";

    /// The letter that stands for `point`.
    static char letter(Point point) {
        return switch (point) {
            case DEVICE -> 'd';
            case INTERRUPT -> 'i';
            case POSTED_WRITE -> 'w';
            case STORE -> 's';
            case LOAD -> 'l';
            case EVICTION -> 'e';
            case PREFETCH -> 'f';
            case PREEMPTION -> 'p';
            case FAULT -> 'x';
            case MALICE -> 'm';
        };
    }

    private static String name(Point point) {
        return point.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// Reads what [#text(List)] writes.
    ///
    /// @throws LabException if it is not that
    public static List<Pick> parse(String text) {
        List<Pick> picks = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String each : text.split(",", -1)) {
                Pick pick = parseOne(each);
                if (picks.stream().anyMatch(other -> other.point == pick.point && other.index == pick.index)) {
                    throw Schedule.unusable(each + " again", "one value for each question");
                }
                picks.add(pick);
            }
        }
        return picks;
    }

    private static Pick parseOne(String text) {
        if (text.matches("[a-z][0-9]{1,9}:[1-9][0-9]{0,17}")) {
            int colon = text.indexOf(':');
            for (Point point : Point.values()) {
                if (letter(point) == text.charAt(0)) {
                    return new Pick(
                            point,
                            Integer.parseInt(text.substring(1, colon)),
                            Long.parseLong(text.substring(colon + 1)));
                }
            }
        }
        throw Schedule.unusable(text.isEmpty() ? "nothing" : text, ACCEPTED);
    }

    /// `picks`, separated by commas.
    public static String text(List<Pick> picks) {
        return picks.stream().map(Pick::toString).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return letter(point) + Integer.toString(index) + ":" + value;
    }
}
