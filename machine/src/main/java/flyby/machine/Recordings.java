package flyby.machine;

import flyby.base.LabException;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.params.Catalogue;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Settings;
import flyby.record.RecordingHeader;
import flyby.record.Tap;
import flyby.topology.PartKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Recordings of devices of the shelf: with settings that make the same device again.
public final class Recordings {
    private Recordings() {}

    /// Behind a value that nobody has set: where the same is the default still, nobody has set it in the replay.
    private static final String DEFAULT = " (default)";

    /// The line that says that a drive's medium was one from outside.
    private static final String MEDIUM = "medium=outside";

    /// What a recording of the device called `name` begins with.
    ///
    /// @param settings of a function; all are written down, as defaults may change
    /// @param remark what else is worth knowing
    public static RecordingHeader header(String name, Settings settings, String remark) {
        return header(name, settings, remark, false);
    }

    /// The same of a device that may have a medium from outside.
    ///
    /// @param hasMedium whether it has: then it is a [TappedStore]
    public static RecordingHeader header(String name, Settings settings, String remark, boolean hasMedium) {
        String text = settings.all().stream()
                .map(each -> each.parameter().path() + "=" + each.text()
                        + (each.origin().equals(Origin.DEFAULT) ? DEFAULT : ""))
                .collect(Collectors.joining("\n"));
        return new RecordingHeader(name, hasMedium ? text + "\n" + MEDIUM : text, remark);
    }

    /// The maker of the device that was recorded.
    ///
    /// @param where the recording is from, for messages
    /// @throws LabException if there is no such device any more, or not with such settings
    public static Function<DeviceHost, Device> maker(String where, RecordingHeader header) {
        Settings settings = settings(where, header);
        boolean hasMedium = header.settings().lines().anyMatch(MEDIUM::equals);
        return host -> DeviceShelf.make(
                header.name(),
                settings,
                host,
                () -> hasMedium && host instanceof Tap tap ? TappedStore.replayed(tap) : null);
    }

    /// The settings of the device that was recorded.
    ///
    /// @throws LabException if there are no such any more
    public static Settings settings(String where, RecordingHeader header) {
        List<Given> givens = new ArrayList<>();
        Catalogue catalogue = PartKind.FUNCTION.catalogue();
        for (String line : header.settings().lines().toList()) {
            if (line.equals(MEDIUM)) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new LabException(
                        LabException.Kind.BAD_FILE, where, "a setting \"" + line + "\"", "settings as path=value");
            }
            String path = line.substring(0, equals);
            String place = where + ", setting " + path;
            String value = line.substring(equals + 1);
            boolean wasDefault = value.endsWith(DEFAULT);
            String text = wasDefault ? value.substring(0, value.length() - DEFAULT.length()) : value;
            if (!wasDefault || !isDefault(catalogue, path, text)) {
                givens.add(new Given(path, text, new Origin(where, place, place)));
            }
        }
        return Settings.resolve(catalogue, List.of(), List.of(), givens);
    }

    private static boolean isDefault(Catalogue catalogue, String path, String text) {
        return catalogue
                .find(path)
                .filter(each -> each.domain().format(each.standard()).equals(text))
                .isPresent();
    }
}
