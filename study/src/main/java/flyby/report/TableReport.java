package flyby.report;

import flyby.sim.Time;
import flyby.study.Figure;
import flyby.study.Finding;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The short text that every run prints: a table with a row for each run, what is seen, where the time went, and
/// what was found.
///
/// Plain ASCII in at most [#WIDTH] columns: figures that do not fit beside the others go into a second table.
public final class TableReport {
    /// Columns of a line, at most.
    public static final int WIDTH = 120;

    private static final int NAME_WIDTH_MAX = 24;
    private static final int BAR_WIDTH = 40;
    private static final int EVIDENCE_LINES_MAX = 12;

    private record Column(String title, List<String> cells) {
        int width() {
            return Math.max(
                    title.length(),
                    cells.stream().mapToInt(String::length).max().orElse(0));
        }
    }

    private final ScenarioResult result;
    private final Paint paint;
    private final StringBuilder out = new StringBuilder();

    private TableReport(ScenarioResult result, boolean colour) {
        this.result = result;
        this.paint = new Paint(colour);
    }

    /// The whole text, with a newline at its end.
    ///
    /// @param colour whether to use a terminal's colours
    public static String text(ScenarioResult result, boolean colour) {
        TableReport report = new TableReport(result, colour);
        report.headline();
        report.table();
        report.conclusions();
        report.phases();
        report.findings();
        report.verdict();
        return report.out.toString();
    }

    private void headline() {
        String name = Ascii.of(result.scenario());
        out.append(paint.bold(name)).append(": ").append(Ascii.of(result.title(), WIDTH - name.length() - 2));
        out.append('\n');
        String input = Ascii.of(result.input(), 70);
        out.append(paint.dim("input " + input + ", seed " + result.seed() + ", Flyby " + Ascii.of(result.version())));
        out.append("\n\n");
    }

    private void table() {
        Column names = column("run", run -> Ascii.of(run.name(), NAME_WIDTH_MAX));
        List<Column> columns = new ArrayList<>();
        columns.add(column("bytes", run -> Numbers.plain(run.bytes())));
        columns.add(column("elapsed", run -> Time.text(run.elapsedPicos())));
        columns.add(column("throughput", run -> Numbers.si(Numbers.bytesPerSecond(run), "B/s")));
        Map<String, String> titles = new LinkedHashMap<>();
        for (RunResult run : result.runs()) {
            for (Figure figure : run.figures()) {
                if (figure.inTable()) {
                    titles.putIfAbsent(figure.key(), figure.title());
                }
            }
        }
        titles.forEach((key, title) -> columns.add(column(Ascii.of(title, NAME_WIDTH_MAX), run -> cell(run, key))));
        columns.add(column("data", run -> run.dataOk() ? "ok" : "DIFFERS"));

        int used = names.width();
        List<Column> line = new ArrayList<>();
        for (Column column : columns) {
            if (used + 2 + column.width() > WIDTH) {
                lines(names, line);
                line.clear();
                used = names.width();
            }
            line.add(column);
            used += 2 + column.width();
        }
        lines(names, line);
    }

    private Column column(String title, java.util.function.Function<RunResult, String> cell) {
        return new Column(title, result.runs().stream().map(cell).toList());
    }

    private static String cell(RunResult run, String key) {
        return run.figures().stream()
                .filter(figure -> figure.key().equals(key))
                .map(Numbers::text)
                .findFirst()
                .orElse("-");
    }

    private void lines(Column names, List<Column> columns) {
        StringBuilder head = new StringBuilder(Ascii.padRight(names.title(), names.width()));
        columns.forEach(column -> head.append("  ").append(Ascii.padLeft(column.title(), column.width())));
        out.append(paint.bold(head.toString())).append('\n');
        for (int row = 0; row < result.runs().size(); row++) {
            out.append(Ascii.padRight(names.cells().get(row), names.width()));
            for (Column column : columns) {
                String cell = column.cells().get(row);
                String padded = Ascii.padLeft(cell, column.width());
                out.append("  ").append(cell.equals("DIFFERS") ? paint.red(padded) : padded);
            }
            out.append('\n');
        }
        out.append('\n');
    }

    private void conclusions() {
        if (result.conclusions().isEmpty()) {
            return;
        }
        out.append(paint.bold("what is seen")).append('\n');
        result.conclusions().forEach(line -> wrapped(line, "  "));
        out.append('\n');
    }

    private void phases() {
        Set<String> phases = new LinkedHashSet<>();
        result.runs().forEach(run -> phases.addAll(run.phasesPicos().keySet()));
        if (phases.isEmpty()) {
            return;
        }
        out.append(paint.bold("where the time went")).append('\n');
        int nameWidth = phases.stream()
                .mapToInt(phase -> Ascii.of(phase, NAME_WIDTH_MAX).length())
                .max()
                .orElse(0);
        for (RunResult run : result.runs()) {
            out.append("  ").append(Ascii.of(run.name(), NAME_WIDTH_MAX)).append(", ");
            out.append(Time.text(run.elapsedPicos())).append('\n');
            run.phasesPicos().forEach((phase, picos) -> phase(run, Ascii.of(phase, NAME_WIDTH_MAX), picos, nameWidth));
        }
        out.append('\n');
    }

