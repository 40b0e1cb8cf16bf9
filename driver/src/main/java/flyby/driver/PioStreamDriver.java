package flyby.driver;

import static flyby.stream.layout.StreamerRegisters.CONTROL;
import static flyby.stream.layout.StreamerRegisters.CONTROL_RUN;
import static flyby.stream.layout.StreamerRegisters.DATA;
import static flyby.stream.layout.StreamerRegisters.STATUS;
import static flyby.stream.layout.StreamerRegisters.STATUS_LEVEL;

import flyby.bus.Cpu;
import flyby.kernel.IoMemory;
import flyby.kernel.Kernel;

/// Receives from a streamer by programmed I/O: the CPU fetches every word from the device and puts it into memory.
///
/// The way without DMA. The CPU does nothing else until the last byte has arrived.
public final class PioStreamDriver {
    private final Cpu cpu;
    private final IoMemory streamer;
    private final long buffer;
    private final int bufferBytes;

    /// @param streamer the streamer's registers
    /// @param buffer the CPU's address of a buffer of `bufferBytes` bytes
    public PioStreamDriver(Kernel kernel, IoMemory streamer, long buffer, int bufferBytes) {
        this.cpu = kernel.cpu();
        this.streamer = streamer;
        this.buffer = buffer;
        this.bufferBytes = bufferBytes;
    }

    /// Receives all that the medium holds, a buffer at a time.
    public void receive(BlockSink sink) {
        long left = StreamerAccess.lengthBytes(streamer);
        streamer.write32(CONTROL, CONTROL_RUN.mask());
        while (left > 0) {
            int byteCount = (int) Math.min(left, bufferBytes);
            cpu.beginTransfer(byteCount);

            int done = 0;
            while (done < byteCount) {
                int level = (int) STATUS_LEVEL.of(streamer.read32(STATUS));
                int available = Math.min(level, byteCount - done);
                cpu.mmioReadRepeat(streamer.address(DATA), buffer + done, available);
                done += available;
            }

            sink.received(buffer, byteCount);
            cpu.endTransfer();
            left -= byteCount;
        }
    }
}
