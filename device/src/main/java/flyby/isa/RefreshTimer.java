package flyby.isa;

import static flyby.isa.layout.TimerPorts.BYTES_BOTH;
import static flyby.isa.layout.TimerPorts.BYTES_HIGH;
import static flyby.isa.layout.TimerPorts.BYTES_LOW;
import static flyby.isa.layout.TimerPorts.CONTROL;
import static flyby.isa.layout.TimerPorts.CONTROL_BYTES;
import static flyby.isa.layout.TimerPorts.CONTROL_MODE;
import static flyby.isa.layout.TimerPorts.CONTROL_SELECT;
import static flyby.isa.layout.TimerPorts.FIRST;
import static flyby.isa.layout.TimerPorts.MODE_RATE_GENERATOR;
import static flyby.isa.layout.TimerPorts.REFRESH;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction.Kind;
import flyby.sim.Alarm;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What makes a PC/XT refresh its memory: counter 1 of the 8253, whose rising output sets the flip-flop that is
/// DREQ of channel 0; DACK of channel 0 clears it. PC/XT Technical Reference, system board logic diagrams.
///
/// Of the 8253 (data sheet, "Mode 2: Rate Generator") there is what this takes: counter 1 in mode 2, gate high,
/// binary. Its counts cannot be read back; other modes stop it; the other counters are not there.
///
/// Register region 0 is ports 0x40 to 0x43.
public final class RefreshTimer implements Device, DmaPeripheral {
    private static final int COUNTER = REFRESH - FIRST;

    private final DeviceHost host;
    private final long countPicos;
    private final Alarm rises;
    private @Nullable DmaChannel channel;
    /// Which bytes of a count follow the control word; 0: none was written.
    private int bytes;
    /// The low byte, where the high byte has still to come, or -1.
    private int lowByte = -1;
    /// What the next period counts; 0: nothing counts.
    private int count;

    /// @param countPicos the period of the counter's clock
    public RefreshTimer(DeviceHost host, long countPicos) {
        Check.that(countPicos > 0, "a clock of %d ps", countPicos);
        this.host = host;
        this.countPicos = countPicos;
        this.rises = host.alarm("refresh", this::outputRises);
    }

    /// Wires the flip-flop to a DMA channel. Once, at set-up.
    public void wire(DmaChannel wired) {
        channel = wired;
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return ABSENT;
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        int low = (int) (value & 0xff);
        if (offset == CONTROL - FIRST && CONTROL_SELECT.of(low) == COUNTER) {
            writeControl(low);
        } else if (offset == COUNTER) {
            writeCount(low);
        }
    }

    @Override
    public void reset() {
        stop();
        bytes = 0;
        request(false);
    }

    /// No peripheral has to be waited for: the row's address is all that a refresh needs.
    @Override
    public int ready(Kind kind) {
        return 1;
    }

    @Override
    public void give(byte[] data, int byteCount) {
        Arrays.fill(data, 0, byteCount, (byte) ABSENT);
        request(false);
    }

    @Override
    public void take(byte[] data, int byteCount) {
        request(false);
    }

    @Override
    public void terminalCount() {
        // Not wired.
    }

    private void writeControl(int word) {
        if (CONTROL_BYTES.of(word) == 0) {
            // Latches the count for reading.
            return;
        }
        stop();
        // "M2 M1 M0: X10 is mode 2".
        bytes = (CONTROL_MODE.of(word) & 3) == MODE_RATE_GENERATOR ? (int) CONTROL_BYTES.of(word) : 0;
    }

    private void writeCount(int value) {
        switch (bytes) {
            case BYTES_LOW -> load(value);
            case BYTES_HIGH -> load(value << 8);
            case BYTES_BOTH -> {
                if (lowByte < 0) {
                    lowByte = value;
                } else {
                    load(lowByte | (value << 8));
                    lowByte = -1;
                }
            }
            default -> {
                // The counter is in no mode that is modelled.
            }
        }
    }

    /// Mode 2: the first period begins at the next edge of the counter's clock; a count written while it counts is
    /// that of the next period.
    private void load(int written) {
        boolean counts = count != 0;
        count = written == 0 ? 1 << 16 : written;
        if (!counts) {
            long edge = (host.nowPicos() / countPicos + 1) * countPicos;
            rises.at(edge + count * countPicos);
        }
    }

    private void outputRises() {
        rises.in(count * countPicos);
        request(true);
    }

    private void stop() {
        count = 0;
        lowByte = -1;
        rises.cancel();
    }

    private void request(boolean asserted) {
        if (channel != null) {
            channel.request(asserted);
        }
    }
}
