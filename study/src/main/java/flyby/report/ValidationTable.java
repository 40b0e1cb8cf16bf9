package flyby.report;

import flyby.params.CatalogueText;
import flyby.validate.Citation;
import flyby.validate.Claim;
import flyby.validate.Outcome;
import flyby.validate.Reference;
import flyby.validate.Row;
import flyby.validate.Section;
import flyby.validate.Validation;
import flyby.validate.Verdict;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What `validate` prints: a line for each row, then in words what needs them, the sources, and the sum.
///
/// Plain ASCII in at most [TableReport#WIDTH] columns.
public final class ValidationTable {
    private static final int WIDTH = TableReport.WIDTH;
    private static final int QUANTITY_WIDTH = 40;
    private static final String INDENT = "      ";

    private final Paint paint;
    private final StringBuilder out = new StringBuilder();

    private ValidationTable(boolean colour) {
        this.paint = new Paint(colour);
    }

    /// The whole text, with a newline at its end.
    ///
    /// @param inWords whether every row is told in words too, and not only what failed or was not tested
    /// @param colour whether to use a terminal's colours
    public static String text(List<Validation.Checked> checked, boolean inWords, boolean colour) {
        ValidationTable table = new ValidationTable(colour);
        for (Validation.Checked each : checked) {
            table.section(each);
            for (Outcome outcome : each.outcomes()) {
                if (inWords || !outcome.verdict().equals(Verdict.PASS)) {
                    table.words(outcome);
                }
            }
        }
        table.sources(checked.stream().map(Validation.Checked::section).toList());
        table.sum(checked);
        return table.out.toString();
    }

    /// The rows of `validation` in words, with nothing simulated.
    public static String list(Validation validation, boolean colour) {
        ValidationTable table = new ValidationTable(colour);
        for (Section section : validation.sections()) {
            table.headline(section);
            section.rows().forEach(table::words);
            table.out.append('\n');
        }
        table.sources(validation.sections());
        return table.out.toString();
    }

    private void headline(Section section) {
        out.append(paint.bold(section.name()))
                .append(": ")
                .append(section.title())
                .append("\n\n");
    }

    private void section(Validation.Checked checked) {
        headline(checked.section());
        out.append(paint.bold(cells("row", "quantity", "published", "simulated", "difference", "tolerance", "gr.")))
                .append(paint.bold("source   verdict"))
                .append('\n');
        checked.outcomes().forEach(this::line);
        out.append('\n');
    }

    private void line(Outcome outcome) {
        Row row = outcome.row();
        List<String> quantity = CatalogueText.wrap(row.quantity(), QUANTITY_WIDTH);
        ShownOutcome shown = ShownOutcome.of(outcome);
        String cells = cells(
                row.id(),
                quantity.getFirst(),
                shown.published(),
                shown.simulated(),
                shown.difference(),
                shown.tolerance(),
                row.grade().name());
        out.append(cells).append(Ascii.padRight(key(row.source()), 9)).append(verdict(outcome.verdict()));
        out.append('\n');
        quantity.stream()
                .skip(1)
                .forEach(more -> out.append(INDENT).append(more).append('\n'));
    }

    private static String cells(
            String id,
            String quantity,
            String published,
            String simulated,
            String difference,
            String tolerance,
            String grade) {
        return Ascii.padRight(id, INDENT.length())
                + Ascii.padRight(quantity, QUANTITY_WIDTH)
                + Ascii.padLeft(published, 12)
                + Ascii.padLeft(simulated, 15)
                + Ascii.padLeft(difference, 12)
                + Ascii.padLeft(tolerance, 11)
                + "  "
                + Ascii.padRight(grade, 4);
    }

    private static String key(Citation source) {
        return source.reference().key() + (source.derived() ? "+" : "");
    }

    private String verdict(Verdict verdict) {
        return switch (verdict) {
            case PASS -> paint.green("pass");
            case FAIL -> paint.red("FAIL");
            case CONTEXT -> paint.dim("context");
        };
    }

    private void words(Outcome outcome) {
        words(outcome.row());
        if (outcome instanceof Outcome.Observed observed) {
            observed.broken().forEach(fact -> said(paint.red("broken"), fact));
        }
        if (outcome instanceof Outcome.Stopped stopped) {
            said(paint.red("stopped"), stopped.why());
        }
        out.append('\n');
    }

    private void words(Row row) {
        out.append(Ascii.padRight(row.id(), INDENT.length()))
                .append(row.quantity())
                .append('\n');
        said("published", row.claim().published());
        if (!row.conditions().isEmpty()) {
            said("conditions", row.conditions());
        }
        said("source", row.source().text() + "; grade " + row.grade().name());
        if (row.claim() instanceof Claim.Quantity quantity) {
            said("tolerance", quantity.tolerance().words());
        }
        said(row.claim() instanceof Claim.Context ? "not tested" : "how", row.how());
    }

    private void said(String what, String words) {
        String begin = INDENT + Ascii.padRight(what, 12);
        for (String line : CatalogueText.wrap(words, WIDTH - INDENT.length() - 12)) {
            out.append(begin).append(line).append('\n');
            begin = INDENT + " ".repeat(12);
        }
    }

    private void sources(List<Section> sections) {
        SortedMap<String, Reference> references = new TreeMap<>();
        for (Section section : sections) {
            for (Row row : section.rows()) {
                references.put(row.source().reference().key(), row.source().reference());
            }
        }
        out.append(paint.bold("sources")).append(" (+: arithmetic on what the source says)\n");
        for (Reference reference : references.values()) {
            String begin = "  " + Ascii.padRight(reference.key(), 9);
            for (String line : CatalogueText.wrap(reference.title() + ", " + reference.address(), WIDTH - 11)) {
                out.append(begin).append(line).append('\n');
                begin = " ".repeat(11);
            }
        }
        out.append('\n');
    }

    private void sum(List<Validation.Checked> checked) {
        long failed = Validation.count(checked, Verdict.FAIL);
        out.append(failed == 0 ? paint.green("ok") : paint.red("FAILED")).append(": ");
        out.append(Validation.count(checked, Verdict.PASS))
                .append(" rows passed, ")
                .append(failed)
                .append(" failed, ");
        out.append(Validation.count(checked, Verdict.CONTEXT)).append(" context\n");
    }
}
