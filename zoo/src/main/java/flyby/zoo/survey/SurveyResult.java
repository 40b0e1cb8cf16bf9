package flyby.zoo.survey;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What came out of a survey.
///
/// @param machines by name, in their order
/// @param seeds of each
public record SurveyResult(
        String version, List<String> machines, List<Long> seeds, List<Row> rows, List<LookalikeRow> lookalikes) {
    public SurveyResult {
        machines = List.copyOf(machines);
        seeds = List.copyOf(seeds);
        rows = List.copyOf(rows);
        lookalikes = List.copyOf(lookalikes);
    }

    /// Whether nothing was missed and nothing said of drivers that are right.
    public boolean isGood() {
        return count(row -> !row.isCaught()) == 0 && alarms().isEmpty();
    }

    /// How many rows are so.
    int count(Predicate<Row> property) {
        return (int) rows.stream().filter(property).count();
    }

    /// What was said of drivers that are right.
    List<Row.Alarm> alarms() {
        return Stream.concat(
                        rows.stream().flatMap(row -> row.alarms().stream()),
                        lookalikes.stream().flatMap(row -> row.alarms().stream()))
                .toList();
    }

    /// Runs of drivers that are right.
    int rightRuns() {
        return rows.stream().mapToInt(Row::twinRuns).sum()
                + lookalikes.stream().mapToInt(LookalikeRow::runs).sum();
    }

    /// The conclusions, one sentence a line.
    List<String> totals() {
        int caught = count(Row::isCaught);
        int exact = count(row -> row.sighting().map(Row.Sighting::isExact).orElse(false));
        int shipped = count(row -> row.asShipped().caught() > 0);
        int overlaps = count(row -> row.withOverlaps().caught() > 0);
        int always = count(row -> row.always().caught() > 0);
        int debugAlarms = rows.stream()
                        .mapToInt(row -> row.withOverlaps().onTwin())
                        .sum()
                + lookalikes.stream().mapToInt(LookalikeRow::debugAlarms).sum();
        return List.of(
                "%d of %d caught (%d by rule and line), %d false alarms in %d runs of drivers that are right"
                        .formatted(caught, rows.size(), exact, alarms().size(), rightRuns()),
                "DMA_API_DEBUG: %d of %d as shipped, %d with its overlap check; false alarms in %d runs"
                        .formatted(shipped, rows.size(), overlaps, debugAlarms),
                "what the kernel always checks: %d of %d".formatted(always, rows.size()),
                "%d of %d as the source of DMA_API_DEBUG has it".formatted(count(Row::agrees), rows.size()));
    }
}
