package flyby.study;

import flyby.base.LabException;
import flyby.params.Given;
import flyby.params.Nearest;
import flyby.params.Origin;
import flyby.params.Quote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes a [Scenario] of a scenario file, or says where it is wrong.
final class ScenarioReader {
    private static final List<String> KEYS =
            List.of("title", "about", "kind", "input", "seed", "machine", "parameters", "expect");
    private static final int TEXT_MAX = 10_000;

    /// Opens what `input:` names.
    @FunctionalInterface
    interface InputOpener {
        /// Opens the input called `inputName`; the name stands at `place`, for messages.
        Input open(String inputName, String place);
    }

    private final Registry registry;
    private final InputOpener inputs;

    ScenarioReader(Registry registry, InputOpener inputs) {
        this.registry = registry;
        this.inputs = inputs;
    }

    /// Reads the scenario `name` from the bytes of `file`.
    ///
    /// @throws LabException with file, line and column of the first thing that is wrong
    Scenario read(String name, String file, byte[] bytes) {
        Yaml root = YamlReader.read(file, bytes);
        if (!(root instanceof Yaml.Mapping mapping)) {
            throw YamlReader.refuse(root.place(), root.kind(), "a scenario: title, kind, parameters ...");
        }
        Map<String, Yaml> parts = new LinkedHashMap<>();
        for (Yaml.Entry entry : mapping.entries()) {
            parts.put(known(entry.key(), KEYS, "key"), entry.value());
        }
        Experiment experiment = experiment(required(parts, "kind", mapping));
        String title = required(parts, "title", mapping).text();
        String about = text(parts.get("about")).map(Yaml.Scalar::text).orElse("");
        Optional<Yaml.Scalar> inputName = text(parts.get("input"));
        Supplier<Input> input = inputName
                .<Supplier<Input>>map(written ->
                        () -> inputs.open(written.text(), written.place().text()))
                .orElse(Input::none);
        long seed = text(parts.get("seed"))
                .map(written -> Seeds.parse(written.text(), written.place().text()))
                .orElse(Seeds.STANDARD);
        List<Given> given = parameters(parts.get("parameters"));
        List<Given> machine = machine(parts.get("machine"), experiment);
        List<Expectation> expectations = expectations(parts.get("expect"));
        String inputText = inputName.map(Yaml.Scalar::text).orElse("");
        Scenario scenario = new Scenario(
                name, title, oneParagraph(about), experiment, inputText, input, seed, given, machine, expectations);
        checkRuns(scenario, parts.get("expect"));
        return scenario;
    }

