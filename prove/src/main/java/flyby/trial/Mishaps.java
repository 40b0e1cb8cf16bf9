package flyby.trial;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.dma.DmaFaults;
import flyby.fault.FaultPlan;
import flyby.fault.Faults;
import flyby.sim.Prng;
import java.util.function.Function;

/// What goes wrong in a run, drawn from its seed: which map or allocation fails, and when a card is pulled out.
final class Mishaps {
    /// A driver makes that many calls of one kind before it is set up, more or less.
    private static final int FIRST_CALLS = 8;

    /// One in so many calls fails, at most and at least.
    private static final int OFTEN = 3;

    private static final int SELDOM = 20;

    /// A device is accessed, and accesses memory, that often in a short run.
    private static final int ACCESSES = 300;

    private final Prng prng;
    private final boolean callsFail;
    private final boolean isRemoved;

    Mishaps(Prng prng, boolean callsFail, boolean isRemoved) {
        this.prng = prng;
        this.callsFail = callsFail;
        this.isRemoved = isRemoved;
    }

    /// Has some calls for a device fail: one, of one kind, or some of any.
    void arm(DmaFaults faults) {
        if (!callsFail) {
            return;
        }
        switch ((int) prng.below(4)) {
            case 0 -> faults.failSome(prng.child("faults"), OFTEN + (int) prng.below(SELDOM - OFTEN));
            case 1 -> faults.fail(DmaFaults.Point.ALLOC, 1 + prng.below(FIRST_CALLS));
            default -> faults.fail(DmaFaults.Point.MAP, 1 + prng.below(2 * FIRST_CALLS));
        }
    }

    /// Has the first card pulled out at some time.
    Function<DeviceHost, Device> around(String function, Function<DeviceHost, Device> maker) {
        if (!isRemoved || !function.equals(HostileMachine.functionOf(0))) {
            return maker;
        }
        String rule = "remove device after " + prng.below(ACCESSES);
        return new Faults(function, FaultPlan.parse("removal", rule)).around(maker);
    }
}
