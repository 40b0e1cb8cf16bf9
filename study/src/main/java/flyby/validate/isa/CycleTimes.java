package flyby.validate.isa;

import flyby.base.Check;
import flyby.sim.Time;
import java.util.List;

/// What bus cycles of one kind come to.
///
/// @param clockPicos the clock to count in
record CycleTimes(List<BusLog.Cycle> cycles, long clockPicos) {
    CycleTimes {
        cycles = List.copyOf(cycles);
        Check.that(cycles.size() > 1, "%d bus cycles", cycles.size());
    }

    /// How long they are all together, in picoseconds.
    long picos() {
        return cycles.stream().mapToLong(BusLog.Cycle::picos).sum();
    }

    /// How long one is, in clocks, on average.
    double clocks() {
        return (double) picos() / cycles.size() / clockPicos;
    }

    /// How long one is, in microseconds, on average.
    double micros() {
        return (double) picos() / cycles.size() / Time.MICROSECOND;
    }

    /// From the begin of one to that of the next, in clocks, on average.
    double periodClocks() {
        return periodMicros() * Time.MICROSECOND / clockPicos;
    }

    /// From the begin of one to that of the next, in microseconds, on average.
    double periodMicros() {
        long span = cycles.getLast().beginPicos() - cycles.getFirst().beginPicos();
        return (double) span / (cycles.size() - 1) / Time.MICROSECOND;
    }

    /// The share of the time that they have the bus, in percent.
    double percent() {
        return 100 * micros() / periodMicros();
    }
}
