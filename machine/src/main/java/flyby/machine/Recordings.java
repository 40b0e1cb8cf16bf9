package flyby.machine;

import flyby.base.LabException;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Settings;
import flyby.record.RecordingHeader;
import flyby.topology.PartKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Recordings of devices of the shelf: with settings that make the same device again.
public final class Recordings {
    private Recordings() {}

    /// What a recording of the device called `name` begins with.
    ///
    /// @param settings of a function; all are written down, as defaults may change
    /// @param remark what else is worth knowing
    public static RecordingHeader header(String name, Settings settings, String remark) {
        String text = settings.all().stream()
                .map(each -> each.parameter().path() + "=" + each.text())
                .collect(Collectors.joining("\n"));
        return new RecordingHeader(name, text, remark);
    }

    /// The maker of the device that was recorded.
    ///
    /// @param where the recording is from, for messages
    /// @throws LabException if there is no such device any more, or not with such settings
    public static Function<DeviceHost, Device> maker(String where, RecordingHeader header) {
        Settings settings = settings(where, header);
        return host -> DeviceShelf.make(header.name(), settings, host);
    }

    /// The settings of the device that was recorded.
    ///
    /// @throws LabException if there are no such any more
    public static Settings settings(String where, RecordingHeader header) {
        List<Given> givens = new ArrayList<>();
        for (String line : header.settings().lines().toList()) {
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new LabException(
                        LabException.Kind.BAD_FILE, where, "a setting \"" + line + "\"", "settings as path=value");
            }
            String path = line.substring(0, equals);
            String place = where + ", setting " + path;
            givens.add(new Given(path, line.substring(equals + 1), new Origin(where, place, place)));
        }
        return Settings.resolve(PartKind.FUNCTION.catalogue(), List.of(), List.of(), givens);
    }
}
