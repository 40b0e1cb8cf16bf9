package flyby.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The models against figures and rules that others have published, as a user checks them.
final class ValidationTest {
    @TempDir
    private Path folder = Path.of("");

    private Launcher launcher = new Launcher(Path.of(""));

    @BeforeEach
    void startHere() {
        launcher = new Launcher(folder);
    }

    @Test
    void sectionIsaPassesWithEveryRow() throws IOException, InterruptedException {
        Map<String, Object> document =
                launcher.flyby("validate", "isa", "--json").endsWith(0).json();
        assertThat(document).containsEntry("ok", true).containsEntry("failed", 0);
        List<Map<String, Object>> rows =
                Launcher.objects(Launcher.objects(document, "sections").getFirst(), "rows");
        Set<String> numbers = new TreeSet<>();
        for (Map<String, Object> row : rows) {
            numbers.add(String.valueOf(row.get("id")).replaceAll("[a-z]$", ""));
            assertThat(row).containsKeys("quantity", "publishedText", "ok", "grade", "source", "how", "verdict");
        }
        List<String> wanted = new ArrayList<>();
        for (int number = 1; number <= 37; number++) {
            wanted.add("1." + number);
        }
        assertThat(numbers).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(rows)
                .filteredOn(row -> !row.get("verdict").equals("pass"))
                .extracting(row -> row.get("id"), row -> row.get("verdict"), row -> row.get("grade"))
                .as("what is not tested is context")
                .containsExactly(tuple("1.37", "context", "D"));
    }

    @Test
    void sectionPciePassesUpToTheMeasuredHosts() throws IOException, InterruptedException {
        Map<String, Object> document =
                launcher.flyby("validate", "pcie", "--json").endsWith(0).json();
        assertThat(document).containsEntry("ok", true).containsEntry("failed", 0);
        List<Map<String, Object>> rows =
                Launcher.objects(Launcher.objects(document, "sections").getFirst(), "rows");
        assertThat(rows).extracting(row -> row.get("grade")).containsOnly("A");
        assertThat(rows)
                .extracting(row -> String.valueOf(row.get("id")).replaceAll("[a-z]+$", ""))
                .containsOnly("2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.28");
    }

    @Test
    void theTableFitsTheScreenAndAddsUp() throws IOException, InterruptedException {
        Launcher.Done table = launcher.flyby("validate").endsWith(0);
        assertThat(table.err()).as("progress is for terminals").isEmpty();
        assertThat(table.out().lines()).allMatch(line -> line.length() <= 120 && line.matches("\\p{ASCII}*"));
        long passed = table.out().lines().filter(line -> line.endsWith(" pass")).count();
        assertThat(table.out()).endsWith("ok: " + passed + " rows passed, 0 failed, 1 context\n");
    }

    @Test
    void whatDoesNotExistIsRefused() throws IOException, InterruptedException {
        launcher.flyby("validate", "iso").refusesWith("\"iso\"", "one of isa", "did you mean isa?");
        launcher.flyby("validate", "isa", "--only", "1.99").refusesWith("\"1.99\"", "1.1a to 1.37", "--list");
    }
}
