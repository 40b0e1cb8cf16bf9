package flyby.params;

/// One thing that may be set.
///
/// @param path words with dots between: `machine.clock`
/// @param standard its value unless somebody sets another
/// @param source why `standard` is what it is
/// @param help one or two sentences
public record Parameter(String path, Domain domain, Value standard, Source source, String help) {}
