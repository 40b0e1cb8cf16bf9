package flyby.trial;

import flyby.base.LabException;
import flyby.bus.Cpu;
import flyby.check.CallSite;
import flyby.check.CallSites;
import flyby.check.Checker;
import flyby.check.Policy;
import flyby.choice.Decisions;
import flyby.explore.ScheduledSeams;
import flyby.explore.ScheduledSeams.Freedom;
import flyby.machine.KernelSetup;
import flyby.machine.PcieMachine;
import flyby.pci.PciDevice;
import flyby.sim.Alarm;
import flyby.sim.Simulation;
import flyby.sim.Time;
import flyby.topology.Card;
import flyby.topology.HostCatalogue;
import flyby.topology.Seams;
import flyby.trace.HashSink;
import flyby.trace.Trace;
import flyby.trial.HostileMachine.Trait;
import flyby.trial.Subject.Hazard;
import flyby.trial.Verdict.Ending;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One run of a subject: builds the machine, lets the driver run, and sees to it that it ends.
///
/// The simulation runs on a thread of its own, because a driver may loop for ever; whoever waits for it is the only
/// one here who looks at the wall's clock.
final class TrialRun {
    /// How far the simulation goes between two looks at whether the trial is over.
    private static final long SLICE_PICOS = Time.MILLISECOND;

    /// A run that gets somewhere may take so many times what the watchdog sleeps.
    private static final int NAPS_MAX = 15;

    /// What a run that can still be stopped gets for that.
    private static final long GRACE_MILLIS = 2_000;

    private final Subject subject;
    private final HostileMachine hostile;
    private final long seed;
    private final TrialOptions options;
    private final Scene scene;
    private final HashSink hash = new HashSink();
    private final Simulation simulation;
    private final Checker checker;
    private final Complaints complaints;
    /// Not where a device may do what it likes, or go away: then there may be nothing to wait for, and no data.
    private final boolean countsHangs;

    /// Wakes the CPU up when the trial has lost its patience.
    private @Nullable Alarm alarm;

    /// How the driver ended, as soon as it has.
    private @Nullable Ending ending;

    /// Where it was when the trial lost its patience.
    private @Nullable CallSite stoppedAt;

    /// Why the laboratory failed.
    private @Nullable Throwable failure;

    private List<String> waiting = List.of();
    private boolean isQuiet;

    /// The thread that the driver is on, to be asked where it is.
    private volatile @Nullable Thread driverThread;

    private volatile boolean isExpired;

    TrialRun(Subject subject, HostileMachine hostile, long seed, Decisions decisions, TrialOptions options) {
        this.subject = subject;
        this.hostile = hostile;
        this.seed = seed;
        this.options = options;
        // All that is left to chance is a decision, so that a schedule alone makes a run.
        simulation = new Simulation(1, Trace.to(List.of(hash)));
        boolean isMalicious = meets(Trait.MALICE, Hazard.MALICE);
        countsHangs = !isMalicious && !meets(Trait.REMOVAL, Hazard.REMOVAL);
        Policy trusting = isMalicious ? Policy.MALICIOUS : Policy.TRUSTING;
        Policy ordered = usesWires() ? trusting.wired() : trusting;
        checker = new Checker(simulation, options.findsLines() ? ordered : ordered.withoutLines());
        complaints = new Complaints(checker, countsHangs);
        scene = new Scene(
                hostile.name(),
                decisions,
                isMalicious,
                hostile.has(Trait.SHORT_DEVICE),
                hostile.has(Trait.LATE_DEVICE),
                hostile.has(Trait.BIG_ENDIAN));
    }

    private boolean usesWires() {
        return hostile.description()
                .machine()
                .settings()
                .choice("interrupts.by")
                .equals("wire");
    }

    /// Whether this happens on the machine, and to a subject that copes with it.
    private boolean meets(Trait trait, Hazard hazard) {
        return hostile.has(trait) && subject.hazards().contains(hazard);
    }

    private TrialSeams seams(Seams inner, List<Card> cards) {
        Decisions decisions = scene.decisions();
        Mishaps mishaps =
                new Mishaps(decisions, meets(Trait.FAULTS, Hazard.FAULTS), meets(Trait.REMOVAL, Hazard.REMOVAL));
        Malice malice = scene.isMalicious() ? new Malice(decisions) : null;
        long memoryBytes =
                HostCatalogue.memoryBytes(hostile.description().machine().settings());
        return new TrialSeams(inner, cards, mishaps, malice, scene.isBigEndian() ? memoryBytes : 0);
    }

    Verdict run() {
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name("trial of " + subject.name() + " on " + hostile.name())
                .unstarted(this::simulateAll);
        thread.start();
        watch(thread);
        if (thread.isAlive()) {
            Thread driver = driverThread;
            StackTraceElement[] trace = driver == null ? new StackTraceElement[0] : driver.getStackTrace();
            isExpired = true;
            join(thread, GRACE_MILLIS);
            if (thread.isAlive()) {
                // Nothing can stop it, and nobody waits for it any more.
                return endless(CallSites.in(trace));
            }
        }
        if (failure != null) {
            throw failed(failure);
        }
        return verdict(ending == null ? Ending.RETURNED : ending);
    }

