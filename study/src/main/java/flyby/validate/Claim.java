package flyby.validate;

import java.math.BigDecimal;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/// What a source says and how the models are asked about it. Nothing is simulated before it is asked.
public sealed interface Claim {
    /// A figure.
    ///
    /// @param value with the digits that the source prints
    /// @param unit of it and of what `simulation` gives
    record Quantity(BigDecimal value, String unit, Tolerance tolerance, DoubleSupplier simulation) implements Claim {
        @Override
        public String published() {
            return value.toPlainString() + " " + unit;
        }
    }

    /// A rule in words that is kept or broken.
    record Rule(String words, Consumer<Facts> simulation) implements Claim {
        @Override
        public String published() {
            return words;
        }
    }

    /// Something worth knowing that is not tested.
    record Context(String words) implements Claim {
        @Override
        public String published() {
            return words;
        }
    }

    /// What the source says, in words.
    String published();
}
