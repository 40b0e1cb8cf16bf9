package flyby.trial;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.choice.Decisions;
import flyby.choice.Decisions.Point;
import flyby.dma.DmaFaults;
import flyby.fault.FaultPlan;
import flyby.fault.Faults;
import java.util.function.Function;

/// What goes wrong in a run, as somebody decides it: which map or allocation fails, and when a card is pulled out.
final class Mishaps {
    /// A device is accessed, and accesses memory, that often in a short run.
    private static final int ACCESSES = 300;

    /// So many times it is asked whether a card is pulled out, so that it is in many runs.
    private static final int QUESTIONS = 4;

    private final Decisions decisions;
    private final boolean callsFail;
    private final boolean isRemoved;

    Mishaps(Decisions decisions, boolean callsFail, boolean isRemoved) {
        this.decisions = decisions;
        this.callsFail = callsFail;
        this.isRemoved = isRemoved;
    }

    /// Has some calls for a device fail.
    void arm(DmaFaults faults) {
        if (callsFail) {
            faults.decide(decisions);
        }
    }

    /// Has the first card pulled out at some time.
    Function<DeviceHost, Device> around(String function, Function<DeviceHost, Device> maker) {
        if (!isRemoved || !function.equals(HostileMachine.functionOf(0))) {
            return maker;
        }
        long accesses = 0;
        for (int i = 0; i < QUESTIONS && accesses == 0; i++) {
            accesses = decisions.below(Point.FAULT, ACCESSES);
        }
        if (accesses == 0) {
            return maker;
        }
        String rule = "remove device after " + accesses;
        return new Faults(function, FaultPlan.parse("removal", rule)).around(maker);
    }
}
