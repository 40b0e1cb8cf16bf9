package flyby.kernel;

import flyby.bus.Cpu;

/// The kernel that drivers of one CPU see.
public final class Kernel {
    private final Cpu cpu;
    private final KernelMemory memory;
    private final KernelLog log;

    public Kernel(Cpu cpu, KernelMemory memory, KernelLog log) {
        this.cpu = cpu;
        this.memory = memory;
        this.log = log;
    }

    /// The CPU that runs the driver.
    public Cpu cpu() {
        return cpu;
    }

    public KernelMemory memory() {
        return memory;
    }

    public KernelLog log() {
        return log;
    }

    /// Something is wrong with the driver. `WARN`.
    public void warn(String format, Object... arguments) {
        log.warn(cpu.nowPicos(), format, arguments);
    }
}
