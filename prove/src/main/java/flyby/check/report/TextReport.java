package flyby.check.report;

import flyby.check.CallSite;
import flyby.check.Finding;
import flyby.check.report.SourceTree.Source;
import flyby.sim.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Findings for a person at a terminal: for each bug what happened, the rule, the driver's line, what happened before,
/// the bytes, and what to do.
public final class TextReport {
    private static final int WIDTH = 110;
    private static final int CITED_WIDTH = 98;
    private static final int CONTEXT_LINES = 2;
    private static final int LABEL_WIDTH = 10;

    private final SourceTree sources;
    private final Marks marks;
    private final StringBuilder out = new StringBuilder();

    private TextReport(SourceTree sources, boolean hasColour) {
        this.sources = sources;
        marks = new Marks(hasColour);
    }

    /// The whole text, with a newline at its end.
    ///
    /// @param sources where the drivers' lines are
    /// @param hasColour whether to use a terminal's colours
    public static String text(CheckResult result, SourceTree sources, boolean hasColour) {
        TextReport report = new TextReport(sources, hasColour);
        int number = 0;
        for (Finding finding : result.findings()) {
            report.finding(finding, ++number, result.findings().size());
        }
        report.summary(result);
        return report.out.toString();
    }

    private void finding(Finding finding, int number, int count) {
        String counted = count == 1 ? "" : "%d of %d  ".formatted(number, count);
        String rule = finding.rule().number() + " " + finding.evidence().word();
        out.append(counted)
                .append(marks.red(rule))
                .append(": ")
                .append(marks.bold(printable(finding.what())))
                .append('\n');
        wrap("rule", finding.rule().sentence());
        out.append('\n');
        excerpt(finding);
        steps("before", finding.life());
        steps("line", finding.story());
        List<String> rows = ByteRows.of(finding.expected(), finding.seen());
        if (!rows.isEmpty()) {
            out.append('\n');
        }
        for (int i = 0; i < rows.size(); i++) {
            out.append(label(i == 0 ? "bytes" : ""));
            out.append(rows.get(i).isBlank() || !rows.get(i).contains("^^") ? rows.get(i) : marks.red(rows.get(i)));
            out.append('\n');
        }
        if (!finding.advice().isEmpty()) {
            out.append('\n');
            wrap("do", finding.advice());
        }
        out.append('\n');
    }

    private void excerpt(Finding finding) {
        CallSite site = finding.site();
        String who = printable(finding.party()) + " at " + Time.text(finding.timePicos());
        if (!site.isKnown()) {
            out.append(label("by")).append(who).append(", in no line of a driver\n");
            return;
        }
        out.append("    --> ")
                .append(sources.path(site))
                .append(':')
                .append(site.line())
                .append("  ")
                .append(site.type())
                .append('.')
                .append(site.method())
                .append('\n');
        Optional<Source> source = sources.of(site);
        if (source.isEmpty() || source.get().line(site.line()).isBlank()) {
            out.append(label("by")).append(who).append('\n');
            callers(site);
            return;
        }
        out.append(gutter("")).append('\n');
        for (int i = Math.max(1, site.line() - CONTEXT_LINES); i <= site.line(); i++) {
            String text = printable(source.get().line(i));
            out.append(gutter(Integer.toString(i)));
            out.append(text.isEmpty() ? "" : " ").append(i < site.line() ? marks.dim(text) : text);
            out.append('\n');
        }
        String line = printable(source.get().line(site.line()));
        int begin = line.length() - line.stripLeading().length();
        int end = Math.max(code(line).length(), begin + 1);
        out.append(gutter(""))
                .append(' ')
                .append(" ".repeat(begin))
                .append(marks.red("^".repeat(end - begin) + " " + who))
                .append('\n');
        callers(site);
    }

