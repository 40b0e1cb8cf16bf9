package flyby.record;

/// What a recording says of itself.
///
/// @param name of the device, as traces call it
/// @param settings what it was made with, as text that its maker understands: a line `path=value` for each setting
/// @param remark what else is worth knowing, such as the faults that were made; may be empty
public record RecordingHeader(String name, String settings, String remark) {}
