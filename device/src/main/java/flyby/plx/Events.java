package flyby.plx;

import static flyby.plx.layout.PlxRegisters.INTERRUPT_ABORT_DONE;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_DONE;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_ERROR;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_IMMEDIATE_PAUSE_DONE;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_INVALID;
import static flyby.plx.layout.PlxRegisters.INTERRUPT_PAUSE_DONE;

import flyby.bus.DeviceHost;

/// What has happened, and whether that interrupts.
///
/// The driver reads the status and writes what it has read to clear it. An event of the same kind between the two would
/// be lost if that cleared it; what the hardware does is not known. Here what nobody has read is not cleared, and
/// interrupts anew.
final class Events {
    private static final long ENABLES = INTERRUPT_ERROR.mask()
            | INTERRUPT_INVALID.mask()
            | INTERRUPT_ABORT_DONE.mask()
            | INTERRUPT_PAUSE_DONE.mask()
            | INTERRUPT_IMMEDIATE_PAUSE_DONE.mask();

    private final DeviceHost host;
    private final int vector;
    private long enabled;
    private long status;
    /// Those of `status` that have come since it was read.
    private long unseen;

    Events(DeviceHost host, int vector) {
        this.host = host;
        this.vector = vector;
    }

    void reset() {
        enabled = 0;
        status = 0;
        unseen = 0;
        drive();
    }

    void happened(long bits) {
        status |= bits;
        unseen |= bits;
        drive();
    }

    long enabled() {
        return enabled;
    }

    void enable(long bits) {
        enabled = bits & ENABLES;
        drive();
    }

    long read() {
        unseen = 0;
        return status;
    }

    void clear(long bits) {
        status &= ~bits | unseen;
        // A message is an edge: taken back, and given anew if there is more.
        host.interrupt(vector, false);
        drive();
    }

    private void drive() {
        host.interrupt(vector, (status & (enabled | INTERRUPT_DONE.mask())) != 0);
    }
}
