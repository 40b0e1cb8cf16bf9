package flyby.validate;

import flyby.base.Check;
import flyby.base.LabException;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One published figure or rule that the models are held to.
///
/// @param id section, number, and a letter or two where one number of the list of figures has several: `1.9b`
/// @param quantity what it is, in a few words
/// @param conditions under which it was published and is simulated; empty if none
/// @param how it is simulated, or for context why it is not: one sentence
public record Row(
        String id, String quantity, String conditions, Claim claim, Grade grade, Citation source, String how) {
    /// By section, number and letter.
    public static final Comparator<Row> ORDER = Comparator.comparingInt((Row row) -> row.part(1))
            .thenComparingInt(row -> row.part(2))
            .thenComparingInt(row -> row.id().length())
            .thenComparing(Row::id);

    private static final Pattern ID = Pattern.compile("(\\d+)\\.(\\d+)[a-z]{0,2}");

    public Row {
        Check.that(ID.matcher(id).matches(), "%s is no id of a row", id);
        boolean isContext = claim instanceof Claim.Context;
        Check.that(isContext == grade.equals(Grade.D), "row %s: context is grade D, and nothing else is", id);
    }

    /// Whether `wanted` means this row: its id, or the number of a row that has several.
    public boolean isMeantBy(String wanted) {
        return id.equals(wanted) || number().equals(wanted);
    }

    /// The id without its letter.
    public String number() {
        return part(1) + "." + part(2);
    }

    private int part(int group) {
        Matcher parts = ID.matcher(id);
        Check.that(parts.matches(), "%s is no row", id);
        return Integer.parseInt(parts.group(group));
    }

    /// Simulates and compares. A simulation that breaks down fails its own row, not those that follow.
    public Outcome check() {
        try {
            return simulate();
        } catch (AssertionError | LabException broken) {
            return new Outcome.Stopped(this, String.valueOf(broken.getMessage()));
        }
    }

    private Outcome simulate() {
        return switch (claim) {
            case Claim.Quantity quantity ->
                new Outcome.Measured(this, quantity, quantity.simulation().getAsDouble());
            case Claim.Rule rule -> {
                Facts facts = new Facts();
                rule.simulation().accept(facts);
                yield new Outcome.Observed(this, rule, facts.count(), facts.broken());
            }
            case Claim.Context _ -> new Outcome.Untested(this);
        };
    }

    /// Begins a row.
    public static Draft of(String id, String quantity) {
        return new Draft(id, quantity, "");
    }

    /// A row of which its claim is still to be said.
    public record Draft(String id, String quantity, String conditions) {
        public Draft under(String words) {
            return new Draft(id, quantity, words);
        }

        /// A figure.
        ///
        /// @param value as the source prints it: its last digit tells how far the source has rounded
        public Claimed figure(String value, String unit, Tolerance tolerance, DoubleSupplier simulation) {
            return new Claimed(this, new Claim.Quantity(new BigDecimal(value), unit, tolerance, simulation));
        }

        /// A figure that must be met exactly.
        public Claimed exactly(long value, String unit, DoubleSupplier simulation) {
            return figure(Long.toString(value), unit, Tolerance.exact(), simulation);
        }

        public Claimed rule(String words, Consumer<Facts> simulation) {
            return new Claimed(this, new Claim.Rule(words, simulation));
        }

        public Claimed context(String words) {
            return new Claimed(this, new Claim.Context(words));
        }
    }

    /// A row of which its grade and source are still to be said.
    public record Claimed(Draft draft, Claim claim) {
        public Row from(Grade grade, Citation source, String how) {
            return new Row(draft.id(), draft.quantity(), draft.conditions(), claim, grade, source, how);
        }
    }
}
