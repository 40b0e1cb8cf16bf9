package flyby.validate;

/// What came of a row.
public enum Verdict {
    PASS,
    FAIL,
    /// The row is context: nothing was tested, and the row says why.
    CONTEXT
}
