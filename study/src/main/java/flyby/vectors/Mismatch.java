package flyby.vectors;

/// An output that is not as the vector file expects.
///
/// @param line its number in the file, from 1
/// @param clock from 1, counted from the beginning of the file
/// @param column the name of the column
public record Mismatch(long line, long clock, String column, String expected, String found) {}
