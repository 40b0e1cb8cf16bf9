package flyby.report;

import flyby.machine.MachineLibrary;
import flyby.topology.Sketch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Writes made-up results as files, to look at while the report is worked on: the folder is its one argument.
final class SampleMain {
    private SampleMain() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        StringBuilder html = new StringBuilder();
        List<Timeline> timelines = Sample.RUNS.stream()
                .map(name -> Sample.timeline(name, 24, name.equals("cycle-stealing") ? 500 : 4_000))
                .toList();
        HtmlReport.write(Sample.demo(), timelines, Sample.NOT_MODELLED, "./flyby demo --out flyby-out", html);
        Files.writeString(folder.resolve("demo.html"), html);
        html.setLength(0);
        List<Timeline> stale = List.of(Sample.timeline("stale-read", 3, 4_000));
        HtmlReport.write(Sample.stale("buffer.bin"), stale, Sample.NOT_MODELLED, "./flyby run stale-read", html);
        Files.writeString(folder.resolve("stale.html"), html);
        html.setLength(0);
        HtmlReport.write(Sample.sweep(), List.of(), Sample.NOT_MODELLED, "./flyby run sweep", html);
        Files.writeString(folder.resolve("sweep.html"), html);
        for (String machine : List.of("server-2s", "desktop-switch", "pc-xt-1983")) {
            Sketch sketch = MachineLibrary.show(machine, List.of()).sketch();
            Files.writeString(folder.resolve(machine + ".html"), SketchTest.page(Sample.demo(), Optional.of(sketch)));
        }
        StringBuilder json = new StringBuilder();
        JsonReport.write(Sample.demo(), json);
        Files.writeString(folder.resolve("demo.json"), json);
        try (var stream = Files.newOutputStream(folder.resolve("demo.perfetto-trace"));
                PerfettoSink sink = new PerfettoSink(stream)) {
            for (String name : Sample.RUNS) {
                sink.startRun("demo", name);
                Sample.trace(name, 24, List.of(sink));
            }
        }
        try (var stream = Files.newOutputStream(folder.resolve("burst.vcd"));
                VcdSink sink = new VcdSink(stream)) {
            sink.defineClock("bus", "CLK", 125_000, true);
            Sample.trace("burst", 24, List.of(sink));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        System.out.println(TableReport.text(Sample.demo(), false));
        System.out.println(TableReport.text(Sample.stale("buffer.bin"), false));
    }
}
