package flyby.guest;

/// How one check of a judge came out.
///
/// @param judge who looked
/// @param check at what
/// @param outcome how it came out
/// @param reason why it failed or was skipped, in one line; empty if it passed
public record Finding(String judge, String check, Outcome outcome, String reason) {
    /// How a check can come out.
    public enum Outcome {
        PASSED,
        FAILED,
        /// It could not be made here.
        SKIPPED
    }

    static Finding of(String judge, String check, boolean good, String reason) {
        return new Finding(judge, check, good ? Outcome.PASSED : Outcome.FAILED, good ? "" : reason);
    }

    static Finding skipped(String judge, String reason) {
        return new Finding(judge, "all", Outcome.SKIPPED, reason);
    }

    /// As a judge in the guest would print it.
    @Override
    public String toString() {
        String word = switch (outcome) {
            case PASSED -> "pass";
            case FAILED -> "fail";
            case SKIPPED -> "skip";
        };
        return ("judge " + judge + " " + check + " " + word + " " + reason).strip();
    }
}
