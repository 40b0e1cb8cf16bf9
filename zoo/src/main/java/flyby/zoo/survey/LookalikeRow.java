package flyby.zoo.survey;

import flyby.zoo.Lookalike;
import java.util.ArrayList;
import java.util.List;

/// What became of one look-alike.
///
/// @param alarms findings, of which there should be none
/// @param debugAlarms in how many runs `CONFIG_DMA_API_DEBUG` says something, where it looks at all
public record LookalikeRow(int number, String title, int runs, List<Row.Alarm> alarms, int debugAlarms) {
    public LookalikeRow {
        alarms = List.copyOf(alarms);
    }

    static LookalikeRow of(Lookalike lookalike, List<Tried> runs) {
        List<Row.Alarm> alarms = new ArrayList<>();
        runs.forEach(each -> each.findings()
                .forEach(finding -> alarms.add(new Row.Alarm(
                        each.verdict().subject(), each.machine(), each.verdict().seed(), finding))));
        long debugAlarms = runs.stream()
                .filter(each -> each.withOverlaps().stream()
                        .anyMatch(said -> said.check().isError()))
                .count();
        return new LookalikeRow(lookalike.number(), lookalike.title(), runs.size(), alarms, (int) debugAlarms);
    }
}
