package flyby.experiment;

import flyby.machine.Mainboard;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;

/// The parameter of the driver's buffer on a mainboard.
final class BoardBuffer {
    private BoardBuffer() {}

    /// What may be set: the buffer, and what `machine` says.
    static Catalogue with(Catalogue machine) {
        return Catalogue.titled("A driver with a buffer")
                .bytes(
                        "driver.buffer",
                        "4 KiB",
                        "1 B",
                        "64 KiB",
                        Source.derived("at most what the controller's 16-bit count register can say"),
                        "The driver's buffer: how much one request moves.")
                .include(machine)
                .rule(
                        "driver.buffer must fit into machine.memory.size above 64 KiB",
                        settings -> Mainboard.BUFFER + bytes(settings) <= settings.bytes("machine.memory.size"),
                        "driver.buffer",
                        "machine.memory.size")
                .build();
    }

    static int bytes(Settings settings) {
        return Math.toIntExact(settings.bytes("driver.buffer"));
    }
}
