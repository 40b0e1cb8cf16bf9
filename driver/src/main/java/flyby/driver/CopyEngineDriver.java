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

import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dmar.DmaSpace;

/// Copies memory to memory with a copy engine, wherever that is plugged in: map, program, go on,
/// be interrupted, unmap.
///
/// Source and destination lie below 4 GiB, as registers are written 32 bits at a time.
public final class CopyEngineDriver {
    private final Cpu cpu;
    private final long registers;
    private final DmaStreamDriver.CacheCare care;
    private final DmaSpace space;
    private final Completion done = new Completion("the copy engine's interrupt");
    private long outcome;

    /// @param registers physical address of the engine's registers
    /// @param line its interrupt
    /// @param care whether devices and caches have to be kept in step by the driver
    /// @param space what the engine may reach, and by which addresses
    public CopyEngineDriver(Cpu cpu, long registers, int line, DmaStreamDriver.CacheCare care, DmaSpace space) {
        this.cpu = cpu;
        this.registers = registers;
        this.care = care;
        this.space = space;
        cpu.requestInterrupt(line, this::onInterrupt);
    }

    /// Copies `byteCount` bytes from the physical address `from` to `to`; the two do not overlap.
    ///
    /// @return false if the engine reported an error, as Linux's -EIO
    public boolean copy(long from, long to, int byteCount) {
        cpu.beginTransfer(byteCount);
        if (care == DmaStreamDriver.CacheCare.RIGHT) {
            // The engine reads memory, and no dirty line may be written back over what it writes there.
            cpu.cleanCache(from, byteCount);
            cpu.cleanAndInvalidateCache(to, byteCount);
        }
        long source = space.map(from, byteCount, true, false);
        long destination = space.map(to, byteCount, false, true);
        done.reset();
        cpu.mmioWrite32(registers + SRC, source);
        cpu.mmioWrite32(registers + DST, destination);
        cpu.mmioWrite32(registers + LENGTH, byteCount);
        cpu.barrier();
        cpu.mmioWrite32(registers + CONTROL, CONTROL_START.mask() | CONTROL_INTERRUPT.mask());

        cpu.await(done);
        space.unmap(source, byteCount);
        space.unmap(destination, byteCount);
        if (care == DmaStreamDriver.CacheCare.RIGHT) {
            cpu.invalidateCache(to, byteCount);
        }
        cpu.endTransfer();
        return !STATUS_ERROR.isSet(outcome);
    }

    /// The read brings the engine's writes with it, should they still be on their way (PCI Express, section 2.4.1).
    private void onInterrupt() {
        outcome = cpu.mmioRead32(registers + STATUS);
        cpu.mmioWrite32(registers + STATUS, STATUS_END.mask() | STATUS_ERROR.mask());
        done.complete();
    }
}
