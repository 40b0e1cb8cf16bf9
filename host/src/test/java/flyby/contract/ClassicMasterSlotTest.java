package flyby.contract;

import flyby.bus.DeviceHost;
import flyby.classic.AddressMap;
import flyby.classic.BusTiming;
import flyby.classic.ClassicBus;

/// A slot for masters that run their own cycles, used as any other.
final class ClassicMasterSlotTest extends DeviceHostContract {
    @Override
    DeviceHost host() {
        ClassicBus bus = new ClassicBus(
                simulation,
                new BusTiming(1_000, 2, 4, 4, 1, 1),
                new AddressMap(memory, NOWHERE),
                (line, asserted) -> interrupts.add(line + " " + asserted));
        bus.cpuIdleUntil(Long.MAX_VALUE);
        return bus.masterSlot("slot", 0);
    }
}
