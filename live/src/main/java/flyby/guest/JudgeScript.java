package flyby.guest;

import flyby.base.Check;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Scripts of judges, put together for one boot.
final class JudgeScript {
    private JudgeScript() {}

    /// The prologue and the scripts `names`, with `variables` set.
    static String of(Map<String, String> variables, List<String> names) {
        StringBuilder text = new StringBuilder();
        variables.forEach((name, value) -> text.append(name + "='" + value + "'\n"));
        text.append(read("prologue"));
        names.forEach(name -> text.append(read(name)));
        return text.toString();
    }

    private static String read(String name) {
        try (InputStream stream = JudgeScript.class.getResourceAsStream(name + ".sh")) {
            Check.that(stream != null, "there is no script %s", name);
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
