package flyby.topology;

import flyby.base.LabException;
import flyby.params.Given;
import flyby.params.Nearest;
import flyby.params.Profile;
import flyby.params.Quote;
import flyby.params.Settings;
import flyby.params.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A part while it is being read.
final class Draft {
    /// The key of a port that names the switch behind it.
    static final String SWITCH = "switch";

    /// What takes a part away that a profile has.
    static final String NONE = "none";

    private static final String NAME = "[a-z][a-z0-9-]{0,31}";

    private final PartKind kind;
    private final String name;
    private final String path;
    private final String place;
    private final Profile.Builder profile;
    private final List<Given> givens = new ArrayList<>();
    private final Map<PartKind, Map<String, Draft>> inside = new LinkedHashMap<>();
    private @Nullable Given plugged;

    /// @param path how files call it
    /// @param profileName what its standard values are said to be from
    Draft(PartKind kind, String name, String path, String place, String profileName) {
        this.kind = kind;
        this.name = name;
        this.path = path;
        this.place = place;
        this.profile = Profile.named(profileName, "");
        kind.inside().forEach(each -> inside.put(each, new LinkedHashMap<>()));
    }

    PartKind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    String path() {
        return path;
    }

    String place() {
        return place;
    }

    Collection<Draft> parts(PartKind wanted) {
        return inside.getOrDefault(wanted, Map.of()).values();
    }

    /// Which switch is plugged in, and where that is said; null if none is.
    @Nullable
    Given plugged() {
        return plugged;
    }

    Settings settings() {
        return Settings.of(kind.catalogue(), profile.build(), givens);
    }

    /// Takes in one path with its value.
    ///
    /// @param rest what is left of the path, from this part on
    /// @param source why the value is right if it is a profile's, or null
    void put(String rest, Given given, String profileName, @Nullable Source source) {
        String[] words = rest.split("\\.", 3);
        Optional<PartKind> group = kind.ofGroup(words[0]);
        if (group.isEmpty()) {
            set(rest, given, source);
            return;
        }
        Map<String, Draft> parts = inside.getOrDefault(group.get(), Map.of());
        if (words.length == 1) {
            takeAway(parts, given);
            return;
        }
        if (!words[1].matches(NAME)) {
            throw refuse(
                    given.origin().keyPlace(),
                    Quote.of(words[1]) + " as a name",
                    "a small letter, then up to 31 small letters, digits and -");
        }
        if (words.length == 2 && given.text().equals(NONE)) {
            if (parts.remove(words[1]) == null) {
                throw refuse(
                        given.origin().valuePlace(),
                        "none, where there is no " + words[1],
                        hint("a part of the profile", words[1], parts.keySet()));
            }
            return;
        }
        String inner = (path.isEmpty() ? "" : path + ".") + words[0] + "." + words[1];
        Draft part = parts.computeIfAbsent(
                words[1],
                word -> new Draft(group.get(), word, inner, given.origin().keyPlace(), profileName));
        if (words.length == 3) {
            part.put(words[2], given, profileName, source);
        } else if (!given.text().isEmpty()) {
            throw refuse(
                    given.origin().valuePlace(),
                    Quote.of(given.text()) + " for " + given.path(),
                    "its values by name, nothing, or none");
        }
    }

    private static void takeAway(Map<String, Draft> parts, Given given) {
        if (given.text().equals(NONE)) {
            parts.clear();
        } else if (!given.text().isEmpty()) {
            throw refuse(
                    given.origin().valuePlace(),
                    Quote.of(given.text()) + " for " + given.path(),
                    "parts by their names, each with its values, or none");
        }
    }

    private void set(String path, Given given, @Nullable Source source) {
        if (path.equals(SWITCH) && kind.isPort()) {
            plugged = given.text().equals(NONE) ? null : given;
        } else if (kind.catalogue().find(path).isEmpty()) {
            List<String> known = new ArrayList<>(kind.catalogue().paths());
            kind.inside().forEach(each -> known.add(each.group()));
            if (kind.isPort()) {
                known.add(SWITCH);
            }
            throw refuse(
                    given.origin().keyPlace(),
                    "unknown key " + Quote.of(path) + " of " + kind.title(),
                    hint("one of " + String.join(", ", known), path, known));
        } else if (source == null) {
            givens.add(new Given(path, given.text(), given.origin()));
        } else {
            profile.set(path, given.text(), source);
        }
    }

    static String hint(String expected, String word, Collection<String> known) {
        return Nearest.path(word, known)
                .map(near -> expected + "; did you mean " + near + "?")
                .orElse(expected);
    }

    static LabException refuse(String place, String found, String expected) {
        return new LabException(LabException.Kind.BAD_INPUT, place, found, expected);
    }
}
