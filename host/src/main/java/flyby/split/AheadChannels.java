package flyby.split;

import flyby.sim.Event;
import flyby.sim.Simulation;

/// One event for all steps, which takes one step after the other by itself until somebody else is about to act.
///
/// Exact, not approximate: the clock stands at each step's own time, and a step is taken without the agenda
/// only if it is due strictly before the earliest event of anybody else. At equal times the agenda decides by
/// rank, here as in [PlainChannels], where the steps' ranks stand together.
final class AheadChannels extends Channels {
    private final Steps steps;
    private boolean inStep;

    AheadChannels(Simulation simulation, String name, SplitBus.Timing timing, MemoryTarget memory) {
        super(simulation, name, timing, memory);
        steps = new Steps(simulation, name);
    }

    @Override
    void follow() {
        if (!inStep) {
            steps.at(nextPicos());
        }
    }

    private long nextPicos() {
        return Math.min(Math.min(responseEndPicos, requestPicos), Math.min(writeReadyPicos, readReadyPicos));
    }

    /// Takes the step that is due now.
    ///
    /// @return whether somebody else has had his say: an owner, who may have set alarms
    private boolean step(long nowPicos) {
        if (nowPicos == responseEndPicos) {
            endResponse(nowPicos);
            return true;
        }
        if (nowPicos == requestPicos) {
            request(nowPicos);
        } else if (nowPicos == writeReadyPicos) {
            writeReady(nowPicos);
        } else {
            readReady(nowPicos);
        }
        return false;
    }

    private final class Steps extends Event {
        private final Simulation simulation;

        Steps(Simulation simulation, String name) {
            super(simulation, name);
            this.simulation = simulation;
        }

        @Override
        protected void fire() {
            inStep = true;
            step(simulation.nowPicos());
            long horizonPicos = simulation.horizonPicos();
            long nextPicos = nextPicos();
            while (nextPicos < horizonPicos) {
                simulation.advanceTo(nextPicos);
                if (step(nextPicos)) {
                    horizonPicos = simulation.horizonPicos();
                }
                nextPicos = nextPicos();
            }
            inStep = false;
            if (nextPicos != NEVER) {
                at(nextPicos);
            }
        }
    }
}