    private void phase(RunResult run, String phase, long picos, int nameWidth) {
        double percent = Numbers.percentOf(picos, run.elapsedPicos());
        String bar = "#".repeat(Math.clamp(Math.round(percent * BAR_WIDTH / 100), 0, BAR_WIDTH));
        String line = String.format(
                Locale.ROOT,
                "    %s  %7s  %10s  %s",
                Ascii.padRight(phase, nameWidth),
                Numbers.percent(percent),
                Time.text(picos),
                bar);
        out.append(line.stripTrailing()).append('\n');
    }

    private void findings() {
        for (RunResult run : result.runs()) {
            for (Finding finding : run.findings()) {
                String mark = finding.bad() ? paint.red("FAILED") : paint.green("note");
                String name = Ascii.of(run.name(), NAME_WIDTH_MAX);
                out.append(mark).append(' ').append(name).append(": ");
                out.append(Ascii.of(finding.title(), WIDTH - name.length() - 9)).append('\n');
                wrapped(finding.explanation(), "  ");
                finding.bytes().forEach(this::evidence);
                if (!finding.remedy().isEmpty()) {
                    wrapped("missing: " + finding.remedy(), "  ");
                }
                out.append('\n');
            }
        }
    }

    /// Seen beside right, 16 bytes a line; differing bytes carry a `*`, so that no colour is needed to see them.
    private void evidence(Finding.ByteEvidence evidence) {
        out.append("  ").append(Ascii.padRight("address", 18)).append(' ');
        int side = 16 * 3 - 1;
        out.append(Ascii.padRight(Ascii.of("seen by " + evidence.seenBy(), side), side))
                .append("  ");
        out.append(Ascii.of("right, in " + evidence.rightIn(), side)).append('\n');
        int written = 0;
        for (HexLines.Line line : HexLines.of(evidence)) {
            if (written++ == EVIDENCE_LINES_MAX) {
                out.append("  ... ").append(HexLines.differenceCount(evidence)).append(" bytes differ in all\n");
                return;
            }
            if (line.isGap()) {
                out.append("  ... ").append(line.count()).append(" equal bytes\n");
                continue;
            }
            out.append("  ")
                    .append(String.format(Locale.ROOT, "%018x ", line.address()).substring(2));
            out.append("  ");
            side(evidence, line, evidence.seen(), paint::red);
            out.append("  ");
            side(evidence, line, evidence.right(), paint::green);
            trimLine();
            out.append('\n');
        }
    }

    private void side(Finding.ByteEvidence evidence, HexLines.Line line, byte[] bytes, UnaryOperator<String> paint) {
        for (int column = 0; column < HexLines.BYTES_PER_LINE; column++) {
            int index = line.from() + column;
            boolean isThere = column < line.count();
            boolean differs = isThere && HexLines.differs(evidence, index);
            String text = isThere ? HexLines.hex(bytes, index) : "  ";
            out.append(differs ? paint.apply(text) : text);
            if (column < HexLines.BYTES_PER_LINE - 1) {
                out.append(differs ? '*' : ' ');
            } else if (differs) {
                out.append('*');
            }
        }
    }

    private void verdict() {
        long failed = result.runs().stream().filter(run -> !run.ok()).count();
        if (failed == 0) {
            out.append(paint.green("ok")).append(": ").append(runs(result.runs().size()));
            out.append(" as expected, trace ").append(result.traceHash()).append('\n');
            return;
        }
        for (RunResult run : result.runs()) {
            if (!run.dataOk()) {
                String name = Ascii.of(run.name(), NAME_WIDTH_MAX);
                out.append(paint.red("FAILED")).append(' ').append(name);
                out.append(": the data that arrived differ from those that were sent\n");
            }
        }
        out.append(paint.red("FAILED")).append(": ").append(failed).append(" of ");
        out.append(runs(result.runs().size())).append(", trace ");
        out.append(result.traceHash()).append('\n');
    }

    private static String runs(int count) {
        return count == 1 ? "1 run" : count + " runs";
    }

    private void wrapped(String text, String indent) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : Ascii.of(text.replaceAll("\\s+", " ")).split(" ", -1)) {
            if (line.length() > indent.length() && line.length() + 1 + word.length() > WIDTH) {
                out.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(indent);
            }
            if (line.length() > indent.length()) {
                line.append(' ');
            }
            line.append(Ascii.of(word, WIDTH - indent.length()));
        }
        if (!line.toString().isBlank()) {
            out.append(line).append('\n');
        }
    }

    private void trimLine() {
        int end = out.length();
        while (end > 0 && out.charAt(end - 1) == ' ') {
            end--;
        }
        out.setLength(end);
    }
}
