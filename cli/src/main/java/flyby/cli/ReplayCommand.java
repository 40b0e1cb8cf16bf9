package flyby.cli;

import flyby.machine.Recordings;
import flyby.record.Difference;
import flyby.record.RecordingReader;
import flyby.record.Replay;
import flyby.record.ReplayCounts;
import flyby.record.ReplayResult;
import flyby.report.ReplayJson;
import flyby.sim.Time;
import flyby.study.FileProblem;
import flyby.study.ScenarioLibrary;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        header = {"Do to a device again what was recorded, and compare what it does.", ""},
        description = {
            "",
            "FILE is what --record of run or serve has written. The device is made anew with the settings of then, its"
                    + " registers are accessed as then, and its accesses to memory are answered with the bytes of"
                    + " then. Everything that it does is compared. A recording whose process was killed is played up"
                    + " to its last whole event. docs/recording.md tells all.",
            "",
            "Examples:",
            "  ./flyby run sg-copy --record sg0=life.flyrec",
            "  ./flyby replay life.flyrec",
            "  ./flyby replay life.flyrec --print | less",
            "",
            "The exit status is 0 if the device does the same, 1 if not, and 2 if FILE cannot be used.",
            ""
        })
final class ReplayCommand implements Callable<Integer> {
    private final Application application;

    @Parameters(index = "0", paramLabel = "FILE", description = "The recording.")
    private String file = "";

    @Option(names = "--print", description = "Print a line for each event instead of replaying.")
    private boolean print;

    @Option(
            names = "--json",
            description = "Print one JSON document instead of text, and nothing else, on standard output.")
    private boolean json;

    ReplayCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() {
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(ScenarioLibrary.path(file)), 1 << 16)) {
            RecordingReader reader =
                    new RecordingReader(file, (into, offset, byteCount) -> read(stream, into, offset, byteCount));
            return print ? list(reader) : replay(reader);
        } catch (IOException e) {
            throw Files.isDirectory(ScenarioLibrary.path(file))
                    ? FileProblem.of(file, "this is a folder")
                    : FileProblem.of(file, e);
        }
    }

    private static int read(InputStream stream, byte[] into, int offset, int byteCount) {
        try {
            return stream.read(into, offset, byteCount);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int list(RecordingReader reader) {
        PrintStream out = application.terminal().out();
        out.println("recording of " + reader.header().name());
        reader.header().settings().lines().forEach(line -> out.println("  " + line));
        if (!reader.header().remark().isEmpty()) {
            out.println("  with " + reader.header().remark());
        }
        reader.list(out::println);
        out.flush();
        return Application.AS_EXPECTED;
    }

    private int replay(RecordingReader reader) {
        ReplayResult result =
                Replay.of(reader, Recordings.maker(file, reader.header())).run();
        PrintStream out = application.terminal().out();
        if (json) {
            ReplayJson.write(application.version(), file, reader.header(), result, out);
        } else {
            out.println(text(result));
            Difference difference = result.difference();
            if (difference != null) {
                out.println("before that:");
                difference.before().forEach(out::println);
            }
        }
        out.flush();
        return result.isSame() ? Application.AS_EXPECTED : Application.NOT_AS_EXPECTED;
    }

    private String text(ReplayResult result) {
        ReplayCounts counts = result.counts();
        Difference difference = result.difference();
        String verdict = difference == null ? "identical" : "different at " + difference.text();
        String end = result.isWhole() || difference != null
                ? ""
                : "%nthe recording was cut short; all up to byte %d was played".formatted(result.cutAt());
        return """
                %s: %s
                %d events in %s: %d register reads, %d writes, %d resets, %d transactions, %d bytes read, %d written, \
                %d interrupt levels, %d alarms%s""".formatted(
                        file,
                        verdict,
                        counts.events(),
                        Time.text(counts.lastPicos()),
                        counts.registerReads(),
                        counts.registerWrites(),
                        counts.resets(),
                        counts.transactions(),
                        counts.bytesRead(),
                        counts.bytesWritten(),
                        counts.interrupts(),
                        counts.alarms(),
                        end);
    }
}
