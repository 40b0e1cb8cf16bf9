package flyby.experiment;

import flyby.driver.FloppyDriver;
import flyby.floppy.DisketteFormat;
import flyby.floppy.layout.FloppyRegisters;
import flyby.machine.PcCatalogue;
import flyby.params.Catalogue;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.study.RunContext;
import flyby.study.RunResult;
import java.util.List;

/// The input is read from a diskette, or written to one, over DMA channel 2 of a PC, at either data rate.
public final class FloppyTransfer extends BoardExperiment {
    private static final List<String> RUNS = List.of("read-500k", "write-500k", "read-250k", "write-250k");
    static final String REVOLUTION = "machine.floppy.revolution";

    private static final Catalogue PARAMETERS = Catalogue.titled("A file on a diskette")
            .choices("runs", RUNS, RUNS, "Which ways to compare: direction and data rate in bits a second.")
            .duration(
                    REVOLUTION,
                    "200 ms",
                    "200 ms",
                    "10 s",
                    Source.spec("Intel 82077AA data sheet, 290166", "index pulses of a 300 rpm drive"),
                    "A turn of the diskette.")
            .include(BoardBuffer.with(PcCatalogue.PARAMETERS))
            .rule(
                    "driver.buffer must hold a sector: 512 B",
                    settings -> BoardBuffer.bytes(settings) >= 512,
                    "driver.buffer")
            .build();

    public FloppyTransfer() {
        super(
                "floppy",
                "A file is read from a diskette and written to one, over DMA channel 2",
                PARAMETERS,
                PcCatalogue.profiles(),
                "The diskette turns at full speed as soon as its motor is on, at exactly its rate, and has no errors.",
                "The floppy controller takes a command byte at once; its head settles in no time.");
    }

    @Override
    public RunResult run(String runName, RunContext context) {
        boolean isFast = isFast(runName);
        DisketteFormat format = format(runName);
        byte[] file = WholeInput.bytes(
                context.input(), bytesInEachRun(context.settings()), "all that each of the runs' diskettes holds");
        var geometry = new FloppyDriver.Geometry(
                format.heads(),
                format.sectorsPerTrack(),
                format.sizeCode(),
                format.gap3Bytes(),
                isFast ? FloppyRegisters.RATE_500K : FloppyRegisters.RATE_250K);
        try (FloppyRun run = new FloppyRun(runName, context, file, format, geometry)) {
            return runName.startsWith("read") ? run.read() : run.write();
        }
    }

    /// A file that does not fit in one of the runs is refused before the first of them begins.
    private static int bytesInEachRun(Settings settings) {
        return settings.choices("runs").stream()
                .map(FloppyTransfer::format)
                .mapToInt(DisketteFormat::byteCount)
                .min()
                .orElse(0);
    }

    private static boolean isFast(String runName) {
        return runName.endsWith("500k");
    }

    private static DisketteFormat format(String runName) {
        return isFast(runName) ? DisketteFormat.HIGH_DENSITY : DisketteFormat.DOUBLE_DENSITY;
    }
}
