package flyby.params;

import java.util.LinkedHashMap;
import java.util.Map;

/// A named set of values with their sources: one real machine.
public final class Profile {
    /// One value of a profile.
    public record Entry(String text, Source source) {}

    private final String name;
    private final String help;
    private final Map<String, Entry> entries;

    private Profile(Builder builder) {
        this.name = builder.name;
        this.help = builder.help;
        this.entries = new LinkedHashMap<>(builder.entries);
    }

    /// Begins the profile `name`.
    ///
    /// @param help one line: which machine it is
    public static Builder named(String name, String help) {
        return new Builder(name, help);
    }

    public String name() {
        return name;
    }

    public String help() {
        return help;
    }

    /// Path to value, in the order in which they were set.
    public Map<String, Entry> entries() {
        return new LinkedHashMap<>(entries);
    }

    public static final class Builder {
        private final String name;
        private final String help;
        private final Map<String, Entry> entries = new LinkedHashMap<>();

        private Builder(String name, String help) {
            this.name = name;
            this.help = help;
        }

        /// Sets `path` to what `text` says; it is checked when the profile is used.
        public Builder set(String path, String text, Source source) {
            entries.put(path, new Entry(text, source));
            return this;
        }

        /// Sets a count.
        public Builder set(String path, long count, Source source) {
            return set(path, Long.toString(count), source);
        }

        /// Sets a flag.
        public Builder set(String path, boolean on, Source source) {
            return set(path, Boolean.toString(on), source);
        }

        /// Sets all that `other` sets.
        public Builder include(Profile other) {
            entries.putAll(other.entries);
            return this;
        }

        public Profile build() {
            return new Profile(this);
        }
    }
}
