package flyby.driver;

import static flyby.dma.Direction.FROM_DEVICE;
import static flyby.dma.Direction.TO_DEVICE;
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
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;
import flyby.stream.layout.StreamerRegisters;

/// Moves bytes between a streamer and memory by DMA: map, program the controller, go on, be interrupted, unmap,
/// process.
public final class DmaStreamDriver {
    private static final String NAME = "dmac";

    /// Where things are mapped, and how they are wired.
    ///
    /// @param dmac the DMA controller's registers
    /// @param streamer the streamer's registers
    /// @param line the controller's interrupt line
    /// @param buffer the CPU's address of a buffer of `bufferBytes` bytes
    /// @param bufferBytes 1 to [flyby.dmac.layout.DmacRegisters#BYTES_MAX]
    public record Wiring(IoMemory dmac, IoMemory streamer, int line, long buffer, int bufferBytes) {
        public Wiring {
            Check.that(bufferBytes >= 1 && bufferBytes <= BYTES_MAX, "a buffer of %d bytes", bufferBytes);
        }
    }

    private final Cpu cpu;
    private final Dma dma;
    private final Wiring at;
    private final int tenure;
    private final long attributes;
    private final Completion done = new Completion("the DMA controller's interrupt");
    private long outcome;

    /// @param dma of the controller: it issues the bus cycles, not the streamer
    /// @param tenure one of the `TENURE_` values of the controller's MODE register
    /// @param attributes of its mappings: [flyby.dma.Attributes#SKIP_CPU_SYNC] is the bug that a coherent machine
    ///     forgives
    public DmaStreamDriver(Kernel kernel, Dma dma, Wiring wiring, int tenure, long attributes) {
        this.cpu = kernel.cpu();
        this.dma = dma;
        this.at = wiring;
        this.tenure = tenure;
        this.attributes = attributes;
        kernel.interrupts().request(wiring.line(), NAME, this::onInterrupt);
    }

    /// Receives all that the medium holds, a buffer at a time.
    ///
    /// @return whether all of it came; false if the controller reported an error, as Linux's -EIO
    public boolean receive(BlockSink sink) {
        long left = StreamerAccess.lengthBytes(at.streamer());
        at.streamer().write32(StreamerRegisters.CONTROL, CONTROL_RUN.mask() | CONTROL_DMA_ENABLE.mask());
        while (left > 0) {
            int byteCount = (int) Math.min(left, at.bufferBytes());
            cpu.beginTransfer(byteCount);
            boolean came = transfer(byteCount, FROM_DEVICE);
            if (came) {
                sink.received(at.buffer(), byteCount);
            }
            cpu.endTransfer();
            if (!came) {
                return false;
            }
            left -= byteCount;
        }
        return true;
    }

    /// Sends `byteCount` bytes of `source` to the medium, a buffer at a time.
    ///
    /// @return whether all of it went; false if the controller reported an error, as Linux's -EIO
    public boolean send(long byteCount, BlockSource source) {
        at.streamer()
                .write32(
                        StreamerRegisters.CONTROL,
                        CONTROL_RUN.mask() | CONTROL_RECORD.mask() | CONTROL_DMA_ENABLE.mask());
        long left = byteCount;
        while (left > 0) {
            int count = (int) Math.min(left, at.bufferBytes());
            cpu.beginTransfer(count);
            source.fill(at.buffer(), count);
            boolean sent = transfer(count, TO_DEVICE);
            cpu.endTransfer();
            if (!sent) {
                return false;
            }
            left -= count;
        }
        return true;
    }

    /// One transfer of 1 to [flyby.dmac.layout.DmacRegisters#BYTES_MAX] bytes, from map to unmap.
    private boolean transfer(int byteCount, Direction direction) {
        long address = dma.mapSingle(at.buffer(), byteCount, direction, attributes);
        if (dma.mappingError(address) != 0) {
            return false;
        }
        done.reset();
        at.dmac().write32(ADDRESS, address);
        at.dmac().write32(COUNT, byteCount - 1);
        at.dmac().write32(MODE, MODE_TENURE.to(tenure) | MODE_FROM_MEMORY.to(direction == TO_DEVICE ? 1 : 0));
        at.dmac().write32(CONTROL, CONTROL_START.mask() | CONTROL_INTERRUPT_ENABLE.mask());

        cpu.await(done);
        dma.unmapSingle(address, byteCount, direction, attributes);
        return !STATUS_ERROR.isSet(outcome);
    }

    private Result onInterrupt() {
        outcome = at.dmac().read32(STATUS);
        at.dmac().write32(STATUS, STATUS_TC.mask() | STATUS_ERROR.mask());
        done.complete();
        return Result.HANDLED;
    }
}
