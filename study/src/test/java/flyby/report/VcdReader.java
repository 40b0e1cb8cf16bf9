package flyby.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;

/// A second reading of IEEE 1364-2005 section 18, for tests: which signals a dump has and every change of each.
@NullUnmarked // A null where none belongs fails the test all the same.
final class VcdReader {
    /// Changes of one signal: `time value`, values without leading zeros, lower case.
    ///
    /// @param changes from the first `#` on, initial values among them
    record Signal(String path, int widthBits, List<String> changes) {}

    private VcdReader() {}

    /// Signals by path (`scope.name`), in order of definition.
    static Map<String, Signal> read(String text) {
        Map<String, Signal> byPath = new LinkedHashMap<>();
        Map<String, Signal> byCode = new LinkedHashMap<>();
        List<String> scopes = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        int at = 0;
        for (; !lines[at].startsWith("$enddefinitions"); at++) {
            String[] words = lines[at].trim().split("\\s+", -1);
            switch (words[0]) {
                case "$scope" -> scopes.add(words[2]);
                case "$upscope" -> scopes.removeLast();
                case "$var" -> {
                    Signal signal = new Signal(
                            String.join(".", scopes) + "." + words[4], Integer.parseInt(words[2]), new ArrayList<>());
                    assertThat(byPath.put(signal.path(), signal))
                            .as(signal.path())
                            .isNull();
                    assertThat(byCode.put(words[3], signal)).as(signal.path()).isNull();
                }
                default -> {}
            }
        }
        long time = -1;
        for (at++; at < lines.length; at++) {
            String line = lines[at].trim();
            if (line.isEmpty() || line.startsWith("$")) {
                continue;
            }
            if (line.startsWith("#")) {
                long next = Long.parseLong(line.substring(1));
                assertThat(next).isGreaterThanOrEqualTo(time);
                time = next;
                continue;
            }
            boolean isVector = line.startsWith("b");
            String code = isVector ? line.substring(line.indexOf(' ') + 1) : line.substring(1);
            String value = isVector ? line.substring(1, line.indexOf(' ')) : line.substring(0, 1);
            Signal signal = byCode.get(code);
            assertThat(signal).as(line).isNotNull();
            assertThat(value.length()).as(line).isLessThanOrEqualTo(signal.widthBits());
            assertThat(value).as(line).matches("[01]+|x+|z+");
            signal.changes().add(time + " " + value.replaceFirst("^0+(?=.)", "").replaceFirst("^([xz])+$", "$1"));
        }
        return byPath;
    }
}
