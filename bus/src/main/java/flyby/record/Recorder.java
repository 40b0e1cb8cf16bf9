package flyby.record;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes down everything that crosses the seam of one device.
///
/// ```java
/// Recorder recorder = new Recorder(sink, header);
/// Device device = recorder.around(host -> new RingDevice(host, profile)).apply(host);
/// ...
/// recorder.close();
/// ```
/// Neither the device nor its host can tell. Of other decorators it belongs next to the device, so that what it has
/// written down is what the device met, injected faults too. Nothing is allocated once as many transactions have
/// been in flight as ever will be.
public final class Recorder implements AutoCloseable {
    private final RecordWriter writer;
    private @Nullable RecordingHost made;
    /// 0: when a block is full.
    private long flushPicos;

    /// A recording that begins with `header`.
    public Recorder(RecordingSink sink, RecordingHeader header) {
        writer = new RecordWriter(sink, header);
    }

    /// Has the sink get each event at most `picos` of the host's time after it, for recordings whose process may be
    /// killed. Costs an alarm of the host. For set-up only.
    public Recorder flushedWithin(long picos) {
        flushPicos = picos;
        return this;
    }

    /// A maker of the same device, recorded. It makes one, as a recording is of one.
    public Function<DeviceHost, Device> around(Function<DeviceHost, Device> maker) {
        return host -> {
            Check.that(made == null, "a recording is of one device");
            RecordingHost between = new RecordingHost(host, writer, flushPicos);
            made = between;
            between.making();
            between.made(maker.apply(between));
            return new RecordedDevice(between);
        };
    }

    /// Hands all events so far to the sink, which otherwise gets them in blocks of up to 64 KiB.
    public void flush() {
        writer.flush();
    }

    /// How many events there were.
    public long eventCount() {
        return writer.events();
    }

    /// Writes the end, and hands all over. What happens later is not recorded.
    @Override
    public void close() {
        writer.end(writer.lastPicos());
    }
}
