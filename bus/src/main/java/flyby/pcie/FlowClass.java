package flyby.pcie;

/// The three flows that are credited apart and ordered against each other: sections 2.4.1 and 2.6.1.
public enum FlowClass {
    /// Memory writes and messages, which nobody answers.
    POSTED,
    /// Requests that are answered.
    NON_POSTED,
    /// The answers.
    COMPLETION
}
