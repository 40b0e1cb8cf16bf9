package flyby.kernel;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.sim.Alarm;
import flyby.sim.Time;
import java.util.function.BooleanSupplier;

/// The kernel that drivers of one CPU see.
public final class Kernel {
    private final Cpu cpu;
    private final KernelMemory memory;
    private final KernelLog log;
    private final Interrupts interrupts = new Interrupts(this);
    private final Softirqs softirqs = new Softirqs(this);

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

    /// Who handles interrupts.
    public Interrupts interrupts() {
        return interrupts;
    }

    Softirqs softirqs() {
        return softirqs;
    }

    /// A timer, whose `action` runs as an interrupt handler does. `timer_setup`.
    public Alarm timer(String name, Runnable action) {
        return cpu.timer(name, () -> {
            action.run();
            softirqs.interruptEnds();
        });
    }

    /// Lets at least `picos` pass while others run. Not from a handler. `usleep_range`, `msleep`.
    public void sleep(long picos) {
        cpu.await(new Completion("the end of a sleep"), picos);
    }

    /// How often the kernel looks at things that nothing tells it of: `HZ` is 1000.
    long tickPicos() {
        return Time.MILLISECOND;
    }

    /// Looks every `delayPicos` whether `condition` holds, for at most `timeoutPicos`; busy, so also from a handler.
    /// `read_poll_timeout_atomic`.
    ///
    /// @return 0, or -ETIMEDOUT
    public int poll(BooleanSupplier condition, long delayPicos, long timeoutPicos) {
        long end = cpu.nowPicos() + timeoutPicos;
        while (!condition.getAsBoolean()) {
            if (cpu.nowPicos() > end) {
                return condition.getAsBoolean() ? 0 : -Errno.ETIMEDOUT;
            }
            cpu.delay(delayPicos);
        }
        return 0;
    }

    /// Something is wrong with the driver. `WARN`.
    public void warn(String format, Object... arguments) {
        log.warn(cpu.nowPicos(), format, arguments);
    }
}