    private static String oneParagraph(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    private Experiment experiment(Yaml.Scalar kind) {
        return registry.find(known(kind, registry.kinds(), "kind")).orElseThrow();
    }

    private static String known(Yaml.Scalar word, List<String> words, String what) {
        if (words.contains(word.text())) {
            return word.text();
        }
        String hint = Nearest.word(word.text(), words)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        throw YamlReader.refuse(
                word.place(),
                "unknown " + what + " " + Quote.of(word.text()),
                "one of " + String.join(", ", words) + hint);
    }

    private static Yaml.Scalar required(Map<String, Yaml> parts, String key, Yaml.Mapping root) {
        return text(parts.get(key))
                .orElseThrow(() -> YamlReader.refuse(root.place(), "no " + key, key + ": in each scenario file"));
    }

    private static Optional<Yaml.Scalar> text(@Nullable Yaml part) {
        if (part == null) {
            return Optional.empty();
        }
        if (!(part instanceof Yaml.Scalar scalar)
                || scalar.text().isBlank()
                || scalar.text().length() > TEXT_MAX) {
            throw YamlReader.refuse(part.place(), part.kind(), "a text of 1 to " + TEXT_MAX + " characters");
        }
        return Optional.of(scalar);
    }

    private static List<Given> parameters(@Nullable Yaml part) {
        Map<String, Given> given = new LinkedHashMap<>();
        switch (part) {
            case null -> {}
            case Yaml.Scalar scalar when scalar.text().isEmpty() -> {}
            case Yaml.Mapping mapping -> flatten("", mapping, given);
            default -> throw YamlReader.refuse(part.place(), part.kind(), "a mapping of parameters");
        }
        return List.copyOf(given.values());
    }

    private static List<Given> machine(@Nullable Yaml part, Experiment experiment) {
        if (part == null) {
            return List.of();
        }
        if (experiment.machine().isEmpty()) {
            throw YamlReader.refuse(
                    part.place(),
                    "a machine for kind " + experiment.kind(),
                    "none: that experiment builds its own, see parameters:");
        }
        if (!(part instanceof Yaml.Mapping mapping)) {
            throw YamlReader.refuse(part.place(), part.kind(), "a mapping, such as profile: server-2s");
        }
        Map<String, Given> given = new LinkedHashMap<>();
        flatten("", mapping, given);
        return List.copyOf(given.values());
    }

    private static void flatten(String prefix, Yaml.Mapping mapping, Map<String, Given> into) {
        for (Yaml.Entry entry : mapping.entries()) {
            String path = prefix + entry.key().text();
            if (entry.value() instanceof Yaml.Mapping inner && !inner.entries().isEmpty()) {
                flatten(path + ".", inner, into);
                continue;
            }
            Yaml.Place keyPlace = entry.key().place();
            Yaml.Place valuePlace = entry.value().place();
            Origin origin = new Origin(keyPlace.shortText(), keyPlace.text(), valuePlace.text());
            Given before = into.put(path, new Given(path, valueText(entry.value()), origin));
            if (before != null) {
                String found =
                        Quote.of(path) + " again, after " + before.origin().label();
                throw YamlReader.refuse(keyPlace, found, "each parameter once");
            }
        }
    }

    private static String valueText(Yaml value) {
        return switch (value) {
            case Yaml.Scalar scalar -> scalar.text();
            case Yaml.Sequence sequence ->
                String.join(
                        ",", sequence.items().stream().map(ScenarioReader::item).toList());
            case Yaml.Mapping _ -> "";
        };
    }

    private static String item(Yaml item) {
        if (item instanceof Yaml.Scalar scalar && !scalar.text().contains(",")) {
            return scalar.text();
        }
        throw YamlReader.refuse(item.place(), item.kind(), "a list of single words");
    }

    private static List<Expectation> expectations(@Nullable Yaml part) {
        List<Expectation> expectations = new ArrayList<>();
        switch (part) {
            case null -> {}
            case Yaml.Mapping mapping -> mapping.entries().forEach(entry -> expectations.add(expectation(entry)));
            case Yaml.Sequence sequence -> {
                for (Yaml item : sequence.items()) {
                    if (!(item instanceof Yaml.Mapping check)) {
                        throw YamlReader.refuse(item.place(), item.kind(), "a check, such as ok: true");
                    }
                    check.entries().forEach(entry -> expectations.add(expectation(entry)));
                }
            }
            case Yaml.Scalar scalar ->
                throw YamlReader.refuse(scalar.place(), scalar.kind(), "checks, such as ok: true");
        }
        if (expectations.stream().noneMatch(Expectation.Ok.class::isInstance)) {
            expectations.addFirst(new Expectation.Ok(true));
        }
        return expectations;
    }

    private static Expectation expectation(Yaml.Entry entry) {
        Yaml value = entry.value();
        return switch (known(entry.key(), List.of("ok", "faster"), "check")) {
            case "ok" ->
                switch (value instanceof Yaml.Scalar scalar ? scalar.text() : "") {
                    case "true" -> new Expectation.Ok(true);
                    case "false" -> new Expectation.Ok(false);
                    default -> throw YamlReader.refuse(value.place(), shown(value), "true or false");
                };
            default -> {
                if (!(value instanceof Yaml.Sequence sequence)) {
                    throw YamlReader.refuse(value.place(), shown(value), "a list of runs, the fastest first");
                }
                yield new Expectation.Faster(
                        sequence.items().stream().map(ScenarioReader::item).toList());
            }
        };
    }

    private static String shown(Yaml value) {
        return value instanceof Yaml.Scalar scalar ? Quote.of(scalar.text()) : value.kind();
    }

    /// A misspelt run in `faster:` would otherwise never be missed.
    private static void checkRuns(Scenario scenario, @Nullable Yaml written) {
        if (written == null) {
            return;
        }
        for (Expectation expectation : scenario.expectations()) {
            if (expectation instanceof Expectation.Faster(List<String> runs)) {
                List<String> names = scenario.experiment().runNames(scenario.settings(List.of()));
                for (String run : runs) {
                    known(new Yaml.Scalar(run, written.place()), names, "run");
                }
            }
        }
    }
}
