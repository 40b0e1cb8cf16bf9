package flyby.split;

import flyby.sim.Event;
import flyby.sim.Simulation;
import java.util.function.LongConsumer;

/// Each step is an event of its own.
final class PlainChannels extends Channels {
    // Created one after the other: their ranks are the order within one instant.
    private final Step responseEnd;
    private final Step request;
    private final Step writeReady;
    private final Step readReady;
    private boolean inStep;

    PlainChannels(Simulation simulation, String name, SplitBus.Timing timing, MemoryTarget memory) {
        super(simulation, name, timing, memory);
        responseEnd = new Step(simulation, name + " response", this::endResponse);
        request = new Step(simulation, name + " request", this::request);
        writeReady = new Step(simulation, name + " write", this::writeReady);
        readReady = new Step(simulation, name + " read", this::readReady);
    }

    @Override
    void follow() {
        if (!inStep) {
            responseEnd.due(responseEndPicos);
            request.due(requestPicos);
            writeReady.due(writeReadyPicos);
            readReady.due(readReadyPicos);
        }
    }

    private final class Step extends Event {
        private final Simulation simulation;
        private final LongConsumer action;

        Step(Simulation simulation, String name, LongConsumer action) {
            super(simulation, name);
            this.simulation = simulation;
            this.action = action;
        }

        void due(long timePicos) {
            if (timePicos == NEVER) {
                cancel();
            } else {
                at(timePicos);
            }
        }

        @Override
        protected void fire() {
            inStep = true;
            action.accept(simulation.nowPicos());
            inStep = false;
            follow();
        }
    }
}
