package flyby.kernel;

/// Polling instead of an interrupt for each packet: the handler switches the device's interrupt off and calls
/// [#schedule]; the poll function works until there is nothing left, calls [#completeDone], and switches the
/// interrupt on again if that says so. `struct napi_struct`, `Documentation/networking/napi.rst`.
public final class Napi {
    /// How many packets one call may handle unless the driver says otherwise. `NAPI_POLL_WEIGHT`.
    public static final int WEIGHT = 64;

    /// Does a driver's work.
    @FunctionalInterface
    public interface Poll {
        /// Handles at most `budget` packets; if fewer, has called [Napi#completeDone] with their number.
        ///
        /// @return how many it handled
        int poll(int budget);
    }

    private final Kernel kernel;
    private final String name;
    private final int weight;
    private final Poll poll;
    private boolean isScheduled;
    /// Asked for while scheduled: something may have come after the poll function looked.
    private boolean isMissed;

    private boolean isEnabled;

    /// Disabled until [#enable]. `netif_napi_add_weight`.
    public Napi(Kernel kernel, String name, int weight, Poll poll) {
        this.kernel = kernel;
        this.name = name;
        this.weight = weight;
        this.poll = poll;
    }

    /// `napi_enable`.
    public void enable() {
        isEnabled = true;
    }

    /// No poll runs when this returns, and none begins. `napi_disable`.
    public void disable() {
        isEnabled = false;
        while (isScheduled) {
            kernel.sleep(kernel.tickPicos());
        }
    }

    /// Has the poll function called soon. `napi_schedule`.
    ///
    /// @return false if that was so already, or polling is disabled
    public boolean schedule() {
        if (!isEnabled) {
            return false;
        }
        if (isScheduled) {
            isMissed = true;
            return false;
        }
        isScheduled = true;
        kernel.softirqs().raise(this::run);
        return true;
    }

    /// The poll function has done all there was, `work` packets. `napi_complete_done`.
    ///
    /// @return whether the device's interrupt is to be switched on: false if the poll function is called
    /// again, since somebody asked for it meanwhile
    public boolean completeDone(int work) {
        isScheduled = false;
        if (isMissed) {
            isMissed = false;
            schedule();
            return false;
        }
        return true;
    }

    private void run() {
        if (!isEnabled) {
            isScheduled = false;
            return;
        }
        int work = poll.poll(weight);
        if (work > weight) {
            kernel.warn(
                    "netif_napi_add() poll function of %s returned %d, exceeding its budget of %d.",
                    name, work, weight);
        }
        if (work >= weight) {
            kernel.softirqs().raise(this::run);
        }
    }
}
