package flyby.zoo.survey;

import flyby.zoo.survey.Row.Listener;
import flyby.zoo.survey.Row.Share;
import flyby.zoo.survey.Row.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The table, for a terminal and for `docs/zoo.md`.
public final class SurveyText {
    private static final int[] WIDTHS = {4, 40, 18, 7, 5, 5, 9, 9, 11, 7, 6};
    private static final int TITLE = 1;
    private static final int ALARMS_MAX = 20;

    private SurveyText() {}

    /// The heading of the table, with a newline at its end.
    public static String heading() {
        return line(List.of("", "", "caught on", "runs", "of", "rule", "dma-", "with", "by its", "always", "right"))
                + line(List.of(
                        "", "pattern", "(the first)", "", "all", "", "debug", "overlaps", "source", "on", "twin"));
    }

    /// One row of it, with a newline at its end.
    public static String row(Row row) {
        return line(cells(row));
    }

    /// One row of the look-alikes, with a newline at its end.
    public static String row(LookalikeRow row) {
        String debug = row.debugAlarms() == 0 ? "quiet" : Integer.toString(row.debugAlarms());
        return line(List.of("L" + row.number(), row.title(), "", "", "", "", "", debug, "", "", quiet(row.alarms())));
    }

    private static List<String> cells(Row row) {
        Optional<Share> first =
                row.machines().stream().filter(each -> each.caught() > 0).findFirst();
        long machines =
                row.machines().stream().filter(each -> each.caught() > 0).count();
        DebugVerdict source = DebugVerdict.of(row.label().id());
        return List.of(
                row.label().id(),
                row.label().title(),
                first.map(Share::machine).orElse("missed"),
                first.map(each -> each.caught() + "/" + each.runs()).orElse(""),
                machines + "/" + row.machines().size(),
                row.sighting().map(SurveyText::rule).orElse(""),
                share(row.asShipped()),
                share(row.withOverlaps()),
                source.word() + (row.agrees() ? "" : " !"),
                share(row.always()),
                quiet(row.alarms()));
    }

    /// With a mark if the rule is none of the specimen's, or the report names no line of it.
    private static String rule(Sighting sighting) {
        return sighting.finding().rule().number() + (sighting.isExact() ? "" : "*");
    }

    private static String share(Listener listener) {
        return listener.caught() == 0
                ? "no"
                : listener.caught() == listener.runs() ? "yes" : listener.caught() + "/" + listener.runs();
    }

    private static String quiet(List<Row.Alarm> alarms) {
        return alarms.isEmpty() ? "quiet" : alarms.size() + " !";
    }

    private static String line(List<String> cells) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            int width = WIDTHS[i];
            String cut = cell.length() <= width || i != TITLE ? cell : cell.substring(0, width - 3) + "...";
            text.append(String.format(Locale.ROOT, "%-" + width + "s ", cut));
        }
        return text.toString().stripTrailing() + "\n";
    }

    /// What stands below the table.
    public static String totals(SurveyResult result) {
        List<String> lines = new ArrayList<>(result.totals());
        result.rows().stream()
                .filter(row -> !row.isCaught())
                .forEach(row -> lines.add(
                        "missed: " + row.label().id() + " " + row.label().title()));
        List<Row.Alarm> alarms = result.alarms();
        alarms.stream()
                .limit(ALARMS_MAX)
                .forEach(alarm -> lines.add("false alarm: %s on %s with seed %d: %s %s (%s)"
                        .formatted(
                                alarm.subject(),
                                alarm.machine(),
                                alarm.seed(),
                                alarm.finding().rule().number(),
                                alarm.finding().what(),
                                alarm.finding().site())));
        if (alarms.size() > ALARMS_MAX) {
            lines.add("and %d more".formatted(alarms.size() - ALARMS_MAX));
        }
        return String.join("\n", lines) + "\n";
    }

    /// The whole as tables of Markdown.
    public static String markdown(SurveyResult result) {
        StringBuilder text = new StringBuilder();
        text.append("| | pattern | caught on (the first) | runs | of all machines | rule | DMA_API_DEBUG as shipped")
                .append(" | with overlaps | by its source | always on | right twin |\n")
                .append("|---|---|---|---|---|---|---|---|---|---|---|\n");
        result.rows()
                .forEach(row ->
                        text.append("| ").append(String.join(" | ", cells(row))).append(" |\n"));
        text.append("\n| | look-alike | said of it | by DMA_API_DEBUG |\n|---|---|---|---|\n");
        for (LookalikeRow row : result.lookalikes()) {
            text.append("| L%d | %s | %s | %s |\n"
                    .formatted(
                            row.number(),
                            row.title(),
                            row.alarms().isEmpty() ? "nothing" : quiet(row.alarms()),
                            row.debugAlarms() == 0 ? "nothing" : "in " + row.debugAlarms() + " runs"));
        }
        text.append('\n');
        result.totals().forEach(line -> text.append("- ").append(line).append('\n'));
        return text.toString();
    }
}
