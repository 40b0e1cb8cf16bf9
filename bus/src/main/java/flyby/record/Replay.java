package flyby.record;

import flyby.base.LabException;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import java.util.function.Function;

/// Makes a device anew, does to it what was done to it while it was recorded, and compares what it does.
///
/// ```java
/// Replay.of(recording, host -> new RingDevice(host, profile)).run().check();
/// ```
/// There is neither memory nor a clock: reads are answered with the recorded bytes, alarms fire and transactions
/// complete where the recording says so, each in the order of then.
public final class Replay {
    private final RecordingReader reader;
    private final Function<DeviceHost, Device> maker;

    private Replay(RecordingReader reader, Function<DeviceHost, Device> maker) {
        this.reader = reader;
        this.maker = maker;
    }

    /// A replay of what is left of `reader`'s recording on the device that `maker` makes.
    public static Replay of(RecordingReader reader, Function<DeviceHost, Device> maker) {
        return new Replay(reader, maker);
    }

    /// The same of a whole recording.
    ///
    /// @throws LabException if it is none
    public static Replay of(byte[] recording, Function<DeviceHost, Device> maker) {
        return of(new RecordingReader("recording", RecordingSource.of(recording)), maker);
    }

    /// Plays it, once.
    ///
    /// @throws LabException if the recording is damaged; the message has the byte offset
    public ReplayResult run() {
        ReplayHost host = new ReplayHost(reader);
        Difference difference = null;
        try {
            host.play(maker);
        } catch (ReplayHost.Stopped stopped) {
            difference = stopped.difference;
        } catch (LabException problem) {
            throw problem;
        } catch (StackOverflowError | RuntimeException | AssertionError thrown) {
            difference = host.threw(thrown);
        }
        return new ReplayResult(host.counts(), difference, reader.isOver(), reader.cutAt());
    }
}
