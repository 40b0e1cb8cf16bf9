package flyby.machine;

import flyby.bus.Cpu;
import flyby.dmar.DmaSpace;
import flyby.dmar.IommuDomain;
import flyby.dmar.RemappingUnit;
import flyby.params.Settings;
import flyby.sim.Alarm;
import flyby.sim.Time;
import flyby.topology.HostCatalogue;
import org.jspecify.annotations.Nullable;

/// What an operating system does with the IOMMU of a [PcieMachine] before drivers map anything.
public final class IommuSetup {
    /// Tables for as much as a program of ours maps.
    private static final long TABLE_BYTES = 1 << 20;

    private static final int LEVELS = 4;
    private static final long POLL_PICOS = 100 * Time.NANOSECOND;

    private final String mode;
    private final int pageLevel;
    private final @Nullable RemappingUnit unit;

    /// Switches the IOMMU on, if `machine` is to use one. On the CPU that does it.
    public IommuSetup(PcieMachine machine, Cpu cpu) {
        Settings host = machine.description().machine().settings();
        mode = host.choice("iommu.mode");
        pageLevel = HostCatalogue.pageLevel(host);
        // The end of socket 0's memory is set aside.
        long tables = host.bytes("memory.size") - TABLE_BYTES;
        unit = mode.equals("off")
                ? null
                : new RemappingUnit(cpu, PcieMachine.IOMMU_REGISTERS, tables, TABLE_BYTES, LEVELS, POLL_PICOS);
    }

    /// The addresses that `device` uses from now on. Its interrupts are allowed, and go where they went.
    ///
    /// @param flushTimer fires when a lazy unmapping has waited for long enough: a CPU then calls [DmaSpace#flush]
    public DmaSpace attach(PcieMachine.Plugged device, Alarm flushTimer) {
        RemappingUnit on = unit;
        if (on == null) {
            return DmaSpace.passThrough();
        }
        int id = device.function().id();
        FunctionSetup.message(device, on.interrupts().allow(id, 0, device.vector()), 0);
        if (mode.equals("passthrough")) {
            on.passThrough(id);
            return DmaSpace.passThrough();
        }
        IommuDomain domain = on.domain(pageLevel);
        on.attach(id, domain, false);
        return mode.equals("lazy") ? DmaSpace.lazy(domain, flushTimer) : DmaSpace.strict(domain);
    }
}
