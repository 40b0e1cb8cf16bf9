package flyby.params;

import flyby.base.LabException;
import java.util.ArrayList;
import java.util.List;

/// One value that a person gave, not looked at yet.
///
/// @param path as written
/// @param text as written; a list is its items with commas between
public record Given(String path, String text, Origin origin) {
    /// Splits the `path=value` arguments of `--set`.
    ///
    /// @throws LabException if an argument has no `=` or nothing before it
    public static List<Given> fromCommandLine(List<String> arguments) {
        List<Given> given = new ArrayList<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals <= 0) {
                throw new LabException(
                        LabException.Kind.BAD_INPUT,
                        "--set",
                        Quote.of(argument),
                        "path=value, as in machine.clock=8MHz");
            }
            String path = argument.substring(0, equals).strip();
            given.add(new Given(path, argument.substring(equals + 1).strip(), Origin.commandLine(Quote.cut(path))));
        }
        return given;
    }
}
