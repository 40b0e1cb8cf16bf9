package flyby.check.report;

import flyby.base.JsonWriter;
import flyby.check.CallSite;
import flyby.check.Finding;
import java.util.List;

/// Findings as one JSON document; `docs/checking.md` describes it. Keys come in a fixed order and say their units.
public final class JsonReport {
    private JsonReport() {}

    /// Writes the document of `result` to `out`, with a newline at its end.
    ///
    /// @throws java.io.UncheckedIOException if `out` fails
    public static void write(CheckResult result, SourceTree sources, Appendable out) {
        JsonWriter json = new JsonWriter(out, true);
        json.beginObject();
        json.name("flyby").value(result.version());
        json.name("subject").value(result.subject());
        json.name("command").value(result.command());
        json.name("ok").value(result.isClean());
        json.name("complete").value(result.isComplete());
        json.name("cutShort").value(result.cutShort());
        json.name("findings");
        findings(json, result.findings(), sources);
        json.endObject();
        json.endDocument();
    }

    /// Writes an array with an object for each of `findings`.
    public static void findings(JsonWriter json, List<Finding> findings, SourceTree sources) {
        json.beginArray();
        for (Finding finding : findings) {
            json.beginObject();
            json.name("rule").value(finding.rule().number());
            json.name("sentence").value(finding.rule().sentence());
            json.name("evidence").value(finding.evidence().word());
            json.name("what").value(finding.what());
            json.name("party").value(finding.party());
            json.name("timePs").value(finding.timePicos());
            json.name("site");
            site(json, finding.site(), sources);
            json.name("life");
            steps(json, finding.life(), sources);
            json.name("story");
            steps(json, finding.story(), sources);
            json.name("expected").value(finding.expected());
            json.name("seen").value(finding.seen());
            json.name("advice").value(finding.advice());
            json.endObject();
        }
        json.endArray();
    }

    private static void steps(JsonWriter json, List<Finding.Step> steps, SourceTree sources) {
        json.beginArray();
        for (Finding.Step step : steps) {
            json.beginObject();
            json.name("timePs").value(step.timePicos());
            json.name("what").value(step.what());
            json.name("site");
            site(json, step.site(), sources);
            json.endObject();
        }
        json.endArray();
    }

    private static void site(JsonWriter json, CallSite site, SourceTree sources) {
        json.beginObject();
        line(json, site, sources);
        json.name("callers").beginArray();
        for (CallSite caller = site.caller(); caller != null; caller = caller.caller()) {
            json.beginObject();
            line(json, caller, sources);
            json.endObject();
        }
        json.endArray();
        json.endObject();
    }

    private static void line(JsonWriter json, CallSite site, SourceTree sources) {
        json.name("file").value(sources.path(site));
        json.name("line").value(site.line());
        json.name("type").value(site.type());
        json.name("method").value(site.method());
        json.name("source")
                .value(sources.of(site)
                        .map(each -> each.line(site.line()).strip())
                        .orElse(""));
    }
}
