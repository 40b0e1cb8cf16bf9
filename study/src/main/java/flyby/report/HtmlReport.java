package flyby.report;

import flyby.base.Check;
import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import flyby.trace.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// One self-contained page about a run of a scenario: verdict, figures, what is seen, plots, findings with their
/// bytes, where the time went, the timeline, the parameters, and what is not modelled.
///
/// It asks nothing of any network (its content security policy forbids it), reads on a phone, on paper, in the dark
/// and without JavaScript, and is a function of its arguments alone.
public final class HtmlReport {
    private static final int TRANSFERS_SHOWN = 20;

    private final ScenarioResult result;
    private final List<Timeline> timelines;
    private final List<String> notModelled;
    private final String commandLine;
    private final Html html;
    private final Colours colours = new Colours();

    private HtmlReport(
            ScenarioResult result,
            List<Timeline> timelines,
            List<String> notModelled,
            String commandLine,
            Appendable out) {
        this.result = result;
        this.timelines = timelines;
        this.notModelled = notModelled;
        this.commandLine = commandLine;
        this.html = new Html(out);
    }

    /// Writes the page to `out`, whose encoding is to be UTF-8.
    ///
    /// @param timelines of the runs, in their order; a run may be missing
    /// @param notModelled one sentence for each thing that a reader could expect and that the models leave out
    /// @param commandLine that gave this result, or empty
    /// @throws UncheckedIOException if `out` fails
    public static void write(
            ScenarioResult result,
            List<Timeline> timelines,
            List<String> notModelled,
            String commandLine,
            Appendable out) {
        new HtmlReport(result, timelines, notModelled, commandLine, out).page();
    }

