package flyby.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.record.Recorder;
import flyby.record.RecordingHeader;
import flyby.record.Replay;
import flyby.record.ReplayResult;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A device of a test that is recorded, so that what it did can be asked of a new one.
public final class Recorded {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Recorder recorder = new Recorder(bytes::write, new RecordingHeader("device", "", ""));
    private @Nullable Function<DeviceHost, Device> maker;

    /// The maker of the device, recorded. Once.
    public Function<DeviceHost, Device> around(Function<DeviceHost, Device> itsMaker) {
        maker = itsMaker;
        return recorder.around(itsMaker);
    }

    /// A new device does all that again. Nothing may be done after it.
    public void replay() {
        recorder.close();
        ReplayResult result =
                Replay.of(bytes.toByteArray(), Objects.requireNonNull(maker)).run();
        result.check();
        assertThat(result.isWhole()).isTrue();
        assertThat(result.counts().events()).isEqualTo(recorder.eventCount());
    }
}
