package flyby.params;

import flyby.base.Check;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Everything that may be set for something, in the order in which it is shown, and the rules between.
///
/// A mistake in a catalogue is a bug of ours: the builder stops with an [AssertionError].
public final class Catalogue {
    /// The parameter that chooses the profile, a choice of profile names.
    public static final String PROFILE = "machine.profile";

    private final String title;
    private final Map<String, Parameter> parameters;
    private final List<Rule> rules;

    private Catalogue(Builder builder) {
        this.title = builder.title;
        this.parameters = new LinkedHashMap<>(builder.parameters);
        this.rules = List.copyOf(builder.rules);
        for (Rule rule : rules) {
            for (String path : rule.paths()) {
                Check.that(parameters.containsKey(path), "rule \"%s\" names %s, which is not there", rule.text(), path);
            }
        }
    }

    public static Builder titled(String title) {
        return new Builder(title);
    }

    public String title() {
        return title;
    }

    /// In the order in which they were added.
    public Collection<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    public List<Rule> rules() {
        return rules;
    }

    public Optional<Parameter> find(String path) {
        return Optional.ofNullable(parameters.get(path));
    }

    /// All paths, in the order in which they were added.
    public List<String> paths() {
        return List.copyOf(parameters.keySet());
    }

    /// Adds parameters one by one. Texts of defaults and ranges are read as a person's would be.
    public static final class Builder {
        private static final Pattern PATH = Pattern.compile("[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)*");
        private static final Source CHOICE = Source.assumed("a choice of what to look at");

        private final String title;
        private final Map<String, Parameter> parameters = new LinkedHashMap<>();
        private final List<Rule> rules = new ArrayList<>();

        private Builder(String title) {
            this.title = title;
        }

        /// A frequency, kept in whole hertz: at least 1 Hz, so that it has a period.
        public Builder frequency(String path, String standard, String least, String most, Source source, String help) {
            return quantity(Dimension.FREQUENCY, path, standard, least, most, source, help);
        }

        /// A duration, kept in whole picoseconds.
        public Builder duration(String path, String standard, String least, String most, Source source, String help) {
            return quantity(Dimension.DURATION, path, standard, least, most, source, help);
        }

        /// A size in bytes.
        public Builder bytes(String path, String standard, String least, String most, Source source, String help) {
            return quantity(Dimension.BYTES, path, standard, least, most, source, help);
        }

        /// A physical address.
        public Builder address(String path, String standard, long least, long most, Source source, String help) {
            return add(path, new Domain.Address(least, most), standard, source, help);
        }

        /// A plain number.
        ///
        /// @param unit what is counted, in the plural: `clocks`; may be empty
        public Builder count(
                String path, long standard, long least, long most, String unit, Source source, String help) {
            Domain domain = new Domain.Quantity(Dimension.COUNT, least, most, unit);
            return add(path, domain, Long.toString(standard), source, help);
        }

        public Builder flag(String path, boolean standard, String help) {
            return add(path, new Domain.Flag(), Boolean.toString(standard), CHOICE, help);
        }

        /// One of `words`.
        public Builder choice(String path, String standard, List<String> words, String help) {
            return add(path, new Domain.Choice(words), standard, CHOICE, help);
        }

        /// Some of `words`, in the order in which the user gives them.
        public Builder choices(String path, List<String> standard, List<String> words, String help) {
            return add(path, new Domain.Choices(words), String.join(",", standard), CHOICE, help);
        }

        /// What must hold between `paths`.
        ///
        /// @param text in words, as the end of the sentence `expected ...`: `cache.line to divide cache.size`
        public Builder rule(String text, Predicate<Settings> holds, String... paths) {
            Check.that(paths.length > 0, "rule \"%s\" names no parameter", text);
            rules.add(new Rule(text, holds, List.of(paths)));
            return this;
        }

        /// Adds all of `other`, its rules too.
        public Builder include(Catalogue other) {
            other.parameters().forEach(this::put);
            rules.addAll(other.rules());
            return this;
        }

        public Catalogue build() {
            return new Catalogue(this);
        }

        private Builder quantity(
                Dimension dimension,
                String path,
                String standard,
                String least,
                String most,
                Source source,
                String help) {
            Domain any = new Domain.Quantity(dimension, Long.MIN_VALUE, Long.MAX_VALUE, "");
            long from = ((Value.Amount) any.parse(path, least, "least")).amount();
            long to = ((Value.Amount) any.parse(path, most, "most")).amount();
            Check.that(from <= to, "%s: %s is above %s", path, least, most);
            Check.that(dimension != Dimension.FREQUENCY || from >= 1, "%s: a frequency of 0 has no period", path);
            return add(path, new Domain.Quantity(dimension, from, to, ""), standard, source, help);
        }

        private Builder add(String path, Domain domain, String standard, Source source, String help) {
            Check.that(PATH.matcher(path).matches(), "not a path: %s", path);
            put(new Parameter(path, domain, domain.parse(path, standard, "default"), source, help));
            return this;
        }

        private void put(Parameter parameter) {
            String path = parameter.path();
            Check.that(!parameters.containsKey(path), "%s is there twice", path);
            for (String other : parameters.keySet()) {
                boolean inside = path.startsWith(other + ".") || other.startsWith(path + ".");
                Check.that(!inside, "%s is inside %s: a file could not set both", path, other);
            }
            parameters.put(path, parameter);
        }
    }
}
