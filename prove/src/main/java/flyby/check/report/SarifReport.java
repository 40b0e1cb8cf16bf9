package flyby.check.report;

import flyby.base.JsonWriter;
import flyby.check.CallSite;
import flyby.check.Finding;
import flyby.check.Rule;
import flyby.sim.Time;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Findings as SARIF 2.1.0 (OASIS Standard, 27 March 2020), which code hosts show beside the lines.
///
/// Locations are relative to the root of the sources, so that they mean the same on every machine.
public final class SarifReport {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";
    private static final String ROOT = "SRCROOT";

    private final SourceTree sources;
    private final JsonWriter json;

    private SarifReport(SourceTree sources, Appendable out) {
        this.sources = sources;
        json = new JsonWriter(out, true);
    }

    /// Writes the log of `result` to `out`, with a newline at its end.
    ///
    /// @throws java.io.UncheckedIOException if `out` fails
    public static void write(CheckResult result, SourceTree sources, Appendable out) {
        new SarifReport(sources, out).log(result);
    }

    private void log(CheckResult result) {
        List<Rule> rules = result.findings().stream()
                .map(Finding::rule)
                .distinct()
                .sorted()
                .toList();
        json.beginObject();
        json.name("$schema").value(SCHEMA);
        json.name("version").value("2.1.0");
        json.name("runs").beginArray().beginObject();
        tool(result.version(), rules);
        invocation(result);
        json.name("originalUriBaseIds").beginObject();
        json.name(ROOT).beginObject();
        json.name("description");
        message("The root of the sources.");
        json.endObject().endObject();
        json.name("columnKind").value("utf16CodeUnits");
        json.name("results").beginArray();
        Map<String, Integer> prints = new TreeMap<>();
        for (Finding finding : result.findings()) {
            String print = fingerprint(finding);
            int occurrence = prints.merge(print, 1, Integer::sum);
            result(finding, rules.indexOf(finding.rule()), print + ":" + occurrence);
        }
        json.endArray();
        json.endObject().endArray().endObject();
        json.endDocument();
    }

    /// Section 3.18 to 3.19, and 3.49 for rules.
    private void tool(String version, List<Rule> rules) {
        json.name("tool").beginObject();
        json.name("driver").beginObject();
        json.name("name").value("Flyby");
        json.name("version").value(version);
        json.name("rules").beginArray();
        for (Rule rule : rules) {
            json.beginObject();
            json.name("id").value(rule.number());
            json.name("shortDescription");
            message(rule.sentence());
            json.name("help");
            message("Rule " + rule.number() + " in docs/checking.md: " + rule.sentence());
            json.name("defaultConfiguration").beginObject();
            json.name("level").value("error");
            json.endObject();
            json.endObject();
        }
        json.endArray().endObject().endObject();
    }

    /// Section 3.20: what was run, and whether it came to its end.
    private void invocation(CheckResult result) {
        json.name("invocations").beginArray().beginObject();
        if (!result.command().isEmpty()) {
            json.name("commandLine").value(result.command());
        }
        json.name("executionSuccessful").value(result.isComplete());
        if (!result.isComplete()) {
            json.name("toolExecutionNotifications").beginArray().beginObject();
            json.name("level").value("error");
            json.name("message");
            message("The check was cut short: " + result.cutShort());
            json.endObject().endArray();
        }
        json.endObject().endArray();
    }

