package flyby.driver;

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

/// Moves bytes between a streamer and memory over a channel of a PC's DMA.
///
/// The 8237A has no interrupt. Its TC goes to the card, which raises its own.
public final class IsaStreamDriver {
    private static final long RECEIVING =
            CONTROL_RUN.mask() | CONTROL_DMA_ENABLE.mask() | CONTROL_TC_INTERRUPT_ENABLE.mask();

    /// Where things are, and how they are wired.
    ///
    /// @param streamer physical address of the streamer's registers
    /// @param line the streamer's interrupt line
    /// @param channel the streamer's DMA channel
    /// @param buffer physical address of a buffer of `bufferBytes` bytes
    public record Wiring(long streamer, int line, int channel, long buffer, int bufferBytes) {}

    private final Cpu cpu;
    private final Wiring at;
    private final IsaDmaChannel channel;
    private final int service;
    private final Completion done = new Completion("the streamer's interrupt at TC");

    /// @param service one of the `SERVICE_` values of [flyby.i8237.layout.I8237Registers]: demand, single or block
    public IsaStreamDriver(Cpu cpu, Wiring wiring, int service) {
        this.cpu = cpu;
        this.at = wiring;
        this.service = service;
        this.channel = new IsaDmaChannel(cpu, wiring.channel());
        channel.checkReach(wiring.buffer(), wiring.bufferBytes());
        cpu.requestInterrupt(wiring.line(), this::onInterrupt);
    }

    /// Receives all that the medium holds, a buffer at a time.
    public void receive(BlockSink sink) {
        long left = StreamerAccess.lengthBytes(cpu, at.streamer());
        cpu.mmioWrite32(at.streamer() + CONTROL, RECEIVING);
        while (left > 0) {
            int byteCount = (int) Math.min(left, at.bufferBytes());
            cpu.beginTransfer(byteCount);
            transfer(byteCount, TYPE_WRITE);
            sink.received(at.buffer(), byteCount);
            cpu.endTransfer();
            left -= byteCount;
        }
    }

    /// Sends `byteCount` bytes of `source` to the medium, a buffer at a time.
    ///
    /// @param byteCount a multiple of what the channel moves at once
    public void send(long byteCount, BlockSource source) {
        Check.that(byteCount % channel.beatBytes() == 0, "%d bytes for channel %d", byteCount, at.channel());
        cpu.mmioWrite32(at.streamer() + CONTROL, RECEIVING | CONTROL_RECORD.mask());
        long left = byteCount;
        while (left > 0) {
            int count = (int) Math.min(left, at.bufferBytes());
            cpu.beginTransfer(count);
            source.fill(at.buffer(), count);
            transfer(count, TYPE_READ);
            cpu.endTransfer();
            left -= count;
        }
    }

    /// One transfer, from programming to interrupt. The last word of an odd count has a byte of nothing in it.
    private void transfer(int byteCount, int type) {
        done.reset();
        channel.disable();
        channel.clearFlipFlop();
        channel.setMode(MODE_SERVICE.to(service) | MODE_TYPE.to(type));
        channel.setAddress(at.buffer());
        channel.setCount(Math.ceilDiv(byteCount, channel.beatBytes()) * channel.beatBytes());
        channel.enable();

        cpu.await(done);
    }

    private void onInterrupt() {
        // Write one to clear; the line is the streamer's alone, so there is nothing to ask.
        cpu.mmioWrite32(at.streamer() + STATUS, STATUS_TC.mask());
        done.complete();
    }
}
