package flyby.validate;

import java.math.BigDecimal;

/// How far a simulated figure may lie from the published one.
public sealed interface Tolerance {
    /// Not at all.
    record Exact() implements Tolerance {
        @Override
        public BigDecimal of(BigDecimal published) {
            return BigDecimal.ZERO;
        }

        @Override
        public String text(BigDecimal published) {
            return "exact";
        }

        @Override
        public String words() {
            return "none";
        }
    }

    /// By `percent` percent of the published figure.
    record Percent(BigDecimal percent) implements Tolerance {
        @Override
        public BigDecimal of(BigDecimal published) {
            return published.abs().multiply(percent).movePointLeft(2);
        }

        @Override
        public String text(BigDecimal published) {
            return percent.toPlainString() + " %";
        }

        @Override
        public String words() {
            return percent.toPlainString() + " % of the published figure";
        }
    }

    /// By half a unit of the last digit that the source prints: it has rounded there.
    record Rounded() implements Tolerance {
        @Override
        public BigDecimal of(BigDecimal published) {
            return published.ulp().divide(BigDecimal.TWO);
        }

        @Override
        public String text(BigDecimal published) {
            return of(published).toPlainString();
        }

        @Override
        public String words() {
            return "half a unit of the last digit that the source prints, where it has rounded";
        }
    }

    /// By a unit of the last digit that the source prints: it has cut off there.
    record CutOff() implements Tolerance {
        @Override
        public BigDecimal of(BigDecimal published) {
            return published.ulp();
        }

        @Override
        public String text(BigDecimal published) {
            return of(published).toPlainString();
        }

        @Override
        public String words() {
            return "a unit of the last digit that the source prints, where it has cut off";
        }
    }

    /// By `amount`, in the unit of the published figure.
    ///
    /// @param meaning where the amount is from: `10 % of the rate without an IOMMU`
    record Within(BigDecimal amount, String meaning) implements Tolerance {
        @Override
        public BigDecimal of(BigDecimal published) {
            return amount;
        }

        @Override
        public String text(BigDecimal published) {
            return amount.toPlainString();
        }

        @Override
        public String words() {
            return meaning;
        }
    }

    /// The largest difference from `published` that passes, in its unit.
    BigDecimal of(BigDecimal published);

    /// For tables, short.
    String text(BigDecimal published);

    /// For people.
    String words();

    static Tolerance exact() {
        return new Exact();
    }

    /// By a percentage of the published figure.
    ///
    /// @param percent as printed: `0.1`
    static Tolerance percent(String percent) {
        return new Percent(new BigDecimal(percent));
    }

    static Tolerance rounded() {
        return new Rounded();
    }

    static Tolerance cutOff() {
        return new CutOff();
    }

    /// By an amount in the unit of the published figure.
    ///
    /// @param amount as printed: `3.25`
    /// @param meaning where it is from
    static Tolerance within(String amount, String meaning) {
        return new Within(new BigDecimal(amount), meaning);
    }
}
