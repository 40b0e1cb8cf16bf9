package flyby.validate;

/// How tightly a row holds the models.
public enum Grade {
    /// An exact rule or plain arithmetic: the tolerance is nothing, or 0.1 % for rates.
    A,
    /// Measured, with all conditions and a known spread.
    B,
    /// Order of magnitude or shape only.
    C,
    /// Context: said, not tested.
    D
}