    /// Section 3.27.
    private void result(Finding finding, int ruleIndex, String print) {
        json.beginObject();
        json.name("ruleId").value(finding.rule().number());
        json.name("ruleIndex").value(ruleIndex);
        json.name("level").value("error");
        json.name("message");
        String advice = finding.advice().isEmpty() ? "" : "\n" + finding.advice();
        message(finding.what() + "\n" + finding.rule().sentence() + advice);
        json.name("locations").beginArray();
        if (finding.site().isKnown()) {
            location(finding.site(), -1, finding.party() + " at " + Time.text(finding.timePicos()));
        }
        json.endArray();
        List<Finding.Step> before = steps(finding);
        json.name("relatedLocations").beginArray();
        for (int i = 0; i < before.size(); i++) {
            location(before.get(i).site(), i, said(before.get(i)));
        }
        json.endArray();
        if (finding.site().caller() != null) {
            json.name("stacks").beginArray();
            stack(finding.site());
            json.endArray();
        }
        if (finding.site().isKnown()) {
            json.name("codeFlows").beginArray();
            codeFlow(finding, before);
            json.endArray();
        }
        json.name("partialFingerprints").beginObject();
        json.name("flybyFinding/v1").value(print);
        json.endObject();
        json.name("properties").beginObject();
        json.name("evidence").value(finding.evidence().word());
        json.name("party").value(finding.party());
        json.name("timePs").value(finding.timePicos());
        json.name("expected").value(finding.expected());
        json.name("seen").value(finding.seen());
        json.name("story").beginArray();
        finding.story().forEach(step -> json.value(said(step)));
        json.endArray();
        json.endObject();
        json.endObject();
    }

    /// Those that have a place.
    private static List<Finding.Step> steps(Finding finding) {
        List<Finding.Step> steps = new ArrayList<>();
        finding.life().stream().filter(step -> step.site().isKnown()).forEach(steps::add);
        return steps;
    }

    private static String said(Finding.Step step) {
        return Time.text(step.timePicos()) + ": " + step.what();
    }

    /// Section 3.44: who called, the innermost first.
    private void stack(CallSite site) {
        json.beginObject();
        json.name("frames").beginArray();
        for (CallSite each = site; each != null; each = each.caller()) {
            json.beginObject();
            json.name("location");
            location(each, -1, each.toString());
            json.endObject();
        }
        json.endArray().endObject();
    }

    /// Section 3.36: the life, step by step, up to what broke the rule.
    private void codeFlow(Finding finding, List<Finding.Step> before) {
        json.beginObject();
        json.name("threadFlows").beginArray().beginObject();
        json.name("locations").beginArray();
        int order = 1;
        for (Finding.Step step : before) {
            flowLocation(step.site(), said(step), order++);
        }
        flowLocation(finding.site(), finding.what(), order);
        json.endArray().endObject().endArray().endObject();
    }

    private void flowLocation(CallSite site, String text, int order) {
        json.beginObject();
        json.name("executionOrder").value(order);
        json.name("location");
        location(site, -1, text);
        json.endObject();
    }

    /// Section 3.28.
    ///
    /// @param id to refer to it by, or -1
    private void location(CallSite site, int id, String text) {
        json.beginObject();
        if (id >= 0) {
            json.name("id").value(id);
        }
        json.name("physicalLocation").beginObject();
        json.name("artifactLocation").beginObject();
        json.name("uri").value(uri(sources.path(site)));
        json.name("uriBaseId").value(ROOT);
        json.endObject();
        json.name("region").beginObject();
        json.name("startLine").value(site.line());
        String line = sources.of(site).map(each -> each.line(site.line())).orElse("");
        if (!line.isBlank()) {
            json.name("snippet");
            message(line.strip());
        }
        json.endObject().endObject();
        json.name("logicalLocations").beginArray().beginObject();
        json.name("fullyQualifiedName").value(site.type() + "." + site.method());
        json.name("kind").value("function");
        json.endObject().endArray();
        json.name("message");
        message(text);
        json.endObject();
    }

    private void message(String text) {
        json.beginObject();
        json.name("text").value(text);
        json.endObject();
    }

    /// The same for the same bug in the same method, wherever its line moves.
    private static String fingerprint(Finding finding) {
        return finding.rule().number() + ":" + finding.site().file() + ":"
                + finding.site().method();
    }

    /// RFC 3986: what a path may not hold is written as `%` and two digits.
    private static String uri(String path) {
        StringBuilder uri = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean isPlain = c < 0x80 && (Character.isLetterOrDigit(c) || "/-._~$".indexOf(c) >= 0);
            uri.append(isPlain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return uri.toString();
    }
}
