package flyby.guest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A device that QEMU has itself.
///
/// @param properties as after `-device`
/// @param before arguments that have to stand before it
record QemuDevice(String properties, List<String> before) implements GuestDevice {
    QemuDevice {
        before = List.copyOf(before);
    }

    @Override
    public String name() {
        return "qemu:" + properties;
    }

    @Override
    public Ready prepare(Path folder) {
        return new Ready() {
            @Override
            public List<String> qemuArguments(String bus) {
                List<String> arguments = new ArrayList<>(before);
                arguments.addAll(List.of("-device", properties + ",bus=" + bus));
                return arguments;
            }

            @Override
            public void close() {
                // It ends with QEMU.
            }
        };
    }
}
