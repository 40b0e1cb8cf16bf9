package flyby.report;

import flyby.base.JsonWriter;
import flyby.validate.Claim;
import flyby.validate.Outcome;
import flyby.validate.Row;
import flyby.validate.Validation;
import flyby.validate.Verdict;
import java.util.List;
import java.util.Locale;

/// The one JSON document of `validate`; `docs/json.md` describes it.
public final class ValidationJson {
    private ValidationJson() {}

    /// Writes the document to `out`, with a newline at its end. Its encoding is to be UTF-8.
    ///
    /// @param version of Flyby
    /// @throws java.io.UncheckedIOException if `out` fails
    public static void write(String version, List<Validation.Checked> checked, Appendable out) {
        JsonWriter json = new JsonWriter(out, true);
        json.beginObject();
        json.name("flyby").value(version);
        json.name("ok").value(Validation.count(checked, Verdict.FAIL) == 0);
        json.name("passed").value(Validation.count(checked, Verdict.PASS));
        json.name("failed").value(Validation.count(checked, Verdict.FAIL));
        json.name("context").value(Validation.count(checked, Verdict.CONTEXT));
        json.name("sections").beginArray();
        for (Validation.Checked each : checked) {
            json.beginObject();
            json.name("name").value(each.section().name());
            json.name("title").value(each.section().title());
            json.name("rows").beginArray();
            each.outcomes().forEach(outcome -> outcome(json, outcome));
            json.endArray();
            json.endObject();
        }
        json.endArray();
        json.endObject();
        json.endDocument();
    }

    private static void outcome(JsonWriter json, Outcome outcome) {
        Row row = outcome.row();
        json.beginObject();
        json.name("id").value(row.id());
        json.name("kind").value(kind(outcome));
        json.name("quantity").value(row.quantity());
        json.name("conditions").value(row.conditions());
        json.name("publishedText").value(row.claim().published());
        json.name("grade").value(row.grade().name());
        json.name("source").beginObject();
        json.name("key").value(row.source().reference().key());
        json.name("title").value(row.source().reference().title());
        json.name("address").value(row.source().reference().address());
        json.name("place").value(row.source().place());
        json.name("derived").value(row.source().derived());
        json.endObject();
        json.name("how").value(row.how());
        json.name("verdict").value(outcome.verdict().name().toLowerCase(Locale.ROOT));
        json.name("ok").value(!outcome.verdict().equals(Verdict.FAIL));
        switch (outcome) {
            case Outcome.Measured measured -> measured(json, measured);
            case Outcome.Observed observed -> observed(json, observed);
            case Outcome.Stopped stopped -> json.name("stopped").value(stopped.why());
            case Outcome.Untested _ -> {}
        }
        json.endObject();
    }

    private static String kind(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Measured _ -> "figure";
            case Outcome.Observed _ -> "rule";
            case Outcome.Stopped _ -> "stopped";
            case Outcome.Untested _ -> "context";
        };
    }

    private static void measured(JsonWriter json, Outcome.Measured measured) {
        Claim.Quantity claim = measured.claim();
        json.name("unit").value(claim.unit());
        json.name("published").value(claim.value().doubleValue());
        json.name("simulated").value(measured.simulated());
        json.name("difference").value(measured.difference().doubleValue());
        json.name("differencePercent").value(measured.differencePercent().doubleValue());
        json.name("tolerance").value(claim.tolerance().of(claim.value()).doubleValue());
        json.name("toleranceMeans").value(claim.tolerance().words());
    }

    private static void observed(JsonWriter json, Outcome.Observed observed) {
        json.name("unit").value("facts");
        json.name("published").value(observed.factCount());
        json.name("simulated").value(observed.factCount() - observed.broken().size());
        json.name("tolerance").value(0);
        json.name("broken").beginArray();
        observed.broken().forEach(json::value);
        json.endArray();
    }
}
