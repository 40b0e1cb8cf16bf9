package flyby.experiment;

import static flyby.i8237.layout.I8237Registers.MODE_SERVICE;
import static flyby.i8237.layout.I8237Registers.MODE_TYPE;
import static flyby.i8237.layout.I8237Registers.TYPE_WRITE;
import static flyby.stream.layout.StreamerRegisters.CONTROL;
import static flyby.stream.layout.StreamerRegisters.CONTROL_DMA_ENABLE;
import static flyby.stream.layout.StreamerRegisters.CONTROL_RUN;

import flyby.bus.Cpu;
import flyby.driver.IsaDmaChannel;
import flyby.machine.IsaBoard;
import flyby.machine.IsaPc;
import flyby.stream.Medium;
import java.util.Arrays;

/// A disk on DMA channel 3 that is always ready, as somebody who competes for the bus.
final class BackgroundDisk implements Medium {
    private static final int CHANNEL = 3;
    private static final int FIFO_BYTES = 16;

    private final int service;

    /// @param service one of the `SERVICE_` values of [flyby.i8237.layout.I8237Registers]
    BackgroundDisk(int service) {
        this.service = service;
    }

    void plugInto(IsaPc pc) {
        pc.isa().plugStreamer(this, 0, FIFO_BYTES, CHANNEL);
    }

    void start(Cpu cpu) {
        cpu.mmioWrite32(IsaBoard.STREAMER_BASE + CONTROL, CONTROL_RUN.mask() | CONTROL_DMA_ENABLE.mask());
    }

    /// Begins to move `byteCount` bytes to `address`. Nobody waits for the end.
    void transfer(Cpu cpu, long address, int byteCount) {
        IsaDmaChannel channel = new IsaDmaChannel(cpu, CHANNEL);
        channel.disable();
        channel.clearFlipFlop();
        channel.setMode(MODE_SERVICE.to(service) | MODE_TYPE.to(TYPE_WRITE));
        channel.setAddress(address);
        channel.setCount(byteCount);
        channel.enable();
    }

    /// More than anybody will read.
    @Override
    public long byteCount() {
        return Long.MAX_VALUE;
    }

    @Override
    public void play(byte[] into, int offset, int byteCount) {
        Arrays.fill(into, offset, offset + byteCount, (byte) 0);
    }

    @Override
    public void record(byte[] from, int offset, int byteCount) {
        // Nobody writes to it.
    }
}
