package flyby.report;

import flyby.base.JsonWriter;
import flyby.record.Difference;
import flyby.record.RecordingHeader;
import flyby.record.ReplayCounts;
import flyby.record.ReplayResult;

/// The JSON document of a recording that was replayed; `docs/recording.md` describes it.
public final class ReplayJson {
    private ReplayJson() {}

    /// Writes the document for `result` to `out`, with a newline at its end. Its encoding is to be UTF-8.
    ///
    /// @param version of Flyby
    /// @param file the recording
    /// @throws java.io.UncheckedIOException if `out` fails
    public static void write(String version, String file, RecordingHeader header, ReplayResult result, Appendable out) {
        JsonWriter json = new JsonWriter(out, true);
        json.beginObject();
        json.name("flyby").value(version);
        json.name("recording").value(file);
        json.name("device").value(header.name());
        json.name("remark").value(header.remark());
        json.name("same").value(result.isSame());
        json.name("whole").value(result.isWhole());
        json.name("byteCount").safeValue(result.cutAt());
        counts(result.counts(), json);
        Difference difference = result.difference();
        if (difference != null) {
            json.name("difference").beginObject();
            json.name("byteOffset").safeValue(difference.byteOffset());
            json.name("event").safeValue(difference.eventNumber());
            json.name("timePicos").safeValue(difference.timePicos());
            json.name("expected").value(difference.expected());
            json.name("seen").value(difference.seen());
            json.name("before").beginArray();
            difference.before().forEach(json::value);
            json.endArray();
            json.endObject();
        }
        json.endObject();
        json.endDocument();
    }

    private static void counts(ReplayCounts counts, JsonWriter json) {
        json.name("counts").beginObject();
        json.name("events").safeValue(counts.events());
        json.name("registerReads").safeValue(counts.registerReads());
        json.name("registerWrites").safeValue(counts.registerWrites());
        json.name("resets").safeValue(counts.resets());
        json.name("transactions").safeValue(counts.transactions());
        json.name("bytesRead").safeValue(counts.bytesRead());
        json.name("bytesWritten").safeValue(counts.bytesWritten());
        json.name("interrupts").safeValue(counts.interrupts());
        json.name("alarms").safeValue(counts.alarms());
        json.name("lastPicos").safeValue(counts.lastPicos());
        json.endObject();
    }
}
