package flyby.report;

import flyby.base.Check;
import flyby.base.JsonWriter;
import flyby.check.report.SourceTree;
import flyby.study.Figure;
import flyby.study.Finding;
import flyby.study.RunResult;
import flyby.study.ScenarioResult;
import flyby.trace.Ledger;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The one JSON document of a run of a scenario; `docs/json.md` describes it.
///
/// Keys come in a fixed order and each says its unit, so that two documents compare line by line.
public final class JsonReport {
    private static final Set<String> CORE_KEYS = new TreeSet<>(Set.of(
            "name",
            "bytes",
            "elapsedPs",
            "bytesPerSecond",
            "sha256",
            "dataOk",
            "ok",
            "traceHash",
            "explanation",
            "phasesPs",
            "findings",
            "transfers",
            "series",
            "tables",
            "breaches"));

    private JsonReport() {}

    /// Writes the document for `result` to `out`, with a newline at its end. Its encoding is to be UTF-8.
    ///
    /// @throws java.io.UncheckedIOException if `out` fails
    public static void write(ScenarioResult result, Appendable out) {
        JsonWriter json = new JsonWriter(out, true);
        json.beginObject();
        json.name("flyby").value(result.version());
        json.name("scenario").value(result.scenario());
        json.name("title").value(result.title());
        json.name("seed").safeValue(result.seed());
        json.name("ok").value(result.ok());
        json.name("traceHash").value(result.traceHash());
        json.name("input").value(result.input());
        json.name("parameters").beginObject();
        for (ScenarioResult.ParameterValue parameter : result.parameters()) {
            json.name(parameter.path()).beginObject();
            json.name("value").value(parameter.value());
            json.name("origin").value(parameter.origin());
            json.name("source").value(parameter.source());
            json.endObject();
        }
        json.endObject();
        json.name("runs").beginArray();
        for (RunResult run : result.runs()) {
            run(json, run);
        }
        json.endArray();
        json.name("conclusions").beginArray();
        result.conclusions().forEach(json::value);
        json.endArray();
        json.endObject();
        json.endDocument();
    }

    private static void run(JsonWriter json, RunResult run) {
        json.beginObject();
        json.name("name").value(run.name());
        json.name("bytes").value(run.bytes());
        json.name("elapsedPs").value(run.elapsedPicos());
        json.name("bytesPerSecond").value(Numbers.bytesPerSecond(run));
        json.name("sha256").value(run.sha256());
        json.name("dataOk").value(run.dataOk());
        json.name("ok").value(run.ok());
        json.name("traceHash").value(run.traceHash());
        json.name("phasesPs");
        phases(json, run.phasesPicos());
        Set<String> taken = new TreeSet<>(CORE_KEYS);
        for (Figure figure : run.figures()) {
            Check.that(taken.add(figure.key()), "figure %s of run %s is not the only one", figure.key(), run.name());
            json.name(figure.key()).value(figure.value());
        }
        json.name("findings").beginArray();
        for (Finding finding : run.findings()) {
            finding(json, finding);
        }
        json.endArray();
        json.name("explanation").beginArray();
        run.explanation().forEach(json::value);
        json.endArray();
        json.name("transfers").beginArray();
        for (Ledger.Transfer transfer : run.transfers()) {
            json.beginObject();
            json.name("id").value(transfer.id());
            json.name("bytes").value(transfer.byteCount());
            json.name("beginPs").value(transfer.beginPicos());
            json.name("endPs").value(transfer.endPicos());
            json.name("phasesPs");
            phases(json, transfer.phasesPicos());
            json.endObject();
        }
        json.endArray();
        json.name("series");
        SeriesJson.write(json, run.series());
        json.name("tables");
        TableJson.write(json, run.tables());
        json.name("breaches");
        flyby.check.report.JsonReport.findings(json, run.breaches(), SourceTree.none());
        json.endObject();
    }

    private static void finding(JsonWriter json, Finding finding) {
        json.beginObject();
        json.name("bad").value(finding.bad());
        json.name("title").value(finding.title());
        json.name("explanation").value(finding.explanation());
        json.name("remedy").value(finding.remedy());
        json.name("bytes").beginArray();
        for (Finding.ByteEvidence evidence : finding.bytes()) {
            json.beginObject();
            json.name("address").value("0x" + Long.toHexString(evidence.address()));
            json.name("seen").value(HexFormat.of().formatHex(evidence.seen()));
            json.name("seenBy").value(evidence.seenBy());
            json.name("right").value(HexFormat.of().formatHex(evidence.right()));
            json.name("rightIn").value(evidence.rightIn());
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }

    private static void phases(JsonWriter json, Map<String, Long> phasesPicos) {
        json.beginObject();
        phasesPicos.forEach((phase, picos) -> json.name(phase).value(picos.longValue()));
        json.endObject();
    }
}
