package flyby.root;

import flyby.bus.InterruptSink;

/// INTA to INTD, 0 to 3, of everything below a bridge: levels that are asserted as long as anybody asserts them,
/// section 2.2.8.1.
///
/// They are wires and no packets: an interrupt here does not wait for the data before it.
final class IntxWires {
    private static final int PINS = 4;

    private final InterruptSink above;
    private final int[] asserting = new int[PINS];

    IntxWires(InterruptSink above) {
        this.above = above;
    }

    /// The wires of device `device` of the bus below: pins are swizzled, table 2-22.
    InterruptSink input(int device) {
        boolean[] levels = new boolean[PINS];
        return (pin, asserted) -> {
            if (levels[pin] != asserted) {
                levels[pin] = asserted;
                change((pin + device) % PINS, asserted ? 1 : -1);
            }
        };
    }

    private void change(int pin, int by) {
        boolean before = asserting[pin] > 0;
        asserting[pin] += by;
        boolean after = asserting[pin] > 0;
        if (before != after) {
            above.interrupt(pin, after);
        }
    }
}
