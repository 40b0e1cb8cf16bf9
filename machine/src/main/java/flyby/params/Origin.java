package flyby.params;

/// Who set a value, and where that stands.
///
/// @param label short, for results: `default`, `profile board-8086-8mhz`, `demo.yaml:12`, `--set`
/// @param keyPlace where the name stands, for errors: `demo.yaml:12:3`, `--set machine.clock`
/// @param valuePlace where the value stands, for errors: `demo.yaml:12:10`, `--set machine.clock`
public record Origin(String label, String keyPlace, String valuePlace) {
    /// The catalogue's own value.
    public static final Origin DEFAULT = new Origin("default", "default", "default");

    /// Set by the profile `name`.
    public static Origin profile(String name) {
        String label = "profile " + name;
        return new Origin(label, label, label);
    }

    /// Set on the command line by `--set path=value`.
    public static Origin commandLine(String path) {
        String place = "--set " + path;
        return new Origin("--set", place, place);
    }
}
