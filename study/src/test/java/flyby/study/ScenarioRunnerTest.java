package flyby.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.params.Given;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// From a scenario to its result.
final class ScenarioRunnerTest {
    private static final Map<String, String> SHELF = Map.of(
            "scenarios/index.txt",
            "two\none\n",
            "scenarios/one.yaml",
            "title: One\nkind: sum\ninput: shipped:abc\nexpect: {faster: [fast, slow]}\n",
            "scenarios/two.yaml",
            "title: Two\nkind: sum\nparameters: {broken: true}\n",
            "inputs/abc",
            "abc");

    private static final ScenarioLibrary LIBRARY =
            new ScenarioLibrary(new Registry(List.of(new SumExperiment())), ScenarioRunnerTest::open);

    private static @Nullable InputStream open(String path) {
        String text = SHELF.get(path);
        return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ScenarioRunner.Outcome run(String name, ScenarioRunner.Overrides overrides) {
        return new ScenarioRunner("1").run(LIBRARY.find(name), overrides, new ScenarioRunner.Watcher() {});
    }

    @Test
    void aShippedScenarioRunsOnItsInput() {
        ScenarioRunner.Outcome outcome = run("one", ScenarioRunner.Overrides.none());
        assertThat(outcome.asExpected()).isTrue();
        assertThat(outcome.result().runs()).extracting(RunResult::name).containsExactly("fast", "slow");
        assertThat(outcome.result().runs().getFirst().sha256())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(outcome.result().input()).isEqualTo("shipped:abc");
        assertThat(outcome.result().parameters()).hasSize(4);
    }

    @Test
    void overridesCount() {
        ScenarioRunner.Overrides overrides = new ScenarioRunner.Overrides(
                Given.fromCommandLine(List.of("runs=slow")),
                OptionalLong.of(9),
                Optional.of(Input.bytes("mine", new byte[10])));
        ScenarioResult result = run("one", overrides).result();
        assertThat(result.seed()).isEqualTo(9);
        assertThat(result.runs().getFirst().elapsedPicos()).isEqualTo(20_000);
    }

    @Test
    void brokenExpectationsAreNamed() {
        assertThat(run("two", ScenarioRunner.Overrides.none()).failures())
                .containsExactly("not as expected: fast, slow");
        ScenarioRunner.Overrides empty =
                new ScenarioRunner.Overrides(List.of(), OptionalLong.empty(), Optional.of(Input.none()));
        assertThat(run("one", empty).failures())
                .containsExactly("expected fast to be faster than slow, but it took 0 ps against 0 ps");
    }

    @Test
    void anUnknownNameGetsTheNearest() {
        assertThat(LIBRARY.names()).containsExactly("one", "two");
        assertThatThrownBy(() -> LIBRARY.find("onne"))
                .hasMessage("scenario: found \"onne\", expected one of one, two, or a file such as my.yaml;"
                        + " did you mean one?");
        assertThatThrownBy(() -> LIBRARY.find("no/such.yaml"))
                .hasMessage("no/such.yaml: there is no such file or folder");
    }

    @Test
    void theReferenceNamesEveryParameter() {
        assertThat(ScenarioReference.markdown(LIBRARY)).contains("## one", "## two", "| `byte.time` | `1 ns` |");
    }
}
