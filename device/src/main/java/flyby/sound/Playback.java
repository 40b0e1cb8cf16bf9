package flyby.sound;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.Transaction.Kind;
import flyby.sim.Alarm;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One of the card's two DMA channels with its FIFO, and the frames that it plays at their rate.
///
/// A frame that is due and not there leaves the output at its level: a gap, which is counted. The frames behind it
/// come later, none is lost.
final class Playback implements DmaPeripheral {
    /// The widest frame: two channels of two bytes.
    static final int FRAME_BYTES_MAX = 4;

    /// What one command asks for.
    ///
    /// @param frameBytes 1, 2 or 4: width of a sample by number of channels
    /// @param blockBytes after how many bytes an interrupt comes
    /// @param isAuto whether another block follows
    /// @param usesFifo else a latch holds one frame
    record Order(SampleClock clock, int frameBytes, int blockBytes, boolean isAuto, boolean usesFifo) {
        Order withoutAuto() {
            return new Order(clock, frameBytes, blockBytes, false, usesFifo);
        }
    }

    private final DeviceHost host;
    private final int sampleBytes;
    private final Speaker speaker;
    private final Gaps gaps;
    private final Runnable blockEnds;
    private final Alarm frameDue;
    private final byte[] fifo;
    private final byte[] frame = new byte[FRAME_BYTES_MAX];
    private @Nullable DmaChannel channel;

    private @Nullable Order order;
    /// What goes on when the block is over, instead of another one like it.
    private @Nullable Order nextOrder;
    private long startPicos;
    private long dueFrames;
    private int fifoFirst;
    private int fifoBytes;
    /// Bytes of the block that have still to be played.
    private int leftBytes;
    private boolean isPaused;
    private long pausedPicos;

    /// @param sampleBytes what the channel moves at once: 1 or 2
    /// @param fifoSize in bytes, at least [#FRAME_BYTES_MAX]
    /// @param blockEnds is run when the last sample of a block sounds
    Playback(
            DeviceHost host,
            String name,
            int sampleBytes,
            int fifoSize,
            Speaker speaker,
            Gaps gaps,
            Runnable blockEnds) {
        Check.that(fifoSize >= FRAME_BYTES_MAX, "a FIFO of %d bytes", fifoSize);
        this.host = host;
        this.sampleBytes = sampleBytes;
        this.fifo = new byte[fifoSize];
        this.speaker = speaker;
        this.gaps = gaps;
        this.blockEnds = blockEnds;
        this.frameDue = host.alarm(name, this::frameIsDue);
    }

    void wire(DmaChannel wired) {
        channel = wired;
    }

    /// Starts what is ordered. What plays already goes on to the end of its block first: a single-cycle command
    /// ends auto-initialize mode so ("Sound Blaster Series Hardware Programming Guide", chapter 3, section
    /// "Auto-Initialize DMA Mode").
    void start(Order ordered) {
        if (order != null) {
            nextOrder = ordered;
        } else {
            begin(ordered);
            restartClock();
            dueNext(ordered);
        }
        updateRequest();
    }

    /// No further block after the one that plays.
    void exitAuto() {
        if (order != null) {
            order = order.withoutAuto();
        }
    }

    /// Holds what plays where it is: no bytes are asked for, and the sample clock stands still. Not a gap.
    void pause() {
        if (order != null && !isPaused) {
            isPaused = true;
            pausedPicos = host.nowPicos();
            frameDue.cancel();
            updateRequest();
        }
    }

    /// Goes on after a pause.
    void resume() {
        Order current = order;
        if (current != null && isPaused) {
            isPaused = false;
            startPicos += host.nowPicos() - pausedPicos;
            setFrameDue(current);
            updateRequest();
        }
    }

    void stop() {
        order = null;
        nextOrder = null;
        isPaused = false;
        fifoBytes = 0;
        frameDue.cancel();
        updateRequest();
    }

    @Override
    public int ready(Kind kind) {
        return kind == Kind.READ && wantsSample() ? sampleBytes : 0;
    }

    @Override
    public void give(byte[] data, int byteCount) {
        // The card does not record.
        Arrays.fill(data, 0, byteCount, (byte) Device.ABSENT);
    }

    @Override
    public void take(byte[] data, int byteCount) {
        if (wantsSample() && byteCount == sampleBytes) {
            for (int i = 0; i < sampleBytes; i++) {
                fifo[(fifoFirst + fifoBytes) % fifo.length] = data[i];
                fifoBytes++;
            }
        }
        updateRequest();
    }

    @Override
    public void terminalCount() {
        // The DSP counts by itself.
    }

    private void begin(Order next) {
        order = next;
        leftBytes = next.blockBytes();
    }

    private void frameIsDue() {
        Order current = order;
        if (current == null) {
            return;
        }
        if (fifoBytes < current.frameBytes()) {
            gaps.missed();
            speaker.holds();
        } else {
            play(current);
        }
        Order going = order;
        if (going != null) {
            dueNext(going);
        }
        updateRequest();
    }

    private void play(Order current) {
        for (int i = 0; i < current.frameBytes(); i++) {
            frame[i] = fifo[fifoFirst];
            fifoFirst = (fifoFirst + 1) % fifo.length;
        }
        fifoBytes -= current.frameBytes();
        leftBytes -= current.frameBytes();
        gaps.played();
        speaker.plays(frame, current.frameBytes());
        if (leftBytes <= 0) {
            endBlock(current);
        }
    }

    private void endBlock(Order ended) {
        Order next = nextOrder;
        nextOrder = null;
        if (next != null) {
            begin(next);
            if (!next.clock().equals(ended.clock())) {
                restartClock();
            }
        } else if (ended.isAuto()) {
            begin(ended);
        } else {
            stop();
        }
        blockEnds.run();
    }

    private void restartClock() {
        startPicos = host.nowPicos();
        dueFrames = 0;
    }

    private void dueNext(Order going) {
        dueFrames++;
        setFrameDue(going);
    }

    private void setFrameDue(Order going) {
        frameDue.at(startPicos + going.clock().duePicos(dueFrames));
    }

    /// Whether there is room for a sample, and one that will be played.
    private boolean wantsSample() {
        Order current = order;
        if (current == null || isPaused) {
            return false;
        }
        int room = (current.usesFifo() ? fifo.length : current.frameBytes()) - fifoBytes;
        boolean goesOn = current.isAuto() || nextOrder != null;
        return room >= sampleBytes && (goesOn || fifoBytes < leftBytes);
    }

    private void updateRequest() {
        if (channel != null) {
            channel.request(wantsSample());
        }
    }
}
