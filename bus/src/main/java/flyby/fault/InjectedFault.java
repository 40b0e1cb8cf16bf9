package flyby.fault;

/// A fault that was made.
///
/// @param timePicos when
/// @param rule that wanted it, as it was written
/// @param what was done, to what
public record InjectedFault(long timePicos, String rule, String what) {}
