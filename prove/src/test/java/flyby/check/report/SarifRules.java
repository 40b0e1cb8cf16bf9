package flyby.check.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What SARIF 2.1.0 says of the objects that we write: their properties, of which `!` are required, and what those are.
final class SarifRules {
    /// Sections 3.13 to 3.58: `name:type`, with `[]` for arrays, `{}` for objects with names of one's own, `*` for
    /// anything.
    private static final Map<String, String> OBJECTS = new TreeMap<>(Map.ofEntries(
            Map.entry("log", "$schema:uri !version:2.1.0 !runs:run[]"),
            Map.entry(
                    "run",
                    "!tool:tool invocations:invocation[] originalUriBaseIds:artifactLocation{}"
                            + " columnKind:utf16CodeUnits|unicodeCodePoints results:result[]"),
            Map.entry("tool", "!driver:toolComponent"),
            Map.entry("toolComponent", "!name:string version:string rules:reportingDescriptor[]"),
            Map.entry(
                    "reportingDescriptor",
                    "!id:string shortDescription:message help:message defaultConfiguration:configuration"),
            Map.entry("configuration", "level:none|note|warning|error"),
            Map.entry(
                    "invocation",
                    "commandLine:string !executionSuccessful:boolean toolExecutionNotifications:notification[]"),
            Map.entry("notification", "level:none|note|warning|error !message:message"),
            Map.entry("artifactLocation", "uri:relative uriBaseId:string description:message"),
            Map.entry(
                    "result",
                    "ruleId:string ruleIndex:index level:none|note|warning|error !message:message"
                            + " locations:location[] relatedLocations:location[] stacks:stack[] codeFlows:codeFlow[]"
                            + " partialFingerprints:string{} properties:*"),
            Map.entry(
                    "location",
                    "id:index physicalLocation:physicalLocation logicalLocations:logicalLocation[] message:message"),
            Map.entry("physicalLocation", "!artifactLocation:artifactLocation region:region"),
            Map.entry("region", "!startLine:positive snippet:message"),
            Map.entry("logicalLocation", "fullyQualifiedName:string kind:string"),
            Map.entry("stack", "!frames:stackFrame[]"),
            Map.entry("stackFrame", "location:location"),
            Map.entry("codeFlow", "!threadFlows:threadFlow[]"),
            Map.entry("threadFlow", "!locations:threadFlowLocation[]"),
            Map.entry("threadFlowLocation", "executionOrder:index location:location"),
            Map.entry("message", "!text:string")));

    private SarifRules() {}

    static void check(Object log) {
        object("log", "log", log);
    }

    private static void object(String where, String type, Object value) {
        assertThat(value).as(where).isInstanceOf(Map.class);
        Map<?, ?> members = (Map<?, ?>) value;
        Map<String, String> known = new TreeMap<>();
        for (String each : Objects.requireNonNull(OBJECTS.get(type), type).split(" ", -1)) {
            boolean isRequired = each.startsWith("!");
            String name = each.substring(isRequired ? 1 : 0, each.indexOf(':'));
            known.put(name, each.substring(each.indexOf(':') + 1));
            if (isRequired) {
                assertThat(members.containsKey(name)).as("%s.%s", where, name).isTrue();
            }
        }
        members.forEach((name, member) -> {
            String what = known.get((String) name);
            assertThat(what).as("%s.%s", where, name).isNotNull();
            value(where + "." + name, Objects.requireNonNull(what), member);
        });
    }

    private static void value(String where, String type, Object value) {
        if (type.endsWith("[]")) {
            List<?> items = (List<?>) value;
            for (int i = 0; i < items.size(); i++) {
                value(where + "[" + i + "]", type.substring(0, type.length() - 2), items.get(i));
            }
        } else if (type.endsWith("{}")) {
            ((Map<?, ?>) value)
                    .forEach((name, each) -> value(where + "." + name, type.substring(0, type.length() - 2), each));
        } else {
            one(where, type, value);
        }
    }

    private static void one(String where, String type, Object value) {
        switch (type) {
            case "*" -> assertThat(value).as(where).isInstanceOf(Map.class);
            case "string" -> assertThat(value).as(where).isInstanceOf(String.class);
            case "boolean" -> assertThat(value).as(where).isInstanceOf(Boolean.class);
            case "uri" -> assertThat((String) value).as(where).startsWith("https://");
            case "relative" ->
                assertThat((String) value)
                        .as(where)
                        .matches("([A-Za-z0-9._~$-]|%[0-9A-F]{2})([A-Za-z0-9/._~$-]|%[0-9A-F]{2})*");
            case "index" -> assertThat((Integer) value).as(where).isNotNegative();
            case "positive" -> assertThat((Integer) value).as(where).isPositive();
            default -> {
                if (OBJECTS.containsKey(type)) {
                    object(where, type, value);
                } else {
                    assertThat(List.of(type.split("\\|", -1))).as(where).contains((String) value);
                }
            }
        }
    }
}
