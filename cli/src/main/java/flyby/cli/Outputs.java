package flyby.cli;

import flyby.report.HtmlReport;
import flyby.report.JsonReport;
import flyby.report.PerfettoSink;
import flyby.report.TableReport;
import flyby.report.Timeline;
import flyby.report.TimelineSink;
import flyby.report.VcdSink;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import flyby.trace.TraceSink;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is made of a scenario's runs: files in a folder, text on the screen.
///
/// A file that cannot be written gives an [UncheckedIOException] whose cause names it.
final class Outputs {
    private final OutputFolder folder;
    private final String scenario;
    private final Set<OutputKind> kinds;
    private final String commandLine;
    private final List<Timeline> timelines = new ArrayList<>();
    private @Nullable PerfettoSink perfetto;
    private @Nullable VcdSink vcd;
    private @Nullable TimelineSink timeline;

    /// Outputs of one scenario, none of them open yet.
    ///
    /// @param commandLine what the user typed, for the report
    Outputs(OutputFolder folder, String scenario, Set<OutputKind> kinds, String commandLine) {
        this.folder = folder;
        this.scenario = scenario;
        this.kinds = kinds;
        this.commandLine = commandLine;
    }

    /// Who listens to the trace of the run that comes next.
    List<TraceSink> openSinks(String runName) {
        List<TraceSink> sinks = new ArrayList<>();
        if (kinds.contains(OutputKind.PERFETTO)) {
            PerfettoSink sink = perfetto == null ? new PerfettoSink(folder.create(scenario + ".pftrace")) : perfetto;
            perfetto = sink;
            sink.startRun(scenario, runName);
            sinks.add(sink);
        }
        if (kinds.contains(OutputKind.VCD)) {
            VcdSink sink = new VcdSink(folder.create(scenario + "-" + runName + ".vcd"));
            vcd = sink;
            sinks.add(sink);
        }
        if (kinds.contains(OutputKind.REPORT)) {
            TimelineSink sink = new TimelineSink();
            timeline = sink;
            sinks.add(sink);
        }
        return sinks;
    }

    /// That run is over: nothing more comes for its sinks.
    void closeSinks(RunResult result) {
        if (vcd != null) {
            vcd.close();
            vcd = null;
        }
        if (timeline != null) {
            timelines.add(timeline.timeline(result.name()));
            timeline = null;
        }
    }

    /// All runs are over: writes what needs their results.
    ///
    /// @param notModelled what the models leave out, one sentence each
    void finish(ScenarioResult result, List<String> notModelled) {
        if (perfetto != null) {
            perfetto.close();
        }
        if (kinds.contains(OutputKind.REPORT)) {
            write(".html", out -> HtmlReport.write(result, timelines, notModelled, commandLine, out));
        }
        if (kinds.contains(OutputKind.JSON)) {
            write(".json", out -> json(result, out));
        }
    }

    @FunctionalInterface
    private interface Content {
        void writeTo(Writer out);
    }

    private void write(String ending, Content content) {
        try (Writer out =
                new BufferedWriter(new OutputStreamWriter(folder.create(scenario + ending), StandardCharsets.UTF_8))) {
            content.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The short table.
    static String table(ScenarioResult result, boolean colour) {
        return TableReport.text(result, colour);
    }

    /// The JSON document.
    static void json(ScenarioResult result, Appendable out) {
        JsonReport.write(result, out);
    }
}
