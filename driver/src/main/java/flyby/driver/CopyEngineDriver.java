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

/// Copies memory to memory with a copy engine, wherever that is plugged in: program it, go on, be interrupted.
///
/// Source and destination lie below 4 GiB, as registers are written 32 bits at a time.
public final class CopyEngineDriver {
    private final Cpu cpu;
    private final long registers;
    private final DmaStreamDriver.CacheCare care;
    private final Completion done = new Completion("the copy engine's interrupt");
    private long outcome;

    /// @param registers physical address of the engine's registers
    /// @param line its interrupt
    /// @param care whether devices and caches have to be kept in step by the driver
    public CopyEngineDriver(Cpu cpu, long registers, int line, DmaStreamDriver.CacheCare care) {
        this.cpu = cpu;
        this.registers = registers;
        this.care = care;
        cpu.requestInterrupt(line, this::onInterrupt);
    }

    /// Copies `byteCount` bytes from `from` to `to`; the two do not overlap.
    ///
    /// @return false if the engine reported an error, as Linux's -EIO
    public boolean copy(long from, long to, int byteCount) {
        cpu.beginTransfer(byteCount);
        if (care == DmaStreamDriver.CacheCare.RIGHT) {
            // The engine reads memory, and no dirty line may be written back over what it writes there.
            cpu.cleanCache(from, byteCount);
            cpu.cleanAndInvalidateCache(to, byteCount);
        }
        done.reset();
        cpu.mmioWrite32(registers + SRC, from);
        cpu.mmioWrite32(registers + DST, to);
        cpu.mmioWrite32(registers + LENGTH, byteCount);
        cpu.barrier();
        cpu.mmioWrite32(registers + CONTROL, CONTROL_START.mask() | CONTROL_INTERRUPT.mask());

        cpu.await(done);
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
