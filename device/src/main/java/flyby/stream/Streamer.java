package flyby.stream;

import static flyby.stream.layout.StreamerRegisters.CONTROL;
import static flyby.stream.layout.StreamerRegisters.CONTROL_DMA_ENABLE;
import static flyby.stream.layout.StreamerRegisters.CONTROL_RECORD;
import static flyby.stream.layout.StreamerRegisters.CONTROL_RUN;
import static flyby.stream.layout.StreamerRegisters.CONTROL_TC_INTERRUPT_ENABLE;
import static flyby.stream.layout.StreamerRegisters.DATA;
import static flyby.stream.layout.StreamerRegisters.LENGTH_HIGH;
import static flyby.stream.layout.StreamerRegisters.LENGTH_LOW;
import static flyby.stream.layout.StreamerRegisters.STATUS;
import static flyby.stream.layout.StreamerRegisters.STATUS_END;
import static flyby.stream.layout.StreamerRegisters.STATUS_LEVEL;
import static flyby.stream.layout.StreamerRegisters.STATUS_TC;

import flyby.base.Check;
import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction.Kind;
import flyby.sim.Alarm;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A peripheral that plays a medium into a FIFO, or records a FIFO onto it, at the medium's pace.
///
/// The medium waits when the FIFO is full (playing) or empty (recording), as a start-stop tape does, and plays
/// again what nobody took. What is written to a full FIFO is lost. Software takes the bytes from DATA, or a DMA
/// controller takes them over DREQ and DACK.
public final class Streamer implements Device, DmaPeripheral {
    private final DeviceHost host;
    private final Medium medium;
    private final long bytePicos;
    private final int fifoBytes;
    private final int beatBytes;
    private final byte[] beat = new byte[8];
    private final Alarm becomesReady;
    private @Nullable DmaChannel channel;
    private long control;
    private boolean countEnded;
    private boolean interrupts;

    /// Bytes that the medium has still to play into the FIFO.
    private long left;
    /// Bytes that can be taken from the FIFO (playing) or added to it (recording).
    private long level;
    /// Until when `level` is accounted for.
    private long levelPicos;

    /// @param bytePicos the medium's pace: picoseconds a byte; 0: as fast as it is taken
    /// @param fifoBytes `beatBytes` to 65,535
    /// @param beatBytes DREQ waits until this many bytes are ready, or the last ones
    public Streamer(DeviceHost host, Medium medium, long bytePicos, int fifoBytes, int beatBytes) {
        Check.that(bytePicos >= 0, "a pace of %d ps", bytePicos);
        Check.that(beatBytes >= 1 && beatBytes <= 8, "beats of %d bytes", beatBytes);
        Check.that(fifoBytes >= beatBytes && fifoBytes <= 65_535, "a FIFO of %d bytes", fifoBytes);
        this.host = host;
        this.medium = medium;
        this.bytePicos = bytePicos;
        this.fifoBytes = fifoBytes;
        this.beatBytes = beatBytes;
        this.left = medium.byteCount();
        this.becomesReady = host.alarm("ready", this::updateRequest);
    }

    /// Wires the peripheral to a DMA channel. Once, at set-up.
    public void wire(DmaChannel wired) {
        this.channel = wired;
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        if (offset >= DATA && offset < DATA + 8) {
            return takeData(byteCount);
        }
        return switch ((int) offset) {
            case CONTROL -> control;
            case STATUS -> status();
            case LENGTH_LOW -> medium.byteCount() & 0xffff_ffffL;
            case LENGTH_HIGH -> medium.byteCount() >>> 32;
            default -> ABSENT;
        };
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (offset >= DATA && offset < DATA + 8) {
            addData(byteCount, value);
        } else if (offset == CONTROL) {
            writeControl(value);
        } else if (offset == STATUS && STATUS_TC.isSet(value)) {
            countEnded = false;
            updateInterrupt();
        }
    }

    /// Stops the medium where it is; what is in the FIFO goes back to it, so that nothing is lost.
    @Override
    public void reset() {
        pace();
        left += isRecording() ? 0 : level;
        level = 0;
        control = 0;
        countEnded = false;
        updateInterrupt();
        updateRequest();
    }

