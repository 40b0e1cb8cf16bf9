package flyby.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flyby.base.LabException;
import flyby.machine.ModernMachines;
import flyby.params.Profile;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One device model and one driver on machines of two kinds.
final class EngineCopyTest {
    private static final String SCENARIO = "engine-copy";

    static Stream<String> machines() {
        // One has a scatter-gather engine in its place.
        return ModernMachines.profiles().stream()
                .map(Profile::name)
                .filter(name -> !name.equals("server-sgdma") && !name.equals("server-nvme"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_095, 4_096, 4_097, 20_000})
    void everyByteIsCopiedOnEitherMachine(int byteCount) {
        ScenarioResult result = Runs.run(SCENARIO, Runs.bytes(byteCount));

        assertThat(result.ok()).isTrue();
        assertThat(result.runs()).extracting(RunResult::name).containsExactly("pcie", "cpu", "classic");
        for (RunResult run : result.runs()) {
            assertThat(run.phasesPicos().values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(run.elapsedPicos());
        }
    }

    @ParameterizedTest
    @MethodSource("machines")
    void everyShippedMachineDoesIt(String machine) {
        ScenarioResult result = Runs.run(SCENARIO, Runs.bytes(30_000), "machine.profile=" + machine);

        assertThat(result.ok()).isTrue();
        assertThat(result.machine().orElseThrow().name()).isEqualTo(machine);
    }

    @ParameterizedTest
    @ValueSource(strings = {"passthrough", "strict", "lazy"})
    void anIommuInTheWayChangesNoByte(String mode) {
        for (String machine : new String[] {"server-gen3-bdw", "server-2s", "desktop-switch", "board-arm"}) {
            RunResult run = Runs.named(
                    Runs.run(
                            SCENARIO,
                            Runs.bytes(30_000),
                            "runs=pcie",
                            "machine.profile=" + machine,
                            "machine.iommu.mode=" + mode),
                    "pcie");

            assertThat(run.ok()).as(machine).isTrue();
            assertThat(Runs.figure(run, "iommuFaultCount")).isZero();
        }
    }

    @Test
    void equalRunsGiveEqualTraces() {
        String[] settings = {"machine.profile=desktop-switch", "runs=pcie"};
        String first = Runs.run(SCENARIO, Runs.bytes(9_000), settings).traceHash();

        assertThat(Runs.run(SCENARIO, Runs.bytes(9_000), settings).traceHash()).isEqualTo(first);
        assertThat(Runs.run(SCENARIO, Runs.bytes(9_000), "runs=pcie").traceHash())
                .as("another machine")
                .isNotEqualTo(first);
    }

    @Test
    void whereNobodyAsksTheCachesAForgetfulDriverCopiesStaleBytes() {
        String[] settings = {"machine.profile=board-arm", "runs=pcie", "driver.maintains=never"};
        RunResult run = Runs.named(Runs.run(SCENARIO, Runs.bytes(9_000), settings), "pcie");

        assertThat(run.dataOk()).isFalse();
        assertThat(run.findings().getFirst().title()).contains("not that of the file");
    }

    @Test
    void whoWaitsForADeviceThatHungIsSaid() {
        assertThatThrownBy(() -> Runs.run(
                        SCENARIO, Runs.bytes(10), "runs=pcie", "machine.root-ports.slot0.functions.copy0.hangs=true"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("pcie gets nowhere")
                .hasMessageContaining("cpu0 waits for the copy engine's interrupt");
    }

    @Test
    void aMachineWithoutAnEngineIsRefused() {
        assertThatThrownBy(() -> Runs.run(SCENARIO, Runs.bytes(10), "machine.root-ports=none"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("no copy engine");
    }

    @Test
    void aNarrowLinkTakesLonger() {
        RunResult wide = Runs.named(Runs.run(SCENARIO, Runs.bytes(60_000), "runs=pcie"), "pcie");
        RunResult narrow = Runs.named(
                Runs.run(SCENARIO, Runs.bytes(60_000), "runs=pcie", "machine.root-ports.slot0.link.width=x1"), "pcie");

        assertThat(narrow.elapsedPicos()).isGreaterThan(2 * wide.elapsedPicos());
    }
}
