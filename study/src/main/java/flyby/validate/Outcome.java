package flyby.validate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/// What came of a row.
public sealed interface Outcome {
    /// The row that was checked.
    Row row();

    Verdict verdict();

    /// Of a figure.
    record Measured(Row row, Claim.Quantity claim, double simulated) implements Outcome {
        @Override
        public Verdict verdict() {
            boolean isNear = difference().abs().compareTo(claim.tolerance().of(claim.value())) <= 0;
            return isNear ? Verdict.PASS : Verdict.FAIL;
        }

        /// Simulated less published, in the claim's unit.
        public BigDecimal difference() {
            return BigDecimal.valueOf(simulated).subtract(claim.value());
        }

        /// The same in percent of the published figure, which is not 0.
        public BigDecimal differencePercent() {
            return difference().movePointRight(2).divide(claim.value(), MathContext.DECIMAL64);
        }
    }

    /// Of a rule.
    ///
    /// @param factCount how many facts were looked at
    /// @param broken those that break the rule, one sentence each
    record Observed(Row row, Claim.Rule claim, int factCount, List<String> broken) implements Outcome {
        public Observed {
            broken = List.copyOf(broken);
        }

        @Override
        public Verdict verdict() {
            return broken.isEmpty() && factCount > 0 ? Verdict.PASS : Verdict.FAIL;
        }
    }

    /// Of a simulation that broke down or did not come to its end.
    ///
    /// @param why what it said
    record Stopped(Row row, String why) implements Outcome {
        @Override
        public Verdict verdict() {
            return Verdict.FAIL;
        }
    }

    /// Of context.
    record Untested(Row row) implements Outcome {
        @Override
        public Verdict verdict() {
            return Verdict.CONTEXT;
        }
    }
}
