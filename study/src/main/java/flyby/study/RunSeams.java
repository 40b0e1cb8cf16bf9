package flyby.study;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.check.Checker;
import flyby.check.Policy;
import flyby.dma.Dma;
import flyby.dma.DmaObserver;
import flyby.fault.FaultLog;
import flyby.fault.FaultPlan;
import flyby.fault.Faults;
import flyby.fault.InjectedFault;
import flyby.machine.Recordings;
import flyby.record.Recorder;
import flyby.record.RecordingSink;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.topology.Part;
import flyby.topology.Seams;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What stands at the seams of the devices of one run: faults, and recorders next to the devices.
final class RunSeams implements Seams, AutoCloseable {
    private final List<PlannedFaults> planned;
    private final Function<String, Optional<RecordingSink>> recordings;
    private final List<Recorder> recorders = new ArrayList<>();
    private final List<Met> met = new ArrayList<>();
    private final Optional<Policy> policy;
    private final List<Checker> checkers = new ArrayList<>();
    private final List<Dma> bound = new ArrayList<>();
    private boolean wasUnbound;

    /// A device that had a plan.
    private record Met(String device, FaultLog log) {}

    /// @param recordings where the device of this name is to be recorded, if it is
    /// @param policy of the checker that looks on, if one does
    RunSeams(
            List<PlannedFaults> planned,
            Function<String, Optional<RecordingSink>> recordings,
            Optional<Policy> policy) {
        this.policy = policy;
        this.planned = planned;
        this.recordings = recordings;
    }

    @Override
    public Seams in(Simulation simulation) {
        if (policy.isEmpty()) {
            return this;
        }
        Checker checker = new Checker(simulation, policy.get());
        checkers.add(checker);
        return checker.seams(this);
    }

    @Override
    public void dma(Part function, Dma dma) {
        bound.add(dma);
        dma.observe(new DmaObserver() {
            @Override
            public void unbound(Dma device, long timePicos) {
                wasUnbound |= bound.remove(device);
            }
        });
    }

    /// What checkers have found, one machine after the other.
    ///
    /// @param isOver whether the run has come to its end; where all drivers have left their devices then, nothing
    ///     may be left
    List<flyby.check.Finding> breaches(boolean isOver) {
        if (isOver) {
            checkers.forEach(checker -> checker.over(wasUnbound && bound.isEmpty()));
        }
        return checkers.stream().flatMap(checker -> checker.findings().stream()).toList();
    }

    @Override
    public Function<DeviceHost, Device> around(Part function, Function<DeviceHost, Device> maker) {
        FaultPlan plan = planned.stream()
                .filter(each -> each.device().equals(function.name()))
                .map(PlannedFaults::plan)
                .reduce(FaultPlan.none(), FaultPlan::and);
        Function<DeviceHost, Device> made = maker;
        Optional<RecordingSink> sink = recordings.apply(function.name());
        if (sink.isPresent()) {
            Recorder recorder =
                    new Recorder(sink.get(), Recordings.header(function.name(), function.settings(), plan.toString()));
            recorders.add(recorder);
            made = recorder.around(made);
        }
        if (!plan.isEmpty()) {
            Faults faults = new Faults(function.name(), plan);
            met.add(new Met(function.name(), faults.log()));
            made = faults.around(made);
        }
        return made;
    }

    /// How many faults each rule made, in words; empty without faults.
    String summary() {
        List<String> words = new ArrayList<>();
        for (Met each : met) {
            each.log()
                    .counts()
                    .forEach(rule -> words.add("%s: \"%s\" %d of %d"
                            .formatted(each.device(), rule.rule(), rule.injected(), rule.considered())));
        }
        return String.join("; ", words);
    }

    /// `result` with the faults that were made, and what checkers have found.
    RunResult told(RunResult result) {
        List<flyby.check.Finding> breaches = breaches(true);
        RunResult run = breaches.isEmpty() ? result : result.withBreaches(breaches);
        if (met.isEmpty()) {
            return run;
        }
        List<Finding> findings = new ArrayList<>(run.findings());
        List<List<String>> rows = new ArrayList<>();
        long count = 0;
        for (Met each : met) {
            count += each.log().count();
            for (InjectedFault fault : each.log().listed()) {
                rows.add(List.of(each.device(), Time.text(fault.timePicos()), fault.rule(), fault.what()));
            }
        }
        String title = count == 1 ? "1 fault was injected" : count + " faults were injected";
        findings.add(new Finding(
                false,
                title,
                "Of the events that each rule is about, this many became faults: " + summary() + ".",
                "",
                List.of()));
        List<Table> tables = new ArrayList<>(run.tables());
        tables.add(new Table(
                "injectedFaults", "Faults that were injected", List.of("device", "time", "rule", "what"), rows));
        return run.withFindings(findings).withTables(tables);
    }

    /// Writes the ends of all recordings.
    @Override
    public void close() {
        recorders.forEach(Recorder::close);
    }
}
