package flyby.experiment;

import flyby.driver.ApertureDriver;
import flyby.machine.ModernMachines;
import flyby.params.Catalogue;
import flyby.params.Source;
import flyby.sim.Time;
import flyby.study.RunContext;
import flyby.study.RunResult;
import flyby.study.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// How a CPU learns that a device is done: it looks again and again, or is interrupted, by each operation or by several
/// together; by how long the device takes.
public final class InterruptPolling extends MachineExperiment {
    static final String POLL = "poll";
    static final String INTERRUPT = "interrupt";
    static final String COALESCE = "coalesce";
    private static final List<String> RUNS = List.of(POLL, INTERRUPT, COALESCE);

    static final String SHORTEST = "work.shortest";
    static final String LONGEST = "work.longest";
    static final String DEPTH = "depth";
    static final String COUNT = "coalesce.count";
    static final String PATIENCE = "coalesce.time";

    private static final Source CHOICE = Source.assumed("a choice");
    private static final Source FEATURE =
            Source.spec("NVM Express Base Specification", "Set Features 08h: threshold, and time in units of 100 us");

    private static final Catalogue PARAMETERS = Catalogue.titled("Interrupts against polling")
            .choices("runs", RUNS, RUNS, "How the CPU learns of the end: it polls, or is interrupted, or seldom.")
            .duration(SHORTEST, "250 ns", "1 ns", "1 ms", CHOICE, "The device's shortest work on an operation.")
            .duration(LONGEST, "64 us", "1 ns", "1 ms", CHOICE, "The longest; each is twice the one before.")
            .count(
                    DEPTH,
                    32,
                    1,
                    ApertureDriver.RING_ENTRIES,
                    "operations",
                    CHOICE,
                    "How many are handed over together.")
            .count(
                    COUNT,
                    8,
                    1,
                    ApertureDriver.RING_ENTRIES,
                    "operations",
                    FEATURE,
                    "Of run coalesce: how many end" + " before the interrupt.")
            .duration(
                    PATIENCE, "100 us", "1 us", "10 ms", FEATURE, "Of run coalesce: how long the first waits at most.")
            .rule(
                    "work.shortest must be at most work.longest",
                    settings -> settings.picos(SHORTEST) <= settings.picos(LONGEST),
                    SHORTEST,
                    LONGEST)
            .build();

    /// Made once for all runs.
    public InterruptPolling() {
        super(
                "interrupt-polling",
                "Interrupts against polling, by how long the device takes",
                PARAMETERS,
                ModernMachines.ACCELERATOR_NAME,
                "Caches and branch predictors that an interrupt leaves cold for the program that it interrupted.",
                "Block layer, system call and scheduler, which both ways pay on a real system.",
                "Idle states from which a core takes microseconds to wake up.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        return new InterruptPollingRun(runName, context).result();
    }

    @Override
    public List<String> conclusions(List<RunResult> runs) {
        List<String> said = new ArrayList<>();
        List<Series.Point> polled = Curves.of(runs, POLL, InterruptPollingRun.ALONE_LATENCY.key());
        List<Series.Point> interrupted = Curves.of(runs, INTERRUPT, InterruptPollingRun.ALONE_LATENCY.key());
        if (!polled.isEmpty() && !interrupted.isEmpty()) {
            double least = Double.MAX_VALUE;
            double most = 0;
            for (int i = 0; i < polled.size(); i++) {
                double more = interrupted.get(i).y() - polled.get(i).y();
                least = Math.min(least, more);
                most = Math.max(most, more);
            }
            said.add(String.format(
                    Locale.ROOT,
                    "One operation at a time, the CPU knows %.2f to %.2f us later by interrupt than by polling,"
                            + " however long"
                            + " the device works: the interrupt's way to the core, its handler, and the wake-up.",
                    least / 1e6,
                    most / 1e6));
        }
        List<Series.Point> spinning = Curves.of(runs, POLL, InterruptPollingRun.ALONE_CPU.key());
        List<Series.Point> sleeping = Curves.of(runs, INTERRUPT, InterruptPollingRun.ALONE_CPU.key());
        Curves.crossing(
                        "By CPU time, sleeping until the interrupt costs less than polling",
                        spinning,
                        sleeping,
                        InterruptPolling::micros)
                .map(text -> text
                        + String.format(
                                Locale.ROOT,
                                " An interrupt takes %.2f us of it, and even the quickest answer %.2f us.",
                                sleeping.getFirst().y() / 1e6,
                                spinning.getFirst().y() / 1e6)
                        + " Polling wins while the device takes less than interrupt and context switch: published"
                        + " as some 4 to 6 us on hosts of 2012, with block layer and scheduler (number 4.17).")
                .ifPresent(said::add);
        coalescing(runs, said);
        return said;
    }

    private static void coalescing(List<RunResult> runs, List<String> said) {
        List<Series.Point> each = Curves.of(runs, INTERRUPT, InterruptPollingRun.INTERRUPTS.key());
        List<Series.Point> several = Curves.of(runs, COALESCE, InterruptPollingRun.INTERRUPTS.key());
        List<Series.Point> eachCpu = Curves.of(runs, INTERRUPT, InterruptPollingRun.DEEP_CPU.key());
        List<Series.Point> severalCpu = Curves.of(runs, COALESCE, InterruptPollingRun.DEEP_CPU.key());
        if (!each.isEmpty() && !several.isEmpty()) {
            said.add(String.format(
                    Locale.ROOT,
                    "Of a queue whose operations take %s each, coalescing makes %.3f interrupts an operation instead of"
                            + " %.3f, and %.2f us of CPU time an operation instead of %.2f us.",
                    micros(each.getLast().x()),
                    several.getLast().y(),
                    each.getLast().y(),
                    severalCpu.getLast().y() / 1e6,
                    eachCpu.getLast().y() / 1e6));
        }
        List<Series.Point> alone = Curves.of(runs, COALESCE, InterruptPollingRun.ALONE_LATENCY.key());
        List<Series.Point> plain = Curves.of(runs, INTERRUPT, InterruptPollingRun.ALONE_LATENCY.key());
        if (!alone.isEmpty() && !plain.isEmpty()) {
            OptionalDouble at = Curves.at(alone, plain.getFirst().x());
            at.ifPresent(late -> said.add(String.format(
                    Locale.ROOT,
                    "An operation that is alone pays for it: the CPU learns of its end after %s instead of %s, when the"
                            + " device no longer waits for others. The interrupt comes when either limit is"
                            + " reached, as NVMe's"
                            + " feature 08h has it (number 4.18).",
                    micros(late),
                    micros(plain.getFirst().y()))));
        }
    }

    private static String micros(double picos) {
        return String.format(Locale.ROOT, "%.2f us", picos / Time.MICROSECOND);
    }
}
