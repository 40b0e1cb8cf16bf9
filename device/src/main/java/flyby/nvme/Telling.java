package flyby.nvme;

import flyby.bus.DeviceHost;
import flyby.trace.Trace;

/// What the controller tells the trace: doorbells and completions, when its medium is at work, and on what a transfer
/// spends its time.
final class Telling {
    private final DeviceHost host;
    private final Trace trace;
    private final int queues;
    private final int medium;
    private final int doorbellName;
    private final int completionsName;
    private final int busyName;
    private final int controllerPhase;
    private final int mediumPhase;
    private boolean isMediumBusy;

    Telling(DeviceHost host, String name) {
        this.host = host;
        trace = host.trace();
        queues = trace.track(name, "queues");
        medium = trace.track(name, "medium");
        doorbellName = trace.name("doorbell");
        completionsName = trace.name("completions");
        busyName = trace.name("accesses");
        controllerPhase = trace.name("controller");
        mediumPhase = trace.name("medium");
    }

    private void phase(long transfer) {
        if (transfer != 0) {
            trace.phase(host.nowPicos(), transfer, isMediumBusy ? mediumPhase : controllerPhase);
        }
    }

    /// A doorbell was rung for `transfer`.
    void rung(long transfer) {
        if (trace.isOn()) {
            trace.instant(host.nowPicos(), queues, doorbellName, transfer, 0);
            phase(transfer);
        }
    }

    /// The host can see so many more completions.
    void posted(long transfer, int entries) {
        if (trace.isOn()) {
            trace.instant(host.nowPicos(), queues, completionsName, transfer, entries);
        }
    }

    void mediumIsBusy(long transfer) {
        isMediumBusy = true;
        if (trace.isOn()) {
            trace.begin(host.nowPicos(), medium, busyName, transfer, 0);
            phase(transfer);
        }
    }

    void mediumIsIdle(long transfer) {
        isMediumBusy = false;
        if (trace.isOn()) {
            trace.end(host.nowPicos(), medium);
            phase(transfer);
        }
    }
}
