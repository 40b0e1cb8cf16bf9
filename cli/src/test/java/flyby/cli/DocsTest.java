package flyby.cli;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.experiment.Experiments;
import flyby.report.MachineReference;
import flyby.study.ScenarioLibrary;
import flyby.study.ScenarioReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is made from the code is as the code is.
final class DocsTest {
    private final ScenarioLibrary library = ScenarioLibrary.shipped(Experiments.shipped());

    @Test
    void theScenarioReferenceIsUpToDate() throws IOException {
        assertThat(Files.readString(Path.of("../docs/scenarios.md")))
                .as("stale: ./flyby docs makes it anew")
                .isEqualTo(ScenarioReference.markdown(library));
    }

    @Test
    void theMachineReferenceIsUpToDate() throws IOException {
        assertThat(Files.readString(Path.of("../docs/machines.md")))
                .as("stale: ./flyby docs makes it anew")
                .isEqualTo(MachineReference.markdown());
    }

    @Test
    void theIndexNamesEveryShippedScenario() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../study/src/main/resources/flyby/scenarios"))) {
            List<String> shipped = files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length()))
                    .sorted()
                    .toList();
            assertThat(library.names()).isEqualTo(shipped);
        }
    }
}
