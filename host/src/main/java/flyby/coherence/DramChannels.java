package flyby.coherence;

import flyby.base.Check;
import java.util.Arrays;

/// The memory channels of one socket. Each carries one line at a time; its backlog is what makes the next one wait.
///
/// Reads go first, in the order in which they are asked for. Writes wait in a queue and use the time that reads
/// leave; when the queue is full, as many as are too many go before the next read. Rows and banks are not modelled.
final class DramChannels {
    private final CoherenceParameters.Memory parameters;
    private final int channelCount;
    private final int interleaveShift;
    private final long queuePicos;
    /// Until when reads, and the writes that they had to wait for, occupy each channel.
    private final long[] busyUntil;
    /// Until when the time that reads left has been given to writes.
    private final long[] drainedUntil;
    /// How long the writes that wait will occupy each channel.
    private final long[] queued;
    private final long[] lineCount;

    DramChannels(CoherenceParameters.Memory parameters) {
        this.parameters = parameters;
        this.channelCount = parameters.channels();
        this.interleaveShift = Long.numberOfTrailingZeros(parameters.channelInterleaveBytes());
        this.queuePicos = parameters.writeQueueLines() * parameters.linePicos();
        this.busyUntil = new long[parameters.channels()];
        this.drainedUntil = new long[parameters.channels()];
        this.queued = new long[parameters.channels()];
        this.lineCount = new long[parameters.channels()];
    }

    /// When a line that is asked for at `atPicos` is there.
    long read(long address, long atPicos) {
        int channel = channelOf(address);
        drain(channel, atPicos);
        long start = Math.max(atPicos, busyUntil[channel]);
        busyUntil[channel] = start + parameters.linePicos();
        lineCount[channel]++;
        return start + parameters.accessPicos();
    }

    /// When a line that is written at `atPicos` is taken off its writer's hands.
    long write(long address, long atPicos) {
        int channel = channelOf(address);
        drain(channel, atPicos);
        queued[channel] += parameters.linePicos();
        lineCount[channel]++;
        long excess = queued[channel] - queuePicos;
        if (excess <= 0) {
            return atPicos;
        }
        busyUntil[channel] = Math.max(atPicos, busyUntil[channel]) + excess;
        queued[channel] = queuePicos;
        return busyUntil[channel];
    }

    /// Nobody waits any more.
    void rest() {
        Arrays.fill(busyUntil, 0);
        Arrays.fill(drainedUntil, 0);
        Arrays.fill(queued, 0);
    }

    /// Lines that the channel has carried, in either direction.
    long lineCount(int channel) {
        Check.that(channel >= 0 && channel < lineCount.length, "channel %d", channel);
        return lineCount[channel];
    }

    /// How long the channel has been carrying lines.
    long busyPicos(int channel) {
        return lineCount(channel) * parameters.linePicos();
    }

    private void drain(int channel, long atPicos) {
        long idle = atPicos - Math.max(busyUntil[channel], drainedUntil[channel]);
        if (idle > 0) {
            queued[channel] -= Math.min(idle, queued[channel]);
            drainedUntil[channel] = atPicos;
        }
    }

    private int channelOf(long address) {
        return (int) ((address >>> interleaveShift) % channelCount);
    }
}
