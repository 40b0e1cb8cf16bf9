package flyby.machine;

import flyby.base.LabException;
import flyby.params.Catalogue;
import flyby.params.Given;
import flyby.params.Nearest;
import flyby.params.Origin;
import flyby.params.Profile;
import flyby.params.Quote;
import flyby.params.Settings;
import flyby.topology.MachineDescription;
import flyby.topology.MachineReader;
import flyby.topology.MachineSketch;
import flyby.topology.Sketch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// All machines that Flyby ships, by name: classic ones and modern ones.
public final class MachineLibrary {
    /// How paths of parameters of machines begin.
    public static final String PREFIX = "machine.";

    private MachineLibrary() {}

    /// Name and title of each, the oldest first.
    public static List<Profile> profiles() {
        return Stream.concat(PcCatalogue.profilesOfAny().stream(), ModernMachines.profiles().stream())
                .toList();
    }

    /// The names, in that order.
    public static List<String> names() {
        return profiles().stream().map(Profile::name).toList();
    }

    /// The modern machine that `givens` describe, whose paths begin inside the machine.
    ///
    /// @param standard the profile that is meant if they name none
    /// @throws LabException if they describe no possible machine
    public static MachineDescription modern(String standard, List<Given> givens) {
        return MachineReader.read(ModernMachines.profiles(), standard, givens);
    }

    /// What there is to show of a machine.
    ///
    /// @param parameters path to value, in the order in which they are shown
    public record Shown(Sketch sketch, Map<String, Settings.Resolved> parameters) {
        /// All of a modern machine.
        public static Shown of(MachineDescription machine) {
            return new Shown(MachineSketch.of(machine), machine.parameters());
        }

        /// A classic machine, and whatever else `settings` say.
        ///
        /// @param settings with the parameters of a [Mainboard]
        public static Shown of(String title, Settings settings) {
            Map<String, Settings.Resolved> parameters = new LinkedHashMap<>();
            settings.all().forEach(each -> parameters.put(each.parameter().path(), each));
            return new Shown(ClassicSketch.of(title, settings), parameters);
        }
    }

    /// The machine called `name`, with what `set` changes of it: paths such as `machine.clock`.
    ///
    /// @throws LabException if there is none
    public static Shown show(String name, List<Given> set) {
        List<Given> given = new ArrayList<>();
        if (isOf(ModernMachines.profiles(), name)) {
            set.forEach(each -> given.add(new Given(inside(each), each.text(), each.origin())));
            return Shown.of(modern(name, given));
        }
        if (!isOf(PcCatalogue.profilesOfAny(), name)) {
            throw unknown(name);
        }
        given.add(new Given(Catalogue.PROFILE, name, Origin.DEFAULT));
        given.addAll(set);
        Settings settings =
                Settings.resolve(PcCatalogue.PARAMETERS_OF_ANY, PcCatalogue.profilesOfAny(), List.of(), given);
        return Shown.of(title(settings.choice(Catalogue.PROFILE)), settings);
    }

    private static boolean isOf(List<Profile> profiles, String name) {
        return profiles.stream().anyMatch(profile -> profile.name().equals(name));
    }

    private static String title(String name) {
        return profiles().stream()
                .filter(profile -> profile.name().equals(name))
                .map(Profile::help)
                .findFirst()
                .orElseThrow();
    }

    /// The path of `given` from inside the machine on.
    private static String inside(Given given) {
        if (!given.path().startsWith(PREFIX)) {
            throw new LabException(
                    LabException.Kind.BAD_INPUT,
                    given.origin().keyPlace(),
                    "unknown parameter " + Quote.of(given.path()),
                    "a path that begins with " + PREFIX);
        }
        return given.path().substring(PREFIX.length());
    }

    /// Whether `settings` have the parameters of a [Mainboard].
    public static boolean isClassic(Settings settings) {
        return BoardCatalogue.COMMON.parameters().stream()
                .allMatch(
                        parameter -> settings.catalogue().find(parameter.path()).isPresent());
    }

    private static LabException unknown(String name) {
        String hint = Nearest.word(name, names())
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
        return new LabException(
                LabException.Kind.BAD_INPUT,
                "machine",
                Quote.of(name),
                "one of " + String.join(", ", names()) + ", or a scenario file such as my.yaml" + hint);
    }
}
