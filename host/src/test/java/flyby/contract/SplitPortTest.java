package flyby.contract;

import flyby.bus.DeviceHost;
import flyby.split.SplitBus;

/// A port of the split-transaction bus as a host.
final class SplitPortTest extends DeviceHostContract {
    @Override
    DeviceHost host() {
        SplitBus bus = new SplitBus(simulation, "bus", SplitBus.Timing.PEER, memory, NOWHERE, SplitBus.Mode.RUN_AHEAD);
        return bus.attach("port", (vector, asserted) -> interrupts.add(vector + " " + asserted));
    }
}
