package flyby.driver;

import static flyby.dma.Direction.FROM_DEVICE;
import static flyby.dma.Direction.TO_DEVICE;
import static flyby.i8237.layout.I8237Registers.COMMAND;
import static flyby.i8237.layout.I8237Registers.COMMAND_ADDRESS_HOLD;
import static flyby.i8237.layout.I8237Registers.COMMAND_MEMORY_TO_MEMORY;
import static flyby.i8237.layout.I8237Registers.MODE_SERVICE;
import static flyby.i8237.layout.I8237Registers.MODE_TYPE;
import static flyby.i8237.layout.I8237Registers.REQUEST;
import static flyby.i8237.layout.I8237Registers.SELECT_CHANNEL;
import static flyby.i8237.layout.I8237Registers.SELECT_SET;
import static flyby.i8237.layout.I8237Registers.SERVICE_BLOCK;
import static flyby.i8237.layout.I8237Registers.STATUS;
import static flyby.i8237.layout.I8237Registers.STATUS_TC;
import static flyby.i8237.layout.I8237Registers.TYPE_READ;
import static flyby.i8237.layout.I8237Registers.TYPE_WRITE;

import flyby.base.Check;
import flyby.bus.Cpu;
import flyby.dma.Dma;
import flyby.isa.layout.IsaDmaPorts;
import flyby.kernel.Kernel;

/// Copies memory to memory with an 8237A: channel 0 reads into the temporary register, channel 1 writes out of it.
///
/// It is for boards that refresh by other means: on PC and XT channel 0 refreshes memory, and a copy would stop
/// that for as long as it takes, and reprogram it.
public final class MemoryCopyDriver {
    private static final int SOURCE = 0;
    private static final int DESTINATION = 1;

    /// Whose page register an AT uses when no channel has its DACK; an XT uses that of channel 1.
    private static final int NO_CHANNEL = 4;

    /// The mask of channel 1 in [flyby.i8237.layout.I8237Registers#STATUS_TC].
    private static final int DESTINATION_TC = 1 << DESTINATION;

    private final Cpu cpu;
    private final Dma dma;
    private final boolean refreshes;
    private final IsaDmaChannel source;
    private final IsaDmaChannel destination;

    /// @param dma of the 8237A: 24 bits of an address
    /// @param refreshes whether channel 0 refreshes memory on this board
    public MemoryCopyDriver(Kernel kernel, Dma dma, boolean refreshes) {
        this.cpu = kernel.cpu();
        this.dma = dma;
        this.refreshes = refreshes;
        this.source = new IsaDmaChannel(cpu, SOURCE);
        this.destination = new IsaDmaChannel(cpu, DESTINATION);
    }

    /// Copies `byteCount` bytes, 1 to 65,536, from `from` to `to`. Neither range may cross a multiple of 64 KiB,
    /// and both must lie in the same 64 KiB: no DACK tells the page registers which of the two channels has the
    /// bus.
    ///
    /// @return false if channel 0 refreshes memory, as Linux's -EBUSY, or the memory cannot be mapped; then nothing
    /// was done
    public boolean copy(long from, long to, int byteCount) {
        source.checkReach(from, byteCount);
        return run(from, byteCount, to, byteCount, COMMAND_MEMORY_TO_MEMORY.mask());
    }

    /// Copies the byte at `from` to each of the `byteCount` bytes at `to`: channel 0 holds its address. As [#copy]
    /// otherwise.
    public boolean fill(long from, long to, int byteCount) {
        return run(from, 1, to, byteCount, COMMAND_MEMORY_TO_MEMORY.mask() | COMMAND_ADDRESS_HOLD.mask());
    }

    private boolean run(long from, int sourceBytes, long to, int byteCount, long command) {
        destination.checkReach(to, byteCount);
        Check.that(from >>> 16 == to >>> 16, "from 0x%x to 0x%x", from, to);
        if (refreshes) {
            return false;
        }
        long sourceAddress = dma.mapSingle(from, sourceBytes, TO_DEVICE);
        if (dma.mappingError(sourceAddress) != 0) {
            return false;
        }
        long destinationAddress = dma.mapSingle(to, byteCount, FROM_DEVICE);
        if (dma.mappingError(destinationAddress) != 0) {
            dma.unmapSingle(sourceAddress, sourceBytes, TO_DEVICE);
            return false;
        }
        cpu.beginTransfer(byteCount);
        cpu.outb((int) command, IsaDmaPorts.port(SOURCE, COMMAND));
        source.clearFlipFlop();
        program(source, TYPE_READ, sourceAddress, byteCount);
        program(destination, TYPE_WRITE, destinationAddress, byteCount);
        cpu.outb((int) (to >>> 16), IsaDmaPorts.page(NO_CHANNEL));

        // No DREQ comes from anywhere: software asks.
        cpu.outb((int) (SELECT_CHANNEL.to(SOURCE) | SELECT_SET.mask()), IsaDmaPorts.port(SOURCE, REQUEST));
        while ((STATUS_TC.of(cpu.inb(IsaDmaPorts.port(SOURCE, STATUS))) & DESTINATION_TC) == 0) {
            // The CPU has no bus to look again until the block is through.
        }
        cpu.outb(0, IsaDmaPorts.port(SOURCE, COMMAND));
        dma.unmapSingle(sourceAddress, sourceBytes, TO_DEVICE);
        dma.unmapSingle(destinationAddress, byteCount, FROM_DEVICE);
        cpu.endTransfer();
        return true;
    }

    private static void program(IsaDmaChannel channel, int type, long address, int byteCount) {
        channel.disable();
        channel.setMode(MODE_SERVICE.to(SERVICE_BLOCK) | MODE_TYPE.to(type));
        channel.setAddress(address);
        channel.setCount(byteCount);
    }
}
