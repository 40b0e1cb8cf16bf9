package flyby.cli;

import flyby.base.LabException;
import flyby.params.Catalogue;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Quote;
import flyby.params.Settings;
import flyby.params.Source;
import flyby.report.VcdSink;
import flyby.report.VectorJson;
import flyby.study.FileProblem;
import flyby.study.ScenarioLibrary;
import flyby.trace.Trace;
import flyby.vectors.Mismatch;
import flyby.vectors.VectorResult;
import flyby.vectors.VectorRun;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "8237",
        header = {"Drive an Intel 8237A pin by pin, clock by clock, from a file.", ""},
        description = {
            "",
            "FILE is text. Its first line names the columns: input pins, a bar, and the outputs you want to see. Each"
                    + " further line is one clock, with the levels of the inputs; 12* before it makes it twelve"
                    + " clocks. What is printed is the same file with the chip's outputs in it: after CLK falls, and,"
                    + " as in 1>0, after it rises, if that is different. Outputs that FILE has already are compared:"
                    + " so a printed file is a test.",
            "",
            "  RESET CS IOR IOW A DB DREQ HLDA READY EOP | STATE HRQ DACK AEN ADSTB A DB IOR IOW MEMR MEMW EOP",
            "",
            "Leave out any of them: an input then has its inactive level. docs/vectors.md tells all; docs/vectors has"
                    + " examples.",
            "",
            "Examples:",
            "  ./flyby 8237 --vectors docs/vectors/single.txt",
            "  ./flyby 8237 --vectors my.txt > expected.txt    the outputs, to be read and kept",
            "  ./flyby 8237 --vectors expected.txt --quiet     compares: exit status 1 if one is different",
            "  ./flyby 8237 --vectors my.txt --vcd pins.vcd    the pins as waveforms, for GTKWave",
            "  ./flyby 8237 --vectors my.txt --quiet --explain why nothing happened",
            ""
        })
final class ChipCommand implements Callable<Integer> {
    private static final String CLOCK = "clock";
    private static final Catalogue PARAMETERS = Catalogue.titled("8237A")
            .frequency(
                    CLOCK,
                    "5 MHz",
                    "1 kHz",
                    "100 MHz",
                    Source.spec("Intel 8237A data sheet, 231466", "8237A-5: up to 5 MHz"),
                    "Clock of the chip.")
            .build();

    private final Application application;

    @Option(names = "--vectors", required = true, paramLabel = "FILE", description = "The levels of the inputs.")
    private String vectors = "";

    @Option(
            names = "--vcd",
            paramLabel = "FILE",
            description = "Write the pins as a value change dump. STATE is text: choose ASCII as its format.")
    private @Nullable String vcd;

    @Option(
            names = "--clock",
            paramLabel = "FREQUENCY",
            defaultValue = "5MHz",
            description = "How fast CLK is in the dump. Default: ${DEFAULT-VALUE}")
    private String clock = "";

    @Option(names = "--explain", description = "Say at the end what each channel is about, and why it does nothing.")
    private boolean explain;

    @Option(names = "--quiet", description = "Print no vectors: only mismatches and how many clocks it was.")
    private boolean quiet;

    @Option(
            names = "--json",
            description = "Print one JSON document instead of the vectors, and nothing else, on standard output.")
    private boolean json;

    ChipCommand(Application application) {
        this.application = application;
    }

    @Override
    public Integer call() {
        Given given = new Given(CLOCK, clock, new Origin("--clock", "--clock", "--clock"));
        long periodPicos = Settings.resolve(PARAMETERS, List.of(), List.of(), List.of(given))
                .periodPicos(CLOCK);
        String file = vcd;
        VectorResult result = file == null ? run(Trace.off(), periodPicos) : dumped(file, periodPicos);
        print(result);
        return result.ok() ? Application.AS_EXPECTED : Application.NOT_AS_EXPECTED;
    }

    private VectorResult dumped(String file, long periodPicos) {
        Path path = ScenarioLibrary.path(file).toAbsolutePath();
        Path parent = path.getParent();
        Path name = path.getFileName();
        if (parent == null || name == null) {
            throw FileProblem.of(file, "this is a folder, and a file is to be written");
        }
        refuseTheVectors(path, file);
        // The root's name ends with a slash already.
        String shownName = parent.getNameCount() == 0 ? "" : parent.toString();
        try (OutputFolder folder = OutputFolder.open(parent, shownName, application.farewell())) {
            VectorResult result;
            try (VcdSink sink = new VcdSink(folder.create(name.toString()))) {
                result = run(Trace.to(List.of(sink)), periodPicos);
            }
            folder.commit();
            return result;
        }
    }

    private void refuseTheVectors(Path path, String file) {
        try {
            if (Files.exists(path) && Files.isSameFile(path, ScenarioLibrary.path(vectors))) {
                throw new LabException(
                        LabException.Kind.BAD_INPUT, "--vcd", Quote.of(file), "another file than that of --vectors");
            }
        } catch (IOException e) {
            throw FileProblem.of(vectors, e);
        }
    }

    private VectorResult run(Trace trace, long periodPicos) {
        PrintStream out = application.terminal().out();
        Consumer<String> lines = quiet || json ? _ -> {} : out::println;
        try (InputStream stream = Files.newInputStream(ScenarioLibrary.path(vectors))) {
            return VectorRun.run(vectors, stream, trace, periodPicos, lines);
        } catch (IOException e) {
            throw Files.isDirectory(ScenarioLibrary.path(vectors))
                    ? FileProblem.of(vectors, "this is a folder")
                    : FileProblem.of(vectors, e);
        }
    }

    private void print(VectorResult result) {
        PrintStream out = application.terminal().out();
        if (json) {
            VectorJson.write(application.version(), vectors, result, out);
        } else {
            if (quiet) {
                out.printf(
                        "%d clocks, %d transfers, %d mismatches%n",
                        result.clocks(), result.transfers(), result.mismatches());
            }
            if (explain) {
                // A comment, so that what is printed stays a vector file.
                result.explanation().forEach(sentence -> out.println("# " + sentence));
            }
        }
        out.flush();
        for (Mismatch mismatch : result.firstMismatches()) {
            application
                    .terminal()
                    .complain("%s:%d: %s in clock %d: expected %s, found %s"
                            .formatted(
                                    vectors,
                                    mismatch.line(),
                                    mismatch.column(),
                                    mismatch.clock(),
                                    mismatch.expected(),
                                    mismatch.found()));
        }
        long more = result.mismatches() - result.firstMismatches().size();
        if (more > 0) {
            application.terminal().complain("and " + more + " more");
        }
    }
}
