package flyby.report;

import flyby.base.JsonWriter;
import flyby.vectors.Mismatch;
import flyby.vectors.VectorResult;

/// The JSON document of a vector file that was applied to an 8237A; `docs/vectors.md` describes it.
public final class VectorJson {
    private VectorJson() {}

    /// Writes the document for `result` to `out`, with a newline at its end. Its encoding is to be UTF-8.
    ///
    /// @param version of Flyby
    /// @param file the vector file
    /// @throws java.io.UncheckedIOException if `out` fails
    public static void write(String version, String file, VectorResult result, Appendable out) {
        JsonWriter json = new JsonWriter(out, true);
        json.beginObject();
        json.name("flyby").value(version);
        json.name("vectors").value(file);
        json.name("ok").value(result.ok());
        json.name("clocks").safeValue(result.clocks());
        json.name("transfers").safeValue(result.transfers());
        json.name("mismatches").safeValue(result.mismatches());
        json.name("firstMismatches").beginArray();
        for (Mismatch mismatch : result.firstMismatches()) {
            json.beginObject();
            json.name("line").safeValue(mismatch.line());
            json.name("clock").safeValue(mismatch.clock());
            json.name("column").value(mismatch.column());
            json.name("expected").value(mismatch.expected());
            json.name("found").value(mismatch.found());
            json.endObject();
        }
        json.endArray();
        json.name("explanation").beginArray();
        result.explanation().forEach(json::value);
        json.endArray();
        json.endObject();
        json.endDocument();
    }
}
