package flyby.vfio;

import flyby.posix.EventFd;
import flyby.vfio.layout.DeviceMessages;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The interrupts of a function, told by eventfds: MSI-X if the client listens to that, else MSI, else INTx.
///
/// A message is told when a vector becomes asserted, or later if nobody listens yet and it still is. INTx is a
/// level, which is told once and then masked until the client unmasks it: VFIO calls it automasked.
final class Interrupts {
    private final boolean[] asserted;
    private final boolean[] pending;
    /// By index, then by vector.
    private final @Nullable EventFd[][] listeners = new EventFd[DeviceMessages.INDEX_COUNT][];
    private final int[] listening = new int[DeviceMessages.INDEX_COUNT];
    private int assertedCount;
    private boolean isWireMasked;
    private boolean isWireDisabled;
    private long count;

    /// @param counts how many vectors each index of the protocol has
    Interrupts(int vectors, int[] counts) {
        asserted = new boolean[vectors];
        pending = new boolean[vectors];
        for (int i = 0; i < listeners.length; i++) {
            listeners[i] = new EventFd[counts[i]];
        }
    }

    /// How many vectors `index` has.
    int count(int index) {
        return listeners[index].length;
    }

    /// How many have been told.
    long told() {
        return count;
    }

    /// The device drives `vector`.
    void drive(int vector, boolean isAsserted) {
        if (asserted[vector] == isAsserted) {
            return;
        }
        asserted[vector] = isAsserted;
        assertedCount += isAsserted ? 1 : -1;
        pending[vector] = isAsserted;
        if (isAsserted) {
            tell(vector);
        }
    }

    private void tell(int vector) {
        if (listening[DeviceMessages.MSIX] > 0) {
            message(DeviceMessages.MSIX, vector);
        } else if (listening[DeviceMessages.MSI] > 0) {
            message(DeviceMessages.MSI, vector);
        } else {
            wire();
        }
    }

    /// If there are fewer vectors than the device has, the last ones share: *PCI Express Base Specification* 5.0,
    /// section 7.7.1.5 lets the device choose.
    private void message(int index, int vector) {
        int last = listeners[index].length - 1;
        EventFd listener = listeners[index][Math.min(vector, last)];
        if (listener != null) {
            pending[vector] = false;
            count++;
            listener.signal();
        }
    }

    private void wire() {
        if (listeners[DeviceMessages.INTX].length == 0) {
            return;
        }
        EventFd listener = listeners[DeviceMessages.INTX][0];
        if (listener != null && assertedCount > 0 && !isWireMasked && !isWireDisabled) {
            isWireMasked = true;
            count++;
            listener.signal();
        }
    }

    /// The client listens to vector `vector` of `index` by `listener` from now on, or no longer.
    ///
    /// @param listener taken over
    void listen(int index, int vector, @Nullable EventFd listener) {
        EventFd old = listeners[index][vector];
        if (old != null) {
            old.close();
            listening[index]--;
        }
        listeners[index][vector] = listener;
        if (listener == null) {
            return;
        }
        listening[index]++;
        if (index == DeviceMessages.INTX) {
            isWireMasked = false;
            wire();
        } else if (vector < pending.length && pending[vector]) {
            tell(vector);
        }
    }

    /// The client listens to nothing of `index` any more.
    void forget(int index) {
        for (int i = 0; i < listeners[index].length; i++) {
            listen(index, i, null);
        }
        if (index == DeviceMessages.INTX) {
            isWireMasked = false;
        }
    }

    /// The client masks the wire, or unmasks it.
    void maskWire(boolean isMasked) {
        isWireMasked = isMasked;
        if (!isMasked) {
            wire();
        }
    }

    /// Software has set or cleared Interrupt Disable.
    void disableWire(boolean isDisabled) {
        isWireDisabled = isDisabled;
        wire();
    }

    /// The client has an interrupt made, whatever the device does.
    void trigger(int index, int vector) {
        EventFd listener = listeners[index][vector];
        if (listener != null) {
            count++;
            listener.signal();
        }
    }

    /// After a reset the device asserts nothing.
    void reset() {
        Arrays.fill(asserted, false);
        Arrays.fill(pending, false);
        assertedCount = 0;
        isWireDisabled = false;
    }

    /// Nobody listens any more.
    void close() {
        for (int index = 0; index < listeners.length; index++) {
            forget(index);
        }
        reset();
    }
}
