package flyby.bench;

import flyby.bus.Completion;
import flyby.sim.Coroutine;
import flyby.sim.Simulation;
import flyby.trace.Trace;
import java.util.Locale;

/// What it costs the simulator that one thread of a core waits and another goes on, against two bare processes of the
/// event kernel that wake each other. Prints one RESULT line, of the fastest of some rounds.
///
/// Usage: `SwitchRun [switches=1000000] [rounds=7]`.
public final class SwitchRun {
    private SwitchRun() {}

    public static void main(String[] arguments) {
        int switches = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
        double bare = Double.MAX_VALUE;
        double threads = Double.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            bare = Math.min(bare, bare(switches));
            threads = Math.min(threads, threads(switches));
        }
        System.out.printf(
                Locale.ROOT,
                "RESULT flyby-switch switches=%d bare_ns=%.1f thread_ns=%.1f ratio=%.2f%n",
                switches,
                bare,
                threads,
                threads / bare);
    }

    private static double bare(int switches) {
        Simulation simulation = new Simulation(0, Trace.off());
        Coroutine[] both = new Coroutine[2];
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            both[i] = simulation.coroutine("process " + i, self -> {
                for (int done = 0; done < switches / 2; done++) {
                    both[other].wake();
                    self.park("the other");
                }
                both[other].wake();
            });
        }
        long begin = Result.cpuNanos();
        simulation.run();
        return (double) (Result.cpuNanos() - begin) / switches;
    }

    private static double threads(int switches) {
        double[] each = new double[1];
        MapRun.onServer("off", (_, cpu) -> {
            Completion[] turns = {new Completion("the turn of the first"), new Completion("the turn of the second")};
            cpu.spawn("second", () -> {
                for (int done = 0; done < switches / 2; done++) {
                    cpu.await(turns[1]);
                    turns[1].reset();
                    turns[0].complete();
                }
            });
            long begin = Result.cpuNanos();
            for (int done = 0; done < switches / 2; done++) {
                turns[1].complete();
                cpu.await(turns[0]);
                turns[0].reset();
            }
            each[0] = (double) (Result.cpuNanos() - begin) / switches;
        });
        return each[0];
    }
}