    /// Which lines of the driver called, the nearest first.
    private void callers(CallSite site) {
        String title = "called";
        for (CallSite caller = site.caller(); caller != null; caller = caller.caller()) {
            out.append(label(title)).append(marks.dim(cited(caller))).append('\n');
            title = "";
        }
    }

    /// A line of a driver with what stands there.
    private String cited(CallSite site) {
        String code = sources.of(site)
                .map(source -> code(source.line(site.line())).strip())
                .orElse("");
        String text = code.isEmpty() ? site.toString() : site + " | " + printable(code);
        return text.length() <= CITED_WIDTH ? text : text.substring(0, CITED_WIDTH - 3) + "...";
    }

    /// `line` without the remark at its end.
    private static String code(String line) {
        int remark = line.indexOf("//");
        String code = remark < 0 ? line : line.substring(0, remark);
        return code.isBlank() ? line.stripTrailing() : code.stripTrailing();
    }

    private String gutter(String number) {
        return marks.dim(String.format(Locale.ROOT, "%7s |", number));
    }

    private static String label(String name) {
        return "  %-8s".formatted(name);
    }

    private void steps(String name, List<Finding.Step> steps) {
        int width = steps.stream()
                .mapToInt(step -> Time.text(step.timePicos()).length())
                .max()
                .orElse(0);
        String title = name;
        if (!steps.isEmpty()) {
            out.append('\n');
        }
        for (Finding.Step step : steps) {
            String time = " ".repeat(width - Time.text(step.timePicos()).length()) + Time.text(step.timePicos());
            wrap(title, time + "  " + printable(step.what()), width + 2);
            title = "";
            if (step.site().isKnown()) {
                out.append(label(""))
                        .append(" ".repeat(width + 2))
                        .append(marks.dim(cited(step.site())))
                        .append('\n');
            }
        }
    }

    private void wrap(String name, String text) {
        wrap(name, printable(text), 0);
    }

    private void wrap(String name, String text, int hang) {
        String title = label(name);
        String rest = text;
        int indent = 0;
        while (!rest.isEmpty()) {
            int room = WIDTH - LABEL_WIDTH - indent;
            int cut = rest.length() <= room ? rest.length() : rest.lastIndexOf(' ', room);
            if (cut <= 0) {
                cut = room;
            }
            out.append(title)
                    .append(" ".repeat(indent))
                    .append(rest.substring(0, cut).stripTrailing())
                    .append('\n');
            rest = rest.substring(cut).stripLeading();
            title = label("");
            indent = hang;
        }
    }

    private void summary(CheckResult result) {
        if (!result.isComplete()) {
            out.append(marks.red("cut short"))
                    .append(": ")
                    .append(printable(result.cutShort()))
                    .append('\n');
        }
        if (result.findings().isEmpty()) {
            String clean = result.isComplete() ? "nothing found" : "nothing found until then";
            out.append(printable(result.subject())).append(": ").append(clean).append('\n');
            return;
        }
        Map<String, Integer> counts = new LinkedHashMap<>();
        result.findings().forEach(each -> counts.merge(each.rule().number(), 1, Integer::sum));
        List<String> words = new ArrayList<>();
        counts.forEach((rule, count) -> words.add(count == 1 ? rule : rule + " (" + count + ")"));
        int count = result.findings().size();
        out.append(printable(result.subject()))
                .append(": ")
                .append(marks.red(count == 1 ? "1 finding" : count + " findings"))
                .append(": ")
                .append(String.join(", ", words))
                .append('\n');
        if (!result.command().isEmpty()) {
            out.append("again: ").append(printable(result.command())).append('\n');
        }
    }

    /// `text` for a terminal: what drivers call their devices must not move the cursor. Tabs become blanks.
    private static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        text.replace("\t", "    ").codePoints().forEach(c -> {
            if (c >= ' ' && c < 0x7f) {
                safe.append((char) c);
            } else {
                safe.append("\\{").append(Integer.toHexString(c)).append('}');
            }
        });
        return safe.toString();
    }
}
