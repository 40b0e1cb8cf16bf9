package flyby.function;

import flyby.bus.InterruptSink;
import flyby.sim.DelayLine;
import flyby.sim.Simulation;

/// The four INTx wires of an endpoint, each asserted while any of its functions asserts it: section 6.1.1.
///
/// Wires beside the packets, not messages among them: an edge takes a fixed time, whatever the links hold, so that
/// a driver which does not read a register before it trusts memory sees the bytes of before.
final class IntxWires {
    private static final int PINS = 4;

    /// An edge on its way.
    private enum Edge {
        RISING,
        FALLING
    }

    private final InterruptSink sink;
    private final long delayPicos;
    private final int[] assertedCount = new int[PINS];
    private final DelayLine<Edge>[] lines;

    @SuppressWarnings({"unchecked", "rawtypes"}) // There are no arrays of generic types.
    IntxWires(Simulation simulation, String name, InterruptSink sink, long delayPicos) {
        this.sink = sink;
        this.delayPicos = delayPicos;
        lines = new DelayLine[PINS];
        for (int i = 0; i < PINS; i++) {
            int pin = i;
            lines[i] = new DelayLine<>(
                    simulation, name + " INT" + (char) ('A' + i), edge -> sink.interrupt(pin, edge == Edge.RISING));
        }
    }

    /// A function changes its mind about `pin`, 0 for INTA.
    void drive(int pin, boolean asserted) {
        boolean before = assertedCount[pin] > 0;
        assertedCount[pin] += asserted ? 1 : -1;
        if (before == assertedCount[pin] > 0) {
            return;
        }
        if (delayPicos == 0) {
            sink.interrupt(pin, asserted);
        } else {
            lines[pin].add(asserted ? Edge.RISING : Edge.FALLING, delayPicos);
        }
    }
}