    @Override
    public int ready(Kind kind) {
        pace();
        if ((kind == Kind.READ) != isRecording()) {
            return 0;
        }
        if (!isRecording() && left == 0) {
            return (int) Math.min(level, beatBytes);
        }
        return level >= beatBytes ? beatBytes : 0;
    }

    @Override
    public void give(byte[] data, int byteCount) {
        pace();
        int count = isRecording() ? 0 : (int) Math.min(byteCount, level);
        medium.play(data, 0, count);
        Arrays.fill(data, count, byteCount, (byte) ABSENT);
        level -= count;
        updateRequest();
    }

    @Override
    public void take(byte[] data, int byteCount) {
        pace();
        int count = isRecording() ? (int) Math.min(byteCount, level) : 0;
        medium.record(data, 0, count);
        level -= count;
        updateRequest();
    }

    @Override
    public void terminalCount() {
        // The medium knows its end by itself; who programmed the controller may want to be told.
        countEnded = true;
        updateInterrupt();
    }

    private void writeControl(long value) {
        pace();
        boolean ran = CONTROL_RUN.isSet(control);
        boolean recorded = isRecording();
        control = value
                & (CONTROL_RUN.mask()
                        | CONTROL_RECORD.mask()
                        | CONTROL_DMA_ENABLE.mask()
                        | CONTROL_TC_INTERRUPT_ENABLE.mask());
        if (!ran && CONTROL_RUN.isSet(control)) {
            levelPicos = host.nowPicos();
        }
        if (isRecording() != recorded) {
            left += recorded ? 0 : level;
            level = isRecording() ? fifoBytes : 0;
        }
        updateInterrupt();
        updateRequest();
    }

    private long status() {
        pace();
        long status = STATUS_LEVEL.to(level) | (countEnded ? STATUS_TC.mask() : 0);
        return !isRecording() && left == 0 && level == 0 ? status | STATUS_END.mask() : status;
    }

    private long takeData(int byteCount) {
        pace();
        int count = isRecording() ? 0 : (int) Math.min(byteCount, level);
        medium.play(beat, 0, count);
        level -= count;
        updateRequest();
        return LittleEndian.get(beat, 0, count) | (count == 8 ? 0 : ABSENT << (8 * count));
    }

    private void addData(int byteCount, long value) {
        pace();
        if (isRecording() && byteCount <= level) {
            LittleEndian.put(value, beat, 0, byteCount);
            medium.record(beat, 0, byteCount);
            level -= byteCount;
            updateRequest();
        }
    }

    private boolean isRecording() {
        return CONTROL_RECORD.isSet(control);
    }

    /// Lets the medium catch up with the time: it moves a byte every `bytePicos`, unless the FIFO stops it.
    private void pace() {
        if (!CONTROL_RUN.isSet(control)) {
            return;
        }
        long now = host.nowPicos();
        long room = isRecording() ? fifoBytes - level : Math.min(fifoBytes - level, left);
        long moved = bytePicos == 0 ? room : Math.min(room, (now - levelPicos) / bytePicos);
        level += moved;
        if (!isRecording()) {
            left -= moved;
        }
        // A medium that stands still starts anew when there is room again.
        levelPicos = moved == room ? now : levelPicos + moved * bytePicos;
    }

    private void updateInterrupt() {
        boolean asserted = countEnded && CONTROL_TC_INTERRUPT_ENABLE.isSet(control);
        if (asserted != interrupts) {
            interrupts = asserted;
            host.interrupt(0, asserted);
        }
    }

    private void updateRequest() {
        if (channel == null) {
            return;
        }
        becomesReady.cancel();
        if (!CONTROL_DMA_ENABLE.isSet(control) || !CONTROL_RUN.isSet(control)) {
            channel.request(false);
            return;
        }
        boolean isReady = ready(isRecording() ? Kind.READ : Kind.WRITE) > 0;
        if (!isReady && (isRecording() || left > 0)) {
            long missing = isRecording() ? beatBytes - level : Math.min(beatBytes - level, left);
            becomesReady.at(levelPicos + missing * bytePicos);
        }
        channel.request(isReady);
    }
}
