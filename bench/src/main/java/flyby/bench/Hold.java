package flyby.bench;

import flyby.sim.Event;
import flyby.sim.Simulation;
import flyby.trace.Trace;

/// The classic hold model (Jones, CACM 29, 1986): each event sets itself again after a random delay.
///
/// The same draws, the same four kinds of event and the same sums as `systemc/hold.cpp`.
public final class Hold {
    private static final long SEED = 0x9E37_79B9_7F4A_7C15L;

    private final Simulation simulation = new Simulation(0, Trace.off());
    private final Delays delays;
    private final long[] sums = new long[4];
    private long fired;
    private final long waitsMax;
    private long stopAt = Long.MAX_VALUE;

    /// @param asProcesses whether coroutines wait, instead of events setting themselves
    public Hold(int pendingCount, Delays.Kind kind, boolean asProcesses) {
        this(pendingCount, kind, asProcesses, Long.MAX_VALUE);
    }

    private Hold(int pendingCount, Delays.Kind kind, boolean asProcesses, long waitsMax) {
        this.waitsMax = waitsMax;
        delays = new Delays(SEED, kind);
        for (int i = 0; i < pendingCount; i++) {
            if (asProcesses) {
                addProcess(i & 3);
            } else {
                addEvent(i & 3);
            }
        }
    }

    private void addEvent(int kind) {
        Node node = switch (kind) {
            case 0 -> new Node0();
            case 1 -> new Node1();
            case 2 -> new Node2();
            default -> new Node3();
        };
        node.in(delays.next());
    }

    private void addProcess(int kind) {
        simulation.coroutine("process", self -> {
            for (long count = 1; count <= waitsMax; count++) {
                self.waitFor(delays.next());
                sums[kind] += count;
                goOn();
            }
        });
    }

    /// Lets processes come and go until the JIT compiler has seen them.
    ///
    /// A body that was entered before that has interpreted frames at the bottom of its stack for as long as it
    /// lives, and each of its waits takes the JVM's slow path.
    public static void warmUpProcesses(Delays.Kind kind) {
        for (int i = 0; i < 400; i++) {
            new Hold(100, kind, true, 20).fire(Long.MAX_VALUE);
        }
    }

    /// Fires `count` events.
    public void fire(long count) {
        stopAt = fired + count;
        simulation.run();
    }

    /// The simulated time and what the events added up, so that no work can be optimised away.
    public long digest() {
        return simulation.nowPicos() + 31 * (sums[0] + 31 * (sums[1] + 31 * (sums[2] + 31 * sums[3])));
    }

    public long nowPicos() {
        return simulation.nowPicos();
    }

    private abstract class Node extends Event {
        long count;

        Node() {
            super(simulation, "node");
        }
    }

    // Four bodies, so that the call is not always to the same one; they differ in what they touch.

    private final class Node0 extends Node {
        @Override
        protected void fire() {
            sums[0] += ++count;
            goOn();
            in(delays.next());
        }
    }

    private final class Node1 extends Node {
        @Override
        protected void fire() {
            sums[1] += ++count;
            goOn();
            in(delays.next());
        }
    }

    private final class Node2 extends Node {
        @Override
        protected void fire() {
            sums[2] += ++count;
            goOn();
            in(delays.next());
        }
    }

    private final class Node3 extends Node {
        @Override
        protected void fire() {
            sums[3] += ++count;
            goOn();
            in(delays.next());
        }
    }

    private void goOn() {
        if (++fired == stopAt) {
            simulation.stop();
        }
    }
}
