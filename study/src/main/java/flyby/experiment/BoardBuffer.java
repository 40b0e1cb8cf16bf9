package flyby.experiment;

import flyby.machine.BoardCatalogue;
import flyby.machine.ClassicBoard;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;

/// The board's parameters together with that of the driver's buffer on it.
final class BoardBuffer {
    /// What may be set.
    static final Catalogue PARAMETERS = Catalogue.titled("A driver with a buffer on a classic board")
            .bytes(
                    "driver.buffer",
                    "4 KiB",
                    "1 B",
                    "64 KiB",
                    Source.derived("at most what the controller's 16-bit count register can say"),
                    "The driver's buffer: how much one request moves.")
            .include(BoardCatalogue.PARAMETERS)
            .rule(
                    "driver.buffer must fit into machine.memory.size above 64 KiB",
                    settings -> ClassicBoard.BUFFER + bytes(settings) <= settings.bytes("machine.memory.size"),
                    "driver.buffer",
                    "machine.memory.size")
            .build();

    private BoardBuffer() {}

    static int bytes(Settings settings) {
        return Math.toIntExact(settings.bytes("driver.buffer"));
    }
}
