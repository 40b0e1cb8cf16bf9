package flyby.contract;

import flyby.bus.DeviceHost;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;

/// A slot of the classic bus as a host.
final class ClassicSlotTest extends DeviceHostContract {
    @Override
    DeviceHost host() {
        ClassicBus bus = new ClassicBus(
                simulation,
                new BusTiming(1_000, 2, 4, 4, 1, 1),
                new AddressMap(memory, NOWHERE),
                (line, asserted) -> interrupts.add(line + " " + asserted));
        bus.cpuIdleUntil(Long.MAX_VALUE);
        return bus.slot("slot", 0);
    }
}
