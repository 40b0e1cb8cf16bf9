package flyby.zoo.survey;

import flyby.base.JsonWriter;
import flyby.check.Rule;
import flyby.check.report.JsonReport;
import flyby.check.report.SourceTree;
import flyby.zoo.survey.Row.Listener;
import flyby.zoo.survey.Row.Share;
import flyby.zoo.survey.Row.Sighting;
import java.util.List;

/// The table as one JSON document; `docs/zoo.md` describes it.
public final class SurveyJson {
    private final JsonWriter json;
    private final SourceTree sources;

    private SurveyJson(Appendable out, SourceTree sources) {
        json = new JsonWriter(out, true);
        this.sources = sources;
    }

    /// Writes the document of `result` to `out`, with a newline at its end.
    ///
    /// @throws java.io.UncheckedIOException if `out` fails
    public static void write(SurveyResult result, SourceTree sources, Appendable out) {
        new SurveyJson(out, sources).write(result);
    }

    private void write(SurveyResult result) {
        json.beginObject();
        json.name("flyby").value(result.version());
        json.name("ok").value(result.isGood());
        json.name("machines").beginArray();
        result.machines().forEach(json::value);
        json.endArray();
        json.name("seeds").beginArray();
        result.seeds().forEach(json::safeValue);
        json.endArray();
        json.name("patterns").beginArray();
        result.rows().forEach(this::row);
        json.endArray();
        json.name("lookalikes").beginArray();
        for (LookalikeRow row : result.lookalikes()) {
            json.beginObject();
            json.name("number").value(row.number());
            json.name("title").value(row.title());
            json.name("runs").value(row.runs());
            alarms(row.alarms());
            json.name("dmaApiDebugRuns").value(row.debugAlarms());
            json.endObject();
        }
        json.endArray();
        json.name("totals").beginArray();
        result.totals().forEach(json::value);
        json.endArray();
        json.endObject();
        json.endDocument();
    }

    private void row(Row row) {
        json.beginObject();
        json.name("id").value(row.label().id());
        json.name("title").value(row.label().title());
        json.name("real").value(row.label().real());
        json.name("rules").beginArray();
        row.label().rules().stream().map(Rule::number).forEach(json::value);
        json.endArray();
        json.name("caught").value(row.isCaught());
        json.name("machines").beginArray();
        for (Share share : row.machines()) {
            json.beginObject();
            json.name("name").value(share.machine());
            json.name("caughtRuns").value(share.caught());
            json.name("runs").value(share.runs());
            json.endObject();
        }
        json.endArray();
        json.name("sighting").beginArray();
        row.sighting().ifPresent(this::sighting);
        json.endArray();
        json.name("twinRuns").value(row.twinRuns());
        alarms(row.alarms());
        json.name("dmaApiDebug").beginObject();
        json.name("asShipped");
        listener(row.asShipped());
        json.name("withOverlaps");
        listener(row.withOverlaps());
        json.name("bySource").value(DebugVerdict.of(row.label().id()).word());
        json.name("agrees").value(row.agrees());
        json.endObject();
        json.name("alwaysOn");
        listener(row.always());
        json.endObject();
    }

    private void sighting(Sighting sighting) {
        json.beginObject();
        json.name("machine").value(sighting.machine());
        json.name("seed").safeValue(sighting.seed());
        json.name("namesRule").value(sighting.hasRule());
        json.name("namesLine").value(sighting.hasLine());
        json.name("findings");
        JsonReport.findings(json, List.of(sighting.finding()), sources);
        json.endObject();
    }

    private void listener(Listener listener) {
        json.beginObject();
        json.name("caughtRuns").value(listener.caught());
        json.name("runs").value(listener.runs());
        json.name("says").beginArray();
        listener.checks().forEach(json::value);
        json.endArray();
        json.name("twinRuns").value(listener.onTwin());
        json.endObject();
    }

    private void alarms(List<Row.Alarm> alarms) {
        json.name("alarms").beginArray();
        for (Row.Alarm alarm : alarms) {
            json.beginObject();
            json.name("subject").value(alarm.subject());
            json.name("machine").value(alarm.machine());
            json.name("seed").safeValue(alarm.seed());
            json.name("findings");
            JsonReport.findings(json, List.of(alarm.finding()), sources);
            json.endObject();
        }
        json.endArray();
    }
}
