package flyby.params;

import flyby.base.Check;
import flyby.base.LabException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// Every parameter of a catalogue with the value it has in one run, who set it, and why.
///
/// The getters stop with an [AssertionError] for a path that the catalogue does not have or that is of another
/// kind: that is a bug of ours. Unchanging, so that many runs may share it.
public final class Settings {
    private static final long PICOS_PER_SECOND = 1_000_000_000_000L;

    /// A parameter with its value.
    public record Resolved(Parameter parameter, Value value, Origin origin, Source source) {
        /// The value with its unit: `8 MHz`.
        public String text() {
            return parameter.domain().format(value);
        }
    }

    private final Catalogue catalogue;
    private final Map<String, Resolved> values;

    private Settings(Catalogue catalogue, Map<String, Resolved> values) {
        this.catalogue = catalogue;
        this.values = values;
    }

    /// The value of each parameter: that of the command line, else that of the file, else that of the profile that
    /// [Catalogue#PROFILE] chooses, else the default. Of several `setValues` for one path the last counts.
    ///
    /// @param profiles those that may be chosen; each sets only what the catalogue has
    /// @throws LabException for an unknown path, a value out of its range or of the wrong unit, a broken rule
    public static Settings resolve(
            Catalogue catalogue, Collection<Profile> profiles, List<Given> fileValues, List<Given> setValues) {
        Map<String, Resolved> chosen = standards(catalogue);
        Map<String, Resolved> given = new LinkedHashMap<>();
        readGiven(catalogue, fileValues, given);
        readGiven(catalogue, setValues, given);
        Resolved profile = given.getOrDefault(Catalogue.PROFILE, chosen.get(Catalogue.PROFILE));
        if (profile != null) {
            applyProfile(catalogue, profiles, ((Value.Word) profile.value()).word(), chosen);
        }
        return checked(catalogue, chosen, given);
    }

    /// The value of each parameter: the last given one, else that of `profile`, else the default.
    ///
    /// @throws LabException for an unknown path, a value out of its range or of the wrong unit, a broken rule
    public static Settings of(Catalogue catalogue, Profile profile, List<Given> givens) {
        Map<String, Resolved> chosen = standards(catalogue);
        Map<String, Resolved> given = new LinkedHashMap<>();
        readGiven(catalogue, givens, given);
        applyProfile(catalogue, profile, chosen);
        return checked(catalogue, chosen, given);
    }

    /// The same with another value, which an experiment sets for a run of its own.
    ///
    /// @throws LabException if a rule then breaks
    public Settings with(String path, String text) {
        Resolved before = resolved(path);
        Origin origin = new Origin("the run", "the run", "the run");
        Value value = before.parameter().domain().parse(path, text, origin.label());
        Map<String, Resolved> changed = new LinkedHashMap<>(values);
        changed.put(path, new Resolved(before.parameter(), value, origin, Source.assumed("set for the run")));
        Settings settings = new Settings(catalogue, changed);
        settings.checkRules();
        return settings;
    }

    private static Map<String, Resolved> standards(Catalogue catalogue) {
        Map<String, Resolved> chosen = new LinkedHashMap<>();
        for (Parameter parameter : catalogue.parameters()) {
            Origin origin = Origin.DEFAULT;
            chosen.put(parameter.path(), new Resolved(parameter, parameter.standard(), origin, parameter.source()));
        }
        return chosen;
    }

    private static Settings checked(Catalogue catalogue, Map<String, Resolved> chosen, Map<String, Resolved> given) {
        chosen.putAll(given);
        Settings settings = new Settings(catalogue, chosen);
        settings.checkRules();
        return settings;
    }

    /// All defaults, with the default profile if there is one.
    public static Settings defaults(Catalogue catalogue, Collection<Profile> profiles) {
        return resolve(catalogue, profiles, List.of(), List.of());
    }

    private static void readGiven(Catalogue catalogue, List<Given> givens, Map<String, Resolved> into) {
        for (Given given : givens) {
            Parameter parameter = catalogue.find(given.path()).orElseThrow(() -> unknown(catalogue, given));
            Origin origin = given.origin();
            Value value = parameter.domain().parse(given.path(), given.text(), origin.valuePlace());
            into.put(given.path(), new Resolved(parameter, value, origin, Source.assumed("set by the user")));
        }
    }

    private static LabException unknown(Catalogue catalogue, Given given) {
        String expected = Nearest.path(given.path(), catalogue.paths())
                .map(path -> "a known parameter; did you mean " + path + "?")
                .orElseGet(() -> catalogue.paths().isEmpty()
                        ? "no parameters: there are none here"
                        : "a known parameter, one of " + some(catalogue.paths()));
        String found = "unknown parameter " + Quote.of(given.path());
        return new LabException(LabException.Kind.BAD_INPUT, given.origin().keyPlace(), found, expected);
    }

