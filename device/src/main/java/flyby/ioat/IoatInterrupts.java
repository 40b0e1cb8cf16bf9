package flyby.ioat;

import static flyby.ioat.layout.IoatRegisters.INTERRUPT_BOTH;
import static flyby.ioat.layout.IoatRegisters.INTERRUPT_MASTER;
import static flyby.ioat.layout.IoatRegisters.INTERRUPT_STATUS;
import static flyby.ioat.layout.IoatRegisters.INTERRUPT_VECTORS;

import flyby.bus.DeviceHost;

/// Which channels interrupt, by which vector.
///
/// A channel that has interrupted is disabled until software rearms it. What is due meanwhile is not lost: the
/// datasheet
/// speaks of another interrupt that is pending for the channel when it is rearmed (section 14.5, CHMSIPEND).
final class IoatInterrupts {
    private static final long CONTROL_BITS = INTERRUPT_MASTER.mask() | INTERRUPT_VECTORS.mask();

    private final DeviceHost host;
    private final boolean[] isDisabled;
    private final boolean[] isDue;
    private long control;
    private long attention;

    IoatInterrupts(DeviceHost host, int channels) {
        this.host = host;
        isDisabled = new boolean[channels];
        isDue = new boolean[channels];
    }

    void reset() {
        control = 0;
        attention = 0;
        for (int i = 0; i < isDisabled.length; i++) {
            reset(i);
        }
    }

    void reset(int channel) {
        isDisabled[channel] = false;
        isDue[channel] = false;
        attention &= ~(1L << channel);
        drive();
    }

    void raise(int channel) {
        if (isDisabled[channel]) {
            isDue[channel] = true;
            return;
        }
        isDisabled[channel] = true;
        attention |= 1L << channel;
        drive();
    }

    boolean isDisabled(int channel) {
        return isDisabled[channel];
    }

    void rearm(int channel) {
        isDisabled[channel] = false;
        drive();
        if (isDue[channel]) {
            isDue[channel] = false;
            raise(channel);
        }
    }

    /// Register INTRCTRL.
    long control() {
        long isAttention = attention == 0 ? 0 : 1;
        return control
                | INTERRUPT_STATUS.to(isAttention)
                | INTERRUPT_BOTH.to(INTERRUPT_MASTER.isSet(control) ? isAttention : 0);
    }

    void setControl(long value) {
        control = value & CONTROL_BITS;
        drive();
    }

    /// Register ATTNSTATUS is read.
    long takeAttention() {
        long taken = attention;
        attention = 0;
        drive();
        return taken;
    }

    private void drive() {
        boolean isOn = INTERRUPT_MASTER.isSet(control);
        boolean isByVector = INTERRUPT_VECTORS.isSet(control);
        for (int i = 0; i < isDisabled.length; i++) {
            boolean isShared = i == 0 && !isByVector && attention != 0;
            host.interrupt(i, isOn && (isShared || (isByVector && isDisabled[i])));
        }
    }
}
