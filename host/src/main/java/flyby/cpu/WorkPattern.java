package flyby.cpu;

import flyby.base.Check;

/// The other work of a CPU: units that each use the bus for some cycles and then compute without it.
///
/// @param busCycles bus cycles at the start of a unit, 0 or more
/// @param internalClocks clocks without the bus after them, 0 or more
public record WorkPattern(int busCycles, int internalClocks) {
    /// No other work: the CPU halts while the driver waits.
    public static final WorkPattern NONE = new WorkPattern(0, 0);

    public WorkPattern {
        Check.that(busCycles >= 0 && internalClocks >= 0, "a unit of %d + %d", busCycles, internalClocks);
    }

    public boolean isNone() {
        return busCycles == 0 && internalClocks == 0;
    }

    /// How many clocks a unit takes on an idle machine.
    public long unitClocks(int busCycleClocks) {
        return (long) busCycles * busCycleClocks + internalClocks;
    }
}
