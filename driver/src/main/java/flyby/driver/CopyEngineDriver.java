package flyby.driver;

import static flyby.copy.layout.CopyEngineRegisters.CONTROL;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL_INTERRUPT;
import static flyby.copy.layout.CopyEngineRegisters.CONTROL_START;
import static flyby.copy.layout.CopyEngineRegisters.DST;
import static flyby.copy.layout.CopyEngineRegisters.LENGTH;
import static flyby.copy.layout.CopyEngineRegisters.SRC;
import static flyby.copy.layout.CopyEngineRegisters.STATUS;
import static flyby.copy.layout.CopyEngineRegisters.STATUS_END;
import static flyby.copy.layout.CopyEngineRegisters.STATUS_ERROR;
import static flyby.dma.Direction.FROM_DEVICE;
import static flyby.dma.Direction.TO_DEVICE;

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;

/// Copies memory to memory with a copy engine, wherever that is plugged in: map, program, go on,
/// be interrupted, unmap.
///
/// Address registers are written 32 bits at a time, and the default mask of 32 bits says so.
public final class CopyEngineDriver {
    private static final String NAME = "copy-engine";

    private final Kernel kernel;
    private final Cpu cpu;
    private final Dma dma;
    private final IoMemory registers;
    private final int line;
    private final long attributes;
    private final Completion done = new Completion("the copy engine's interrupt");
    private long outcome;

    /// @param line the engine's interrupt
    /// @param attributes of its mappings: [flyby.dma.Attributes#SKIP_CPU_SYNC] is the bug that a coherent machine
    ///     forgives
    public CopyEngineDriver(Kernel kernel, Dma dma, IoMemory registers, int line, long attributes) {
        this.kernel = kernel;
        this.cpu = kernel.cpu();
        this.dma = dma;
        this.registers = registers;
        this.line = line;
        this.attributes = attributes;
        kernel.interrupts().request(line, NAME, this::onInterrupt);
    }

    /// Copies `byteCount` bytes from the CPU's address `from` to `to`; the two do not overlap.
    ///
    /// @return 0, -ENOMEM if the memory cannot be mapped, or -EIO if the engine reported an error
    public int copy(long from, long to, int byteCount) {
        cpu.beginTransfer(byteCount);
        int error = mapAndMove(from, to, byteCount);
        cpu.endTransfer();
        return error;
    }

    private int mapAndMove(long from, long to, int byteCount) {
        long source = dma.mapSingle(from, byteCount, TO_DEVICE, attributes);
        if (dma.mappingError(source) != 0) {
            return -Errno.ENOMEM;
        }
        long destination = dma.mapSingle(to, byteCount, FROM_DEVICE, attributes);
        if (dma.mappingError(destination) != 0) {
            dma.unmapSingle(source, byteCount, TO_DEVICE, attributes);
            return -Errno.ENOMEM;
        }
        int moved = move(source, destination, byteCount);
        dma.unmapSingle(source, byteCount, TO_DEVICE, attributes);
        dma.unmapSingle(destination, byteCount, FROM_DEVICE, attributes);
        return moved;
    }

    /// Copies between memory that the device has already: mapped for longer, or coherent. Syncing is the caller's.
    ///
    /// @param source the device's address, as the DMA API gave it; `destination` too
    /// @return 0, or -EIO if the engine reported an error
    public int move(long source, long destination, int byteCount) {
        done.reset();
        registers.write32(SRC, source);
        registers.write32(DST, destination);
        registers.write32(LENGTH, byteCount);
        registers.write32(CONTROL, CONTROL_START.mask() | CONTROL_INTERRUPT.mask());

        cpu.await(done);
        return STATUS_ERROR.isSet(outcome) ? -Errno.EIO : 0;
    }

    /// Gives the interrupt back.
    public void remove() {
        registers.write32(CONTROL, 0);
        kernel.interrupts().free(line, NAME);
    }

    /// The read brings the engine's writes with it, should they still be on their way (PCI Express, section 2.4.1).
    private Result onInterrupt() {
        outcome = registers.read32(STATUS);
        if (!STATUS_END.isSet(outcome) && !STATUS_ERROR.isSet(outcome)) {
            return Result.NONE;
        }
        registers.write32(STATUS, STATUS_END.mask() | STATUS_ERROR.mask());
        done.complete();
        return Result.HANDLED;
    }
}
