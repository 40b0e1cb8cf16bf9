package flyby.zoo.survey;

import flyby.apidebug.ApiDebug.Overlaps;
import flyby.base.LabException;
import flyby.explore.RandomSchedule;
import flyby.topology.Card;
import flyby.topology.Seams;
import flyby.trial.Bench;
import flyby.trial.HostileMachine;
import flyby.trial.Scene;
import flyby.trial.Subject;
import flyby.trial.Trial;
import flyby.trial.TrialOptions;
import flyby.trial.Verdict;
import flyby.trial.Verdict.Ending;
import flyby.zoo.Lookalike;
import flyby.zoo.Specimen;
import flyby.zoo.Zoo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Tries specimens, their twins and look-alikes on machines, with several seeds each. Runs are independent of each
/// other, so several go on at once; what comes out does not depend on how many.
public final class Survey implements AutoCloseable {
    /// So many more seeds are tried for a bug that was not seen.
    private static final int MORE_SEEDS = 300;

    private final List<HostileMachine> machines;
    private final List<Long> seeds;
    private final ExecutorService workers;

    /// @param machines in the order in which one that shows a bug counts as the first
    /// @param workers how many runs go on at once
    public Survey(List<HostileMachine> machines, List<Long> seeds, int workers) {
        this.machines = List.copyOf(machines);
        this.seeds = List.copyOf(seeds);
        this.workers = Executors.newFixedThreadPool(workers, work -> {
            Thread thread = new Thread(work, "survey");
            thread.setDaemon(true);
            return thread;
        });
    }

    /// Tries specimens.
    ///
    /// @param makers of specimens
    /// @param done told of each row as it comes, in the order of the makers
    public List<Row> specimens(List<Supplier<Specimen>> makers, Consumer<Row> done) {
        List<List<Future<Tried>>> buggy = new ArrayList<>();
        List<List<Future<Tried>>> twins = new ArrayList<>();
        for (Supplier<Specimen> maker : makers) {
            buggy.add(runs(() -> Zoo.buggy(maker.get())));
            twins.add(runs(() -> Zoo.fixed(maker.get())));
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < makers.size(); i++) {
            Specimen specimen = makers.get(i).get();
            List<Tried> twin = results(twins.get(i));
            List<Tried> tried = new ArrayList<>(results(buggy.get(i)));
            Row row = row(specimen, tried, twin);
            if (!row.isCaught() && seeds.size() > 1) {
                row = goOn(makers.get(i), tried, twin);
            }
            rows.add(row);
            done.accept(row);
        }
        return rows;
    }

    private static Row row(Specimen specimen, List<Tried> tried, List<Tried> twin) {
        return Row.of(specimen.label(), Zoo.file(specimen), lines(specimen), tried, twin);
    }

    /// Tries more seeds, on the machines that are meant to show the bug: some need a rare order of things.
    private Row goOn(Supplier<Specimen> maker, List<Tried> tried, List<Tried> twin) {
        Specimen specimen = maker.get();
        List<HostileMachine> meant = machines.stream()
                .filter(machine -> specimen.label().machines().contains(machine.name()))
                .toList();
        Row row = row(specimen, tried, twin);
        for (long more = 1; more <= MORE_SEEDS && !row.isCaught(); more++) {
            for (HostileMachine machine : meant) {
                tried.add(run(Zoo.buggy(maker.get()), machine, seeds.getLast() + more));
            }
            row = row(specimen, tried, twin);
        }
        return row;
    }

    private static List<Integer> lines(Specimen specimen) {
        try {
            return Zoo.bugLines(specimen);
        } catch (IllegalStateException _) {
            // Its source is not packed with it: then rules alone count.
            return List.of();
        }
    }

    /// Tries look-alikes.
    public List<LookalikeRow> lookalikes(List<Supplier<Lookalike>> makers) {
        List<List<Future<Tried>>> runs = makers.stream()
                .map(maker -> runs(() -> new LookalikeSubject(maker.get())))
                .toList();
        List<LookalikeRow> rows = new ArrayList<>();
        for (int i = 0; i < makers.size(); i++) {
            rows.add(LookalikeRow.of(makers.get(i).get(), results(runs.get(i))));
        }
        return rows;
    }

    private List<Future<Tried>> runs(Supplier<Subject> subject) {
        List<Future<Tried>> runs = new ArrayList<>();
        for (HostileMachine machine : machines) {
            for (long seed : seeds) {
                runs.add(workers.submit(() -> run(subject.get(), machine, seed)));
            }
        }
        return runs;
    }

    private static Tried run(Subject subject, HostileMachine machine, long seed) {
        List<DebugWatch> watches = new ArrayList<>();
        TrialOptions options = TrialOptions.STANDARD.with(inner -> watched(inner, watches));
        Verdict verdict = Trial.run(subject, machine, seed, new RandomSchedule(seed), options);
        DebugWatch watch = watches.getFirst();
        if (verdict.ending() == Ending.RETURNED) {
            watch.driverReturned(verdict.timePicos());
        }
        return new Tried(
                verdict, watch.complaints(Overlaps.AS_SHIPPED), watch.complaints(Overlaps.CHECKED), watch.warnings());
    }

    private static Seams watched(Seams inner, List<DebugWatch> watches) {
        DebugWatch watch = new DebugWatch(inner);
        watches.add(watch);
        return watch;
    }

    private static List<Tried> results(List<Future<Tried>> runs) {
        List<Tried> results = new ArrayList<>();
        try {
            for (Future<Tried> run : runs) {
                results.add(run.get());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new LabException(LabException.Kind.INTERRUPTED, "the survey was interrupted");
        } catch (ExecutionException wrapped) {
            if (wrapped.getCause() instanceof LabException told) {
                throw told;
            }
            throw new AssertionError(wrapped.getCause());
        }
        return results;
    }

    /// Ends what still goes on.
    @Override
    public void close() {
        workers.shutdownNow();
    }

    private record LookalikeSubject(Lookalike lookalike) implements Subject {
        @Override
        public String name() {
            return "look-alike " + lookalike.number();
        }

        @Override
        public List<Card> cards(Scene scene) {
            return lookalike.cards(scene);
        }

        @Override
        public void run(Bench bench) {
            lookalike.run(bench);
        }

        @Override
        public Set<Hazard> hazards() {
            return lookalike.hazards();
        }
    }
}
