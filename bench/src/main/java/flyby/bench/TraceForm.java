package flyby.bench;

import flyby.report.PerfettoSink;
import flyby.report.TimelineSink;
import flyby.report.VcdSink;
import flyby.trace.HashSink;
import flyby.trace.Ledger;
import flyby.trace.Trace;
import flyby.trace.TraceSink;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// Who listens to a run: `off` nobody; `hash` what every run of the program has, the trace hash and the ledger of
/// phases; `report`, `perfetto` and `vcd` one more each, whose output goes nowhere.
final class TraceForm {
    private TraceForm() {}

    static Trace trace(String form, String run, HashSink hash) {
        if (form.equals("off")) {
            return Trace.off();
        }
        List<TraceSink> sinks = new ArrayList<>(List.of(hash, new Ledger()));
        switch (form) {
            case "hash" -> {
                // Nothing else listens.
            }
            case "report" -> sinks.add(new TimelineSink());
            case "perfetto" -> {
                PerfettoSink sink = new PerfettoSink(OutputStream.nullOutputStream());
                sink.startRun("bench", run);
                sinks.add(sink);
            }
            case "vcd" -> sinks.add(new VcdSink(OutputStream.nullOutputStream()));
            default -> throw new IllegalArgumentException("no form " + form);
        }
        return Trace.to(sinks);
    }
}