    private static String some(List<String> paths) {
        int shown = Math.min(8, paths.size());
        String text = String.join(", ", paths.subList(0, shown));
        return shown < paths.size() ? text + ", ..." : text;
    }

    private static void applyProfile(
            Catalogue catalogue, Collection<Profile> profiles, String name, Map<String, Resolved> into) {
        Profile profile = profiles.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Check.bug("the catalogue offers profile %s, which is not there", name));
        applyProfile(catalogue, profile, into);
    }

    private static void applyProfile(Catalogue catalogue, Profile profile, Map<String, Resolved> into) {
        String name = profile.name();
        Origin origin = Origin.profile(name);
        profile.entries().forEach((path, entry) -> {
            Parameter parameter = catalogue
                    .find(path)
                    .orElseThrow(() -> Check.bug("profile %s sets %s, which is not there", name, path));
            Value value = parameter.domain().parse(path, entry.text(), origin.label());
            into.put(path, new Resolved(parameter, value, origin, entry.source()));
        });
    }

    private void checkRules() {
        for (Rule rule : catalogue.rules()) {
            if (!rule.holds().test(this)) {
                throw broken(rule);
            }
        }
    }

    private LabException broken(Rule rule) {
        List<Resolved> parts = new ArrayList<>();
        rule.paths().forEach(path -> parts.add(resolved(path)));
        StringJoiner found = new StringJoiner(" with ");
        for (Resolved part : parts) {
            found.add(part.parameter().path() + " = " + part.text() + " ("
                    + part.origin().label() + ")");
        }
        // The place to mend is where a person set one of them: the last such, as it was said last.
        String place = parts.stream()
                .map(part -> part.origin().valuePlace())
                .filter(each -> !each.equals("default") && !each.startsWith("profile "))
                .reduce((first, second) -> second)
                .orElse(parts.getLast().origin().valuePlace());
        return new LabException(
                LabException.Kind.BAD_INPUT, place, found.toString(), "what fits the rule: " + rule.text());
    }

    public Catalogue catalogue() {
        return catalogue;
    }

    /// In the order of the catalogue.
    public List<Resolved> all() {
        return List.copyOf(values.values());
    }

    public Resolved resolved(String path) {
        Resolved resolved = values.get(path);
        if (resolved == null) {
            throw Check.bug("no parameter %s in %s", path, catalogue.title());
        }
        return resolved;
    }

    /// A duration in picoseconds.
    public long picos(String path) {
        return amount(path, Dimension.DURATION);
    }

    /// A frequency in hertz.
    public long hertz(String path) {
        return amount(path, Dimension.FREQUENCY);
    }

    /// The period of a frequency in picoseconds, rounded once, half up. Frequencies above 2 THz have a period of 0.
    public long periodPicos(String path) {
        long hertz = hertz(path);
        return (PICOS_PER_SECOND + hertz / 2) / hertz;
    }

    /// A size in bytes.
    public long bytes(String path) {
        return amount(path, Dimension.BYTES);
    }

    /// An address.
    public long address(String path) {
        Resolved resolved = resolved(path);
        if (resolved.parameter().domain() instanceof Domain.Address
                && resolved.value() instanceof Value.Amount(long amount)) {
            return amount;
        }
        throw Check.bug("%s is no address", path);
    }

    /// A plain number.
    public long count(String path) {
        return amount(path, Dimension.COUNT);
    }

    public boolean flag(String path) {
        if (resolved(path).value() instanceof Value.Flag(boolean on)) {
            return on;
        }
        throw Check.bug("%s is no flag", path);
    }

    public String choice(String path) {
        if (resolved(path).value() instanceof Value.Word(String word)) {
            return word;
        }
        throw Check.bug("%s is no choice", path);
    }

    /// The chosen words in the order in which the user gave them.
    public List<String> choices(String path) {
        if (resolved(path).value() instanceof Value.Words(List<String> words)) {
            return words;
        }
        throw Check.bug("%s is no list of choices", path);
    }

    private long amount(String path, Dimension dimension) {
        Resolved resolved = resolved(path);
        boolean right =
                resolved.parameter().domain() instanceof Domain.Quantity quantity && quantity.dimension() == dimension;
        if (right && resolved.value() instanceof Value.Amount(long amount)) {
            return amount;
        }
        throw Check.bug("%s is not %s", path, dimension.noun());
    }
}
