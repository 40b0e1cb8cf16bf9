package flyby.driver;

import static flyby.dmac.layout.DmacRegisters.ADDRESS;
import static flyby.dmac.layout.DmacRegisters.BYTES_MAX;
import static flyby.dmac.layout.DmacRegisters.CONTROL;
import static flyby.dmac.layout.DmacRegisters.CONTROL_INTERRUPT_ENABLE;
import static flyby.dmac.layout.DmacRegisters.CONTROL_START;
import static flyby.dmac.layout.DmacRegisters.COUNT;
import static flyby.dmac.layout.DmacRegisters.MODE;
import static flyby.dmac.layout.DmacRegisters.MODE_FROM_MEMORY;
import static flyby.dmac.layout.DmacRegisters.MODE_TENURE;
import static flyby.dmac.layout.DmacRegisters.STATUS;
import static flyby.dmac.layout.DmacRegisters.STATUS_ERROR;
import static flyby.dmac.layout.DmacRegisters.STATUS_TC;
import static flyby.stream.layout.StreamerRegisters.CONTROL_DMA_ENABLE;
import static flyby.stream.layout.StreamerRegisters.CONTROL_RECORD;
import static flyby.stream.layout.StreamerRegisters.CONTROL_RUN;

import flyby.base.Check;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.stream.layout.StreamerRegisters;

/// Moves bytes between a streamer and memory by DMA: program the controller, go on, be interrupted, process.
///
/// Written for a machine that may keep stale or unwritten bytes in its cache: [CacheCare] says whether the driver
/// does what such a machine needs.
public final class DmaStreamDriver {
    /// Whether the driver keeps cache and memory in step around a transfer.
    public enum CacheCare {
        /// Before the device writes, clean and invalidate, so that no dirty line is written back over its bytes;
        /// before the CPU reads them, invalidate again. Before the device reads what the CPU wrote, clean.
        RIGHT,
        /// Do nothing, and hope. The bug that a coherent machine forgives.
        NONE
    }

    /// Where things are mapped, and how they are wired.
    ///
    /// @param dmac physical address of the DMA controller's registers
    /// @param streamer physical address of the streamer's registers
    /// @param line the controller's interrupt line
    /// @param buffer physical address of a buffer of `bufferBytes` bytes
    /// @param bufferBytes 1 to [flyby.dmac.layout.DmacRegisters#BYTES_MAX]
    public record Wiring(long dmac, long streamer, int line, long buffer, int bufferBytes) {
        public Wiring {
            Check.that(bufferBytes >= 1 && bufferBytes <= BYTES_MAX, "a buffer of %d bytes", bufferBytes);
        }
    }

    private final Cpu cpu;
    private final Wiring at;
    private final int tenure;
    private final CacheCare care;
    private final Completion done = new Completion("the DMA controller's interrupt");
    private long outcome;

    /// @param tenure one of the `TENURE_` values of the controller's MODE register
    public DmaStreamDriver(Cpu cpu, Wiring wiring, int tenure, CacheCare care) {
        this.cpu = cpu;
        this.at = wiring;
        this.tenure = tenure;
        this.care = care;
        cpu.requestInterrupt(wiring.line(), this::onInterrupt);
    }

    /// Receives all that the medium holds, a buffer at a time.
    ///
    /// @return whether all of it came; false if the controller reported an error, as Linux's -EIO
    public boolean receive(BlockSink sink) {
        long left = StreamerAccess.lengthBytes(cpu, at.streamer());
        cpu.mmioWrite32(at.streamer() + StreamerRegisters.CONTROL, CONTROL_RUN.mask() | CONTROL_DMA_ENABLE.mask());
        while (left > 0) {
            int byteCount = (int) Math.min(left, at.bufferBytes());
            cpu.beginTransfer(byteCount);

            // A dirty line of the buffer must not be written back over what the device is about to write.
            if (care == CacheCare.RIGHT) {
                cpu.cleanAndInvalidateCache(at.buffer(), byteCount);
            }
            if (!transfer(byteCount, 0)) {
                cpu.endTransfer();
                return false;
            }

            // The device wrote to memory. Lines of the buffer that are in the cache are from before.
            if (care == CacheCare.RIGHT) {
                cpu.invalidateCache(at.buffer(), byteCount);
            }
            sink.received(at.buffer(), byteCount);
            cpu.endTransfer();
            left -= byteCount;
        }
        return true;
    }

    /// Sends `byteCount` bytes of `source` to the medium, a buffer at a time.
    ///
    /// @return whether all of it went; false if the controller reported an error, as Linux's -EIO
    public boolean send(long byteCount, BlockSource source) {
        cpu.mmioWrite32(
                at.streamer() + StreamerRegisters.CONTROL,
                CONTROL_RUN.mask() | CONTROL_RECORD.mask() | CONTROL_DMA_ENABLE.mask());
        long left = byteCount;
        while (left > 0) {
            int count = (int) Math.min(left, at.bufferBytes());
            cpu.beginTransfer(count);
            source.fill(at.buffer(), count);

            // What the CPU stored may still be in its cache. The device reads memory.
            if (care == CacheCare.RIGHT) {
                cpu.cleanCache(at.buffer(), count);
            }
            boolean sent = transfer(count, MODE_FROM_MEMORY.mask());
            cpu.endTransfer();
            if (!sent) {
                return false;
            }
            left -= count;
        }
        return true;
    }

    /// One transfer of 1 to [flyby.dmac.layout.DmacRegisters#BYTES_MAX] bytes, from programming to interrupt.
    private boolean transfer(int byteCount, long direction) {
        done.reset();
        cpu.mmioWrite32(at.dmac() + ADDRESS, at.buffer());
        cpu.mmioWrite32(at.dmac() + COUNT, byteCount - 1);
        cpu.mmioWrite32(at.dmac() + MODE, MODE_TENURE.to(tenure) | direction);
        cpu.barrier();
        cpu.mmioWrite32(at.dmac() + CONTROL, CONTROL_START.mask() | CONTROL_INTERRUPT_ENABLE.mask());

        cpu.await(done);
        return !STATUS_ERROR.isSet(outcome);
    }

    private void onInterrupt() {
        outcome = cpu.mmioRead32(at.dmac() + STATUS);
        cpu.mmioWrite32(at.dmac() + STATUS, STATUS_TC.mask() | STATUS_ERROR.mask());
        done.complete();
    }
}
