package flyby.driver;

import static flyby.i8237.layout.I8237Registers.COMMAND;
import static flyby.i8237.layout.I8237Registers.MASTER_CLEAR;
import static flyby.i8237.layout.I8237Registers.MODE;
import static flyby.i8237.layout.I8237Registers.MODE_AUTOINITIALIZE;
import static flyby.i8237.layout.I8237Registers.MODE_SERVICE;
import static flyby.i8237.layout.I8237Registers.MODE_TYPE;
import static flyby.i8237.layout.I8237Registers.SERVICE_CASCADE;
import static flyby.i8237.layout.I8237Registers.SERVICE_SINGLE;
import static flyby.i8237.layout.I8237Registers.SINGLE_MASK;
import static flyby.i8237.layout.I8237Registers.TRANSFERS_MAX;
import static flyby.i8237.layout.I8237Registers.TYPE_READ;
import static flyby.isa.layout.TimerPorts.BYTES_LOW;
import static flyby.isa.layout.TimerPorts.CONTROL;
import static flyby.isa.layout.TimerPorts.CONTROL_BYTES;
import static flyby.isa.layout.TimerPorts.CONTROL_MODE;
import static flyby.isa.layout.TimerPorts.CONTROL_SELECT;
import static flyby.isa.layout.TimerPorts.FIRST;
import static flyby.isa.layout.TimerPorts.MODE_RATE_GENERATOR;
import static flyby.isa.layout.TimerPorts.REFRESH;

import flyby.bus.Cpu;
import flyby.isa.layout.IsaDmaPorts;

/// What a PC's BIOS does to DMA and refresh at power-on, before any driver runs. PC/XT Technical Reference,
/// appendix A, "8237 DMA initialization" and "start memory refresh".
public final class PcBios {
    /// Counts of the timer's clock from one refresh to the next.
    private static final int REFRESH_COUNTS = 18;

    private final Cpu cpu;
    private final long command;

    /// @param command COMMAND of each controller, 0 in IBM's BIOS
    public PcBios(Cpu cpu, long command) {
        this.cpu = cpu;
        this.command = command;
    }

    /// Sets up the controller of channels 0 to 3.
    public void startDma() {
        cpu.outb(0, IsaDmaPorts.port(0, MASTER_CLEAR));
        cpu.outb((int) command, IsaDmaPorts.port(0, COMMAND));
    }

    /// Sets up the controller of channels 4 to 7, through whose channel 4 the others pass. On the AT.
    public void startCascade() {
        cpu.outb(0, IsaDmaPorts.port(4, MASTER_CLEAR));
        cpu.outb((int) command, IsaDmaPorts.port(4, COMMAND));
        cpu.outb((int) MODE_SERVICE.to(SERVICE_CASCADE), IsaDmaPorts.port(4, MODE));
        cpu.outb(0, IsaDmaPorts.port(4, SINGLE_MASK));
    }

    /// Starts refresh: a dummy read of channel 0 whenever the timer asks. On PC and XT.
    public void startRefresh() {
        cpu.outb(
                (int) (CONTROL_SELECT.to(REFRESH - FIRST)
                        | CONTROL_BYTES.to(BYTES_LOW)
                        | CONTROL_MODE.to(MODE_RATE_GENERATOR)),
                CONTROL);
        cpu.outb(REFRESH_COUNTS, REFRESH);

        IsaDmaChannel channel = new IsaDmaChannel(cpu, 0);
        channel.setCount(TRANSFERS_MAX);
        channel.setMode(MODE_SERVICE.to(SERVICE_SINGLE) | MODE_AUTOINITIALIZE.mask() | MODE_TYPE.to(TYPE_READ));
        channel.enable();
    }
}