    /// Returns when `thread` has ended, or has got nowhere for as long as the watchdog sleeps, or takes much too long.
    private void watch(Thread thread) {
        long before = -1;
        for (int i = 0; i < NAPS_MAX && thread.isAlive(); i++) {
            join(thread, options.watchdogMillis());
            // It belongs to the other thread, and may be a little old.
            long now = simulation.nowPicos();
            if (now == before) {
                return;
            }
            before = now;
        }
    }

    private static void join(Thread thread, long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new LabException(LabException.Kind.INTERRUPTED, "the trial was interrupted");
        }
    }

    private Verdict endless(CallSite site) {
        complaints.endless(
                Ending.ENDLESS_LOOP,
                "the driver computes without end, and touches nothing of the machine",
                site,
                List.of());
        return verdict(Ending.ENDLESS_LOOP);
    }

    private Verdict verdict(Ending how) {
        return new Verdict(
                subject.name(),
                hostile.name(),
                seed,
                checker.findings(),
                how,
                simulation.nowPicos(),
                hash.text(),
                waiting);
    }

    private static Error failed(Throwable thrown) {
        if (thrown instanceof LabException told) {
            throw told;
        }
        return thrown instanceof Error error ? error : new AssertionError(thrown);
    }

    // What the simulation's thread does.

    private void simulateAll() {
        try {
            simulate();
        } catch (Throwable thrown) {
            failure = thrown;
        }
    }

    private void simulate() {
        List<Card> cards = subject.cards(scene);
        Seams watched = options.checks() ? checker.seams(Seams.DIRECT) : Seams.DIRECT;
        Seams scheduled = new ScheduledSeams(watched, scene.decisions(), Freedom.of(hostile.description()));
        TrialSeams all = seams(options.around().apply(scheduled), cards);
        PcieMachine machine = new PcieMachine(
                simulation, hostile.with(cards.size(), subject.hasIsaBus()).with(all));
        machine.cpu().run(cpu -> program(cpu, machine, cards.size()));
        long deadline = simulation.nowPicos() + options.patiencePicos();
        advance(deadline, () -> ending != null);
        if (ending == null) {
            giveUp(machine, all.cpu());
        }
        advance(simulation.nowPicos() + options.quietPicos() + SLICE_PICOS, () -> isQuiet);
        checker.over(options.checks() && ending == Ending.RETURNED);
    }

    /// What the first CPU does.
    private void program(Cpu cpu, PcieMachine machine, int cards) {
        driverThread = Thread.currentThread();
        try {
            KernelSetup setup = new KernelSetup(machine, cpu);
            Map<Integer, PciDevice> functions = new TreeMap<>();
            for (int i = 0; i < cards; i++) {
                functions.put(i, setup.pci(machine.device(Trial.cardName(i))));
            }
            alarm = cpu.timer("the end of the trial", () -> {});
            subject.run(new Bench(machine, setup, scene, functions, complaints));
            ended(Ending.RETURNED);
            if (cpu.inAtomicContext()) {
                complaints.interruptsOff();
            } else {
                // Interrupts are still taken, and other threads run.
                setup.kernel().sleep(options.quietPicos());
                isQuiet = true;
                simulation.stop();
            }
        } catch (Throwable thrown) {
            threw(thrown);
        }
    }

    private void ended(Ending how) {
        if (ending == null) {
            ending = how;
            simulation.stop();
        }
    }

    private void threw(Throwable thrown) {
        if (thrown instanceof TrialCpu.GivenUp) {
            stoppedAt = CallSites.in(thrown.getStackTrace());
            ended(Ending.TOO_LONG);
            return;
        }
        Ending how = complaints.thrown(thrown);
        if (how == null) {
            failure = thrown;
            isExpired = true;
        } else {
            ended(how);
        }
    }

    /// Goes on until `endPicos`, or until `isEnough`, or as long as anything happens.
    private void advance(long endPicos, BooleanSupplier isEnough) {
        while (!isExpired
                && !isEnough.getAsBoolean()
                && simulation.nowPicos() < endPicos
                && simulation.horizonPicos() <= endPicos) {
            go(Math.min(simulation.nowPicos() + SLICE_PICOS, endPicos));
        }
    }

    private void go(long untilPicos) {
        try {
            simulation.runUntil(untilPicos);
        } catch (Throwable thrown) {
            // Of another thread of the kernel, or of a device.
            threw(thrown);
        }
    }

    /// Finds out where the driver is.
    private void giveUp(PcieMachine machine, @Nullable TrialCpu cpu) {
        boolean nothingHappens = simulation.horizonPicos() == Long.MAX_VALUE;
        waiting = machine.waiting();
        long timePicos = simulation.nowPicos();
        Alarm wake = alarm;
        if (cpu != null && wake != null) {
            if (cpu.stopWaiting()) {
                wake.in(0);
                go(timePicos + SLICE_PICOS);
            }
            if (stoppedAt == null) {
                cpu.stop();
                go(simulation.nowPicos() + SLICE_PICOS);
            }
        }
        ending = nothingHappens ? Ending.DEADLOCK : Ending.TOO_LONG;
        if (countsHangs) {
            String what = nothingHappens
                    ? "the driver waits, and nothing can wake it"
                    : "the driver has not ended after " + Time.text(timePicos);
            CallSite site = stoppedAt != null ? stoppedAt : cpu == null ? CallSite.NONE : cpu.awaitedAt();
            complaints.endless(ending, what, site, waiting);
        }
    }
}
