package flyby.check.report;

import flyby.check.CallSite;
import flyby.check.Evidence;
import flyby.check.Finding;
import flyby.check.Finding.Step;
import flyby.check.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Findings, and the source that they are about.
final class Sample {
    static final String SOURCE = """
            package toy;

            final class ToyDriver {
                void receive() {
                    long mapped = dma.mapSingle(buf, 64, FROM_DEVICE);
                    start(mapped);
                    await(done);
                    // The packet is here.
                    int length = cpu.load8(buffer); // BUG
                    deliver(length);
                    cpu.store64(buffer + 0, first); cpu.store64(buffer + 8, second);
                }
            }
            """;

    private static final String FILE = "toy/ToyDriver.java";

    private Sample() {}

    static CallSite line(int line) {
        return new CallSite("ToyDriver", "receive", FILE, line);
    }

    /// Line 9, called in line 10.
    private static CallSite called() {
        return new CallSite("ToyDriver", "receive", FILE, 9, line(10));
    }

    /// A project with the driver's source below `folder`.
    static SourceTree tree(Path folder) {
        try {
            Path source = folder.resolve("zoo/src/main/java").resolve(FILE);
            Files.createDirectories(source.getParent());
            Files.writeString(source, SOURCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new SourceTree(folder);
    }

    static Finding early() {
        return new Finding(
                Rule.R41,
                Evidence.STALE,
                "cpu0 read 1 byte at 0x12000 that is older than what card0 has written there",
                "cpu0",
                called(),
                12_345_678,
                List.of(
                        new Step(1_234_000, "64 bytes at 0x12000 are mapped FROM_DEVICE, as 0x12000", line(5)),
                        new Step(9_000_000, "card0 wrote 64 bytes at 0x12000", CallSite.NONE)),
                List.of(new Step(2_000_000, "line 0x12000 came into the cache of cpu0, by prefetch", CallSite.NONE)),
                "45",
                "00",
                "Call dma_sync_single_for_cpu(), or unmap, before this line.");
    }

    static Finding leak() {
        return new Finding(
                Rule.R22,
                Evidence.LEAK,
                "64 bytes at 0x12000 are still mapped for card0",
                "card0",
                CallSite.NONE,
                99_000_000,
                List.of(new Step(1_234_000, "64 bytes at 0x12000 are mapped FROM_DEVICE, as 0x12000", line(5))),
                List.of(),
                "",
                "",
                "");
    }

    static CheckResult result(Finding... findings) {
        return new CheckResult("0.1.0", "toy", "./flyby check toy --seed 7", "", List.of(findings));
    }
}
