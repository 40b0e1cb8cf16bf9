package flyby.validate.attack;

import flyby.experiment.DmaAttack;
import flyby.machine.MachineLibrary;
import flyby.params.Given;
import flyby.params.Settings;
import flyby.study.Figure;
import flyby.study.Input;
import flyby.study.Progress;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.List;
import java.util.Optional;

/// Runs one attack on one machine, as the scenarios do.
final class AttackBench {
    private static final String CARD = "switches.dock.ports.left.functions.nic0.";

    private AttackBench() {}

    /// @param intervalMicros from one packet that comes in to the next
    /// @param settings of the attack, `path=value` each
    static RunResult run(String defence, long intervalMicros, String... settings) {
        DmaAttack experiment = new DmaAttack();
        return experiment.run(
                defence,
                new RunContext(
                        Settings.resolve(
                                experiment.parameters(),
                                experiment.profiles(),
                                List.of(),
                                Given.fromCommandLine(List.of(settings))),
                        Optional.of(MachineLibrary.modern(
                                "desktop-dock",
                                Given.fromCommandLine(List.of(CARD + "nic.interval=" + intervalMicros + "us")))),
                        0,
                        Input.bytes("none", new byte[0]),
                        List.of(),
                        Progress.silent()));
    }

    static long value(RunResult run, String key) {
        return run.figures().stream()
                .filter(figure -> figure.key().equals(key))
                .map(Figure::value)
                .mapToLong(Number::longValue)
                .findFirst()
                .orElseThrow();
    }
}
