package flyby.report;

import flyby.study.RunResult;
import flyby.study.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The lists of all runs: those of the same key in one section, below each other.
final class ListsHtml {
    private ListsHtml() {}

    static void write(Html html, List<RunResult> runs) {
        Map<String, String> titles = new LinkedHashMap<>();
        runs.forEach(run -> run.tables().forEach(table -> titles.putIfAbsent(table.key(), table.title())));
        titles.forEach((key, title) -> section(html, runs, key, title));
    }

    private static void section(Html html, List<RunResult> runs, String key, String title) {
        html.raw("<section>\n<h2>").text(title).raw("</h2>\n");
        for (RunResult run : runs) {
            for (Table table : run.tables()) {
                if (table.key().equals(key)) {
                    table(html, run.name(), table);
                }
            }
        }
        html.raw("</section>\n");
    }

    private static void table(Html html, String run, Table table) {
        if (table.rows().isEmpty()) {
            html.raw("<p><strong>").text(run).raw("</strong>: none</p>\n");
            return;
        }
        html.raw("<div class=\"scroll\"><table><caption>").text(run).raw("</caption>\n");
        html.head(table.columns());
        html.raw("<tbody>\n");
        for (List<String> row : table.rows()) {
            List<String> cells = new ArrayList<>(row);
            html.raw("<tr><th scope=\"row\">").text(cells.removeFirst()).raw("</th>");
            cells.forEach(cell -> html.raw("<td>").text(cell).raw("</td>"));
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
    }
}
