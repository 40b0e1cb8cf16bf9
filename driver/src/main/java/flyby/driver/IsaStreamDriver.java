package flyby.driver;

import static flyby.dma.Direction.FROM_DEVICE;
import static flyby.dma.Direction.TO_DEVICE;
import static flyby.i8237.layout.I8237Registers.MODE_SERVICE;
import static flyby.i8237.layout.I8237Registers.MODE_TYPE;
import static flyby.i8237.layout.I8237Registers.TYPE_READ;
import static flyby.i8237.layout.I8237Registers.TYPE_WRITE;
import static flyby.stream.layout.StreamerRegisters.CONTROL;
import static flyby.stream.layout.StreamerRegisters.CONTROL_DMA_ENABLE;
import static flyby.stream.layout.StreamerRegisters.CONTROL_RECORD;
import static flyby.stream.layout.StreamerRegisters.CONTROL_RUN;
import static flyby.stream.layout.StreamerRegisters.CONTROL_TC_INTERRUPT_ENABLE;
import static flyby.stream.layout.StreamerRegisters.STATUS;
import static flyby.stream.layout.StreamerRegisters.STATUS_TC;

import flyby.base.Check;
import flyby.bus.Completion;
import flyby.bus.Cpu;
import flyby.dma.Direction;
import flyby.dma.Dma;
import flyby.kernel.Errno;
import flyby.kernel.Interrupts.Result;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;

/// Moves bytes between a streamer and memory over a channel of a PC's DMA.
///
/// The 8237A has no interrupt. Its TC goes to the card, which raises its own.
public final class IsaStreamDriver {
    private static final long RECEIVING =
            CONTROL_RUN.mask() | CONTROL_DMA_ENABLE.mask() | CONTROL_TC_INTERRUPT_ENABLE.mask();

    /// Where things are, and how they are wired.
    ///
    /// @param streamer the streamer's registers
    /// @param line the streamer's interrupt line
    /// @param channel the streamer's DMA channel
    /// @param buffer the CPU's address of a buffer of `bufferBytes` bytes
    public record Wiring(IoMemory streamer, int line, int channel, long buffer, int bufferBytes) {}

    private static final String NAME = "streamer";

    private final Cpu cpu;
    private final Dma dma;
    private final Wiring at;
    private final IsaDmaChannel channel;
    private final int service;
    private final Completion done = new Completion("the streamer's interrupt at TC");

    /// @param dma of the 8237A: 24 bits of an address
    /// @param service one of the `SERVICE_` values of [flyby.i8237.layout.I8237Registers]: demand, single or block
    public IsaStreamDriver(Kernel kernel, Dma dma, Wiring wiring, int service) {
        this.cpu = kernel.cpu();
        this.dma = dma;
        this.at = wiring;
        this.service = service;
        this.channel = new IsaDmaChannel(cpu, wiring.channel());
        channel.checkReach(wiring.buffer(), wiring.bufferBytes());
        kernel.interrupts().request(wiring.line(), NAME, this::onInterrupt);
    }

    /// Receives all that the medium holds, a buffer at a time.
    ///
    /// @return 0, or -ENOMEM if the buffer cannot be mapped
    public int receive(BlockSink sink) {
        long left = StreamerAccess.lengthBytes(at.streamer());
        at.streamer().write32(CONTROL, RECEIVING);
        while (left > 0) {
            int byteCount = (int) Math.min(left, at.bufferBytes());
            cpu.beginTransfer(byteCount);
            int error = transfer(byteCount, FROM_DEVICE);
            if (error == 0) {
                sink.received(at.buffer(), byteCount);
            }
            cpu.endTransfer();
            if (error != 0) {
                return error;
            }
            left -= byteCount;
        }
        return 0;
    }

    /// Sends `byteCount` bytes of `source` to the medium, a buffer at a time.
    ///
    /// @param byteCount a multiple of what the channel moves at once
    /// @return 0, or -ENOMEM if the buffer cannot be mapped
    public int send(long byteCount, BlockSource source) {
        Check.that(byteCount % channel.beatBytes() == 0, "%d bytes for channel %d", byteCount, at.channel());
        at.streamer().write32(CONTROL, RECEIVING | CONTROL_RECORD.mask());
        long left = byteCount;
        while (left > 0) {
            int count = (int) Math.min(left, at.bufferBytes());
            cpu.beginTransfer(count);
            source.fill(at.buffer(), count);
            int error = transfer(count, TO_DEVICE);
            cpu.endTransfer();
            if (error != 0) {
                return error;
            }
            left -= count;
        }
        return 0;
    }

    /// One transfer, from map to unmap. The last word of an odd count has a byte of nothing in it.
    private int transfer(int byteCount, Direction direction) {
        long address = dma.mapSingle(at.buffer(), byteCount, direction);
        if (dma.mappingError(address) != 0) {
            return -Errno.ENOMEM;
        }
        done.reset();
        channel.disable();
        channel.clearFlipFlop();
        channel.setMode(MODE_SERVICE.to(service) | MODE_TYPE.to(direction == TO_DEVICE ? TYPE_READ : TYPE_WRITE));
        channel.setAddress(address);
        channel.setCount(Math.ceilDiv(byteCount, channel.beatBytes()) * channel.beatBytes());
        channel.enable();

        cpu.await(done);
        dma.unmapSingle(address, byteCount, direction);
        return 0;
    }

    private Result onInterrupt() {
        // Write one to clear; the line is the streamer's alone, so there is nothing to ask.
        at.streamer().write32(STATUS, STATUS_TC.mask());
        done.complete();
        return Result.HANDLED;
    }
}