    private void page() {
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
        html.text(result.scenario() + ": " + verdict()).raw("</title>\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
        html.raw("style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n");
        html.raw("<style>\n").raw(resource("report.css")).raw("</style>\n</head>\n<body>\n");
        headline();
        html.raw("<main>\n");
        results();
        ConclusionsHtml.write(html, result.conclusions());
        PlotHtml.write(html, result.runs());
        findings();
        ListsHtml.write(html, result.runs());
        comparison();
        phases();
        result.machine().ifPresent(machine -> SketchHtml.write(html, machine));
        timelines();
        transfers();
        parameters();
        omissions();
        html.raw("</main>\n<footer><p>Simulated time throughout. Trace <code>");
        html.text(result.traceHash()).raw("</code>: the same scenario, input, seed and version give the same trace, ");
        html.raw("byte for byte. SHA-256 of the data as it arrived: ");
        Set<String> sums = new LinkedHashSet<>();
        result.runs().forEach(run -> sums.add(run.sha256()));
        html.raw("<code class=\"hash\">").text(String.join(" ", sums)).raw("</code>.</p></footer>\n");
        if (!timelines.isEmpty()) {
            html.raw("<script>\n").raw(resource("timeline.js")).raw("</script>\n");
        }
        html.raw("</body>\n</html>\n");
    }

    private String verdict() {
        long failed = result.runs().stream().filter(run -> !run.ok()).count();
        int count = result.runs().size();
        if (failed > 0) {
            return count == 1 ? "failed" : failed + " of " + count + " runs failed";
        }
        return count == 1 ? "as expected" : "all " + count + " runs as expected";
    }

    private void headline() {
        html.raw("<header>\n<p class=\"brand\">Flyby <span>")
                .text(result.scenario())
                .raw("</span></p>\n<h1>");
        html.text(result.title()).raw("</h1>\n<p class=\"verdict ");
        html.raw(result.ok() ? "good\"><span aria-hidden=\"true\">\u2713" : "bad\"><span aria-hidden=\"true\">\u2717");
        html.raw("</span> ").text(sentence(verdict())).raw("</p>\n<p class=\"about\">");
        html.text(result.about()).raw("</p>\n<dl class=\"facts\">\n");
        fact("Input", result.input());
        fact("Seed", Long.toString(result.seed()));
        fact("Version", result.version());
        if (!commandLine.isEmpty()) {
            html.raw("<div class=\"wide\"><dt>Command</dt><dd><code>")
                    .text(commandLine)
                    .raw("</code></dd></div>\n");
        }
        html.raw("</dl>\n</header>\n");
    }

    private void fact(String name, String value) {
        html.raw("<div><dt>").text(name).raw("</dt><dd>").text(value).raw("</dd></div>\n");
    }

    private static String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    // The table, and one small plot for each of its columns.

    private Map<String, String> figureTitles(boolean tableOnly) {
        Map<String, String> titles = new LinkedHashMap<>();
        for (RunResult run : result.runs()) {
            for (Figure figure : run.figures()) {
                if (figure.inTable() || !tableOnly) {
                    titles.putIfAbsent(figure.key(), figure.title());
                }
            }
        }
        return titles;
    }

    private void results() {
        html.raw("<section>\n<h2>Results</h2>\n<div class=\"scroll\"><table class=\"numbers\">\n");
        List<String> titles = new ArrayList<>(List.of("Run", "Bytes", "Elapsed", "Throughput"));
        Map<String, String> figures = figureTitles(true);
        titles.addAll(figures.values());
        titles.add("Data");
        html.head(titles).raw("<tbody>\n");
        for (RunResult run : result.runs()) {
            html.raw("<tr><th scope=\"row\">").text(run.name()).raw("</th>");
            cell(Numbers.plain(run.bytes()));
            cell(Time.text(run.elapsedPicos()));
            cell(Numbers.si(Numbers.bytesPerSecond(run), "B/s"));
            figures.keySet().forEach(key -> cell(figure(run, key)));
            html.raw(run.dataOk() ? "<td class=\"good\">ok" : "<td class=\"bad\">differs")
                    .raw("</td></tr>\n");
        }
        html.raw("</tbody></table></div>\n");
        others();
        html.raw("</section>\n");
    }

    private void others() {
        Map<String, String> all = figureTitles(false);
        all.keySet().removeAll(figureTitles(true).keySet());
        if (all.isEmpty()) {
            return;
        }
        html.raw("<details><summary>Further figures</summary>\n<div class=\"scroll\"><table class=\"numbers\">\n");
        List<String> titles = new ArrayList<>(List.of("Figure"));
        result.runs().forEach(run -> titles.add(run.name()));
        html.head(titles).raw("<tbody>\n");
        all.forEach((key, title) -> {
            html.raw("<tr><th scope=\"row\">").text(title).raw("</th>");
            result.runs().forEach(run -> cell(figure(run, key)));
            html.raw("</tr>\n");
        });
        html.raw("</tbody></table></div></details>\n");
    }

    private void cell(String text) {
        html.raw("<td>").text(text).raw("</td>");
    }

    private static String figure(RunResult run, String key) {
        return find(run, key).stream().map(Numbers::text).findFirst().orElse("\u2013");
    }

    private static List<Figure> find(RunResult run, String key) {
        return run.figures().stream().filter(figure -> figure.key().equals(key)).toList();
    }

    private void comparison() {
        if (result.runs().size() < 2) {
            return;
        }
        html.raw("<section>\n<h2>Side by side</h2>\n<div class=\"plots\">\n");
        plot("Elapsed", run -> (double) run.elapsedPicos(), run -> Time.text(run.elapsedPicos()), 0);
        plot(
                "Throughput",
                run -> (double) Numbers.bytesPerSecond(run),
                run -> Numbers.si(Numbers.bytesPerSecond(run), "B/s"),
                0);
        figureTitles(true).forEach((key, title) -> {
            boolean isPercent = result.runs().stream()
                    .flatMap(run -> find(run, key).stream())
                    .anyMatch(figure -> figure.unit() == Figure.Unit.PERCENT);
            plot(title, run -> value(run, key), run -> figure(run, key), isPercent ? 100 : 0);
        });
        html.raw("</div>\n</section>\n");
    }

    private static double value(RunResult run, String key) {
        return find(run, key).stream()
                .mapToDouble(figure -> figure.value().doubleValue())
                .findFirst()
                .orElse(0);
    }

    /// Bars beside their numbers: the table is the text alternative of its own plot.
    ///
    /// @param full what fills the width, or 0 for the largest value
    private void plot(String title, ToDoubleFunction<RunResult> value, Function<RunResult, String> text, double full) {
        double largest = result.runs().stream().mapToDouble(value).max().orElse(0);
        double width = Math.max(full, largest);
        html.raw("<table class=\"plot\"><caption>").text(title).raw("</caption>\n");
        html.raw("<thead class=\"unseen\"><tr><th scope=\"col\">Run</th><th scope=\"col\">Bar</th>");
        html.raw("<th scope=\"col\">Value</th></tr></thead><tbody>\n");
        for (RunResult run : result.runs()) {
            double percent = width <= 0 ? 0 : Math.clamp(100 * value.applyAsDouble(run) / width, 0, 100);
            html.raw("<tr><th scope=\"row\">").text(run.name()).raw("</th><td>");
            html.raw("<svg class=\"bar\" aria-hidden=\"true\"><rect class=\"track\" width=\"100%\" height=\"100%\"/>");
            html.raw("<rect class=\"fill\" width=\"" + decimal(percent) + "%\" height=\"100%\"/></svg></td><td>");
            html.text(text.apply(run)).raw("</td></tr>\n");
        }
        html.raw("</tbody></table>\n");
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    // Where the time went.

    private void phases() {
        Set<String> phases = new LinkedHashSet<>();
        result.runs().forEach(run -> phases.addAll(run.phasesPicos().keySet()));
        if (phases.isEmpty()) {
            return;
        }
        html.raw("<section>\n<h2>Where the time went</h2>\n");
        html.raw("<p>Each bar is the whole of a run; its phases add up to the elapsed time exactly.</p>\n");
        for (RunResult run : result.runs()) {
            html.raw("<div class=\"stack\"><span class=\"name\">")
                    .text(run.name())
                    .raw("</span>");
            html.raw("<svg aria-hidden=\"true\">");
            double at = 0;
            for (Map.Entry<String, Long> phase : run.phasesPicos().entrySet()) {
                double percent = Numbers.percentOf(phase.getValue(), run.elapsedPicos());
                html.raw("<rect class=\"c" + colours.of(phase.getKey()) + "\" x=\"" + decimal(at) + "%\" width=\"");
                html.raw(decimal(percent) + "%\" height=\"100%\"><title>")
                        .text(phase.getKey())
                        .raw(" ");
                html.text(Numbers.percent(percent)).raw("</title></rect>");
                at += percent;
            }
            html.raw("</svg><span class=\"total\">")
                    .text(Time.text(run.elapsedPicos()))
                    .raw("</span></div>\n");
        }
        html.raw("<div class=\"scroll\"><table class=\"numbers phases\">\n");
        List<String> titles = new ArrayList<>(List.of("Phase"));
        result.runs().forEach(run -> titles.add(run.name()));
        html.head(titles).raw("<tbody>\n");
        for (String phase : phases) {
            html.raw("<tr><th scope=\"row\"><svg class=\"key\" aria-hidden=\"true\"><rect class=\"c");
            html.raw(colours.of(phase) + "\" width=\"100%\" height=\"100%\"/></svg>")
                    .text(phase)
                    .raw("</th>");
            for (RunResult run : result.runs()) {
                Long picos = run.phasesPicos().get(phase);
                if (picos == null) {
                    html.raw("<td class=\"quiet\">\u2013</td>");
                } else {
                    html.raw("<td>").text(Time.text(picos)).raw(" <span class=\"share\">");
                    html.text(Numbers.percent(Numbers.percentOf(picos, run.elapsedPicos())))
                            .raw("</span></td>");
                }
            }
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n</section>\n");
    }

    private void transfers() {
        if (result.runs().stream().allMatch(run -> run.transfers().isEmpty())) {
            return;
        }
        html.raw("<section>\n<h2>Transfer by transfer</h2>\n");
        boolean isOpen = true;
        for (RunResult run : result.runs()) {
            if (!run.transfers().isEmpty()) {
                html.raw(isOpen ? "<details open>" : "<details>")
                        .raw("<summary>")
                        .text(run.name())
                        .raw("</summary>\n");
                transfers(run);
                html.raw("</details>\n");
                isOpen = false;
            }
        }
        html.raw("</section>\n");
    }

    private void transfers(RunResult run) {
        List<Ledger.Transfer> shown =
                run.transfers().stream().limit(TRANSFERS_SHOWN).toList();
        Set<String> phases = new LinkedHashSet<>();
        run.transfers().forEach(transfer -> phases.addAll(transfer.phasesPicos().keySet()));
        if (run.transfers().size() > shown.size()) {
            html.raw("<p class=\"quiet\">The first " + shown.size() + "; the JSON document has ");
            html.raw(Numbers.plain(run.transfers().size()) + " of them.</p>\n");
        }
        html.raw("<div class=\"scroll\"><table class=\"numbers\">\n");
        List<String> titles = new ArrayList<>(List.of("Transfer", "Begin", "Bytes", "Latency"));
        titles.addAll(phases);
        html.head(titles).raw("<tbody>\n");
        for (Ledger.Transfer transfer : shown) {
            long latency = transfer.endPicos() - transfer.beginPicos();
            html.raw("<tr><th scope=\"row\">" + transfer.id() + "</th>");
            cell(Time.text(transfer.beginPicos()));
            cell(Numbers.plain(transfer.byteCount()));
            cell(Time.text(latency));
            times(phases, transfer.phasesPicos());
        }
        html.raw("</tbody>\n");
        if (run.transfers().size() > 1) {
            Map<String, Long> totals = new LinkedHashMap<>();
            long bytes = 0;
            long latency = 0;
            for (Ledger.Transfer transfer : run.transfers()) {
                bytes += transfer.byteCount();
                latency += transfer.endPicos() - transfer.beginPicos();
                transfer.phasesPicos().forEach((phase, picos) -> totals.merge(phase, picos, Long::sum));
            }
            html.raw("<tfoot><tr><th scope=\"row\">all "
                    + Numbers.plain(run.transfers().size()) + "</th><td></td>");
            cell(Numbers.plain(bytes));
            cell(Time.text(latency));
            times(phases, totals);
            html.raw("</tfoot>\n");
        }
        html.raw("</table></div>\n");
    }

    private void times(Set<String> phases, Map<String, Long> picos) {
        for (String phase : phases) {
            Long spent = picos.get(phase);
            cell(spent == null ? "\u2013" : Time.text(spent));
        }
        html.raw("</tr>\n");
    }

    private void findings() {
        if (result.runs().stream().allMatch(run -> run.findings().isEmpty())) {
            return;
        }
        html.raw("<section>\n<h2>Findings</h2>\n");
        for (RunResult run : result.runs()) {
            run.findings().forEach(finding -> FindingHtml.write(html, run.name(), finding));
        }
        html.raw("</section>\n");
    }

    private void timelines() {
        if (timelines.isEmpty()) {
            return;
        }
        Check.that(timelines.size() <= result.runs().size(), "%d timelines", timelines.size());
        html.raw("<section class=\"timelines\">\n<h2>Timeline</h2>\n<p class=\"scripted\">Drag to move. ");
        html.raw("Wheel or pinch to zoom once a timeline is clicked, at any time with Ctrl. Keys: ");
        html.raw("<kbd>\u2190</kbd> <kbd>\u2192</kbd> <kbd>+</kbd> <kbd>\u2212</kbd>, <kbd>0</kbd> for all. ");
        html.raw("<label><input type=\"checkbox\" id=\"same-scale\"> one scale for all runs</label></p>\n");
        html.raw("<noscript><p class=\"quiet\">Still pictures: zooming needs JavaScript.</p></noscript>\n");
        TimelineHtml writer = new TimelineHtml(html, colours);
        for (int i = 0; i < timelines.size(); i++) {
            writer.write(timelines.get(i), i);
        }
        html.raw("</section>\n");
    }

    private void parameters() {
        if (result.parameters().isEmpty()) {
            return;
        }
        html.raw("<section>\n<h2>Parameters</h2>\n<div class=\"scroll\"><table class=\"parameters\">\n");
        html.head(List.of("Parameter", "Value", "Set by", "Source")).raw("<tbody>\n");
        for (ScenarioResult.ParameterValue parameter : result.parameters()) {
            html.raw("<tr><th scope=\"row\"><code>").text(parameter.path()).raw("</code><span class=\"help\">");
            html.text(parameter.help())
                    .raw("</span></th><td class=\"value\">")
                    .text(parameter.value())
                    .raw("</td>");
            cell(parameter.origin());
            cell(parameter.source());
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n</section>\n");
    }

    private void omissions() {
        if (notModelled.isEmpty()) {
            return;
        }
        html.raw("<section>\n<h2>What is not modelled</h2>\n<ul>\n");
        notModelled.forEach(line -> html.raw("<li>").text(line).raw("</li>\n"));
        html.raw("</ul>\n</section>\n");
    }

    /// A file that lies beside this class.
    private static String resource(String name) {
        try (InputStream stream = HtmlReport.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw Check.bug("resource %s is missing", name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
