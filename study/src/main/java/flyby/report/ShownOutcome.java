package flyby.report;

import flyby.validate.Claim;
import flyby.validate.Outcome;
import flyby.validate.Tolerance;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// An outcome as the cells of a table line.
record ShownOutcome(String published, String simulated, String difference, String tolerance) {
    private static final String NONE = "-";

    static ShownOutcome of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Measured measured -> of(measured);
            case Outcome.Observed observed -> of(observed);
            case Outcome.Stopped stopped ->
                new ShownOutcome(stopped.row().claim().published(), "stopped", NONE, NONE);
            case Outcome.Untested _ -> new ShownOutcome("context", NONE, NONE, NONE);
        };
    }

    private static ShownOutcome of(Outcome.Measured measured) {
        Claim.Quantity claim = measured.claim();
        int scale = claim.value().scale();
        BigDecimal simulated = BigDecimal.valueOf(measured.simulated());
        boolean inPercent = claim.tolerance() instanceof Tolerance.Percent;
        return new ShownOutcome(
                claim.published(),
                digits(simulated, scale) + " " + claim.unit(),
                inPercent ? signed(measured.differencePercent(), 1) + " %" : signed(measured.difference(), scale),
                claim.tolerance().text(claim.value()));
    }

    private static ShownOutcome of(Outcome.Observed observed) {
        int broken = observed.broken().size();
        String facts = observed.factCount() - broken + " of " + observed.factCount();
        return new ShownOutcome("rule", facts, broken == 0 ? "none" : broken + " broken", "exact");
    }

    /// `value` with two digits more than the source prints, or none if it is whole as the source's.
    private static String digits(BigDecimal value, int scale) {
        boolean isWhole = scale == 0 && value.stripTrailingZeros().scale() <= 0;
        return value.setScale(isWhole ? 0 : scale + 2, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String signed(BigDecimal difference, int scale) {
        if (difference.signum() == 0) {
            return "0";
        }
        String digits = digits(difference, scale);
        return difference.signum() > 0 ? "+" + digits : digits;
    }
}
