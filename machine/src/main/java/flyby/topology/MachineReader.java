package flyby.topology;

import static flyby.topology.Draft.refuse;

import flyby.params.Domain;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Profile;
import flyby.params.Quote;
import flyby.params.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes a [MachineDescription] of dotted paths, or says where they are wrong.
///
/// A path names a part and one of its values: `root-ports.slot0.functions.copy0.mrrs`. A port's `switch` names the
/// switch behind it. A path that ends with a part's name declares it with all defaults, or with the word `none`
/// takes one away that the profile has.
public final class MachineReader {
    /// The key that chooses the profile.
    public static final String PROFILE = "profile";

    /// A bus number has eight bits, and each switch takes two: section 7.5.1.3.
    private static final int SWITCH_DEPTH_MAX = 127;

    private final Map<String, Draft> switches = new LinkedHashMap<>();
    /// Where each switch is plugged in.
    private final Map<String, String> plugPlaces = new LinkedHashMap<>();

    private MachineReader() {}

    /// The machine of `givens`, whose paths begin inside the machine; of several for one path the last counts.
    ///
    /// @param profiles the machines to begin with
    /// @param standard the name of the one that is meant if `givens` name none
    /// @throws flyby.base.LabException with the place of the first thing that is wrong
    public static MachineDescription read(List<Profile> profiles, String standard, List<Given> givens) {
        Profile profile = profile(profiles, standard, givens);
        String name = profile.name();
        Draft machine = new Draft(PartKind.MACHINE, PartKind.MACHINE.group(), "", "profile " + name, name);
        profile.entries().forEach((path, entry) -> {
            Given given = new Given(path, entry.text(), Origin.profile(name));
            machine.put(path, given, name, entry.source());
        });
        givens.stream()
                .filter(given -> !given.path().equals(PROFILE))
                .forEach(given -> machine.put(given.path(), given, name, null));
        Part complete = new MachineReader().machine(machine);
        MachineDescription description = new MachineDescription(name, profile.help(), complete);
        MachineChecks.check(description);
        return description;
    }

    private static Profile profile(List<Profile> profiles, String standard, List<Given> givens) {
        Domain names = new Domain.Choice(profiles.stream().map(Profile::name).toList());
        String name = standard;
        for (Given given : givens) {
            if (given.path().equals(PROFILE)) {
                Value value = names.parse(PROFILE, given.text(), given.origin().valuePlace());
                name = ((Value.Word) value).word();
            }
        }
        String chosen = name;
        return profiles.stream()
                .filter(profile -> profile.name().equals(chosen))
                .findFirst()
                .orElseThrow();
    }

    private Part machine(Draft machine) {
        machine.parts(PartKind.SWITCH).forEach(each -> switches.put(each.name(), each));
        Set<String> closed = new LinkedHashSet<>();
        for (Draft each : switches.values()) {
            refuseLoops(each, new LinkedHashSet<>(), closed);
        }
        List<Part> parts = new ArrayList<>();
        for (PartKind kind : List.of(PartKind.ROOT_PORT, PartKind.ISA_BRIDGE)) {
            machine.parts(kind).forEach(each -> parts.add(complete(each)));
        }
        for (Draft each : switches.values()) {
            if (!plugPlaces.containsKey(each.name())) {
                throw refuse(each.place(), "switch " + each.name() + ", plugged in nowhere", "a port with it behind");
            }
        }
        return new Part(machine.kind(), machine.name(), machine.path(), machine.place(), machine.settings(), parts);
    }

    /// Follows what is plugged into `from`, depth first.
    ///
    /// @param above the switches on the way to it
    /// @param closed those below which there is no loop
    private void refuseLoops(Draft from, Set<String> above, Set<String> closed) {
        if (closed.contains(from.name())) {
            return;
        }
        above.add(from.name());
        for (Draft port : from.parts(PartKind.PORT)) {
            Given plugged = port.plugged();
            if (plugged == null) {
                continue;
            }
            if (above.contains(plugged.text())) {
                String loop = String.join(" > ", above) + " > " + plugged.text();
                throw refuse(plugged.origin().valuePlace(), "a loop of switches, " + loop, "a tree");
            }
            if (above.size() >= SWITCH_DEPTH_MAX) {
                throw refuse(
                        plugged.origin().valuePlace(),
                        "more than " + SWITCH_DEPTH_MAX + " switches behind each other",
                        "at most 256 buses");
            }
            refuseLoops(behind(plugged), above, closed);
        }
        above.remove(from.name());
        closed.add(from.name());
    }

    private Draft behind(Given plugged) {
        Draft found = switches.get(plugged.text());
        if (found == null) {
            String known = switches.isEmpty() ? "a switch of the machine, which has none" : "one of ";
            throw refuse(
                    plugged.origin().valuePlace(),
                    "no switch " + Quote.of(plugged.text()),
                    Draft.hint(known + String.join(", ", switches.keySet()), plugged.text(), switches.keySet()));
        }
        return found;
    }

    private Part complete(Draft draft) {
        List<Part> parts = new ArrayList<>();
        for (PartKind kind : draft.kind().inside()) {
            draft.parts(kind).forEach(each -> parts.add(complete(each)));
        }
        @Nullable Given plugged = draft.plugged();
        if (plugged != null) {
            if (!parts.isEmpty()) {
                throw refuse(
                        plugged.origin().valuePlace(),
                        "switch " + plugged.text() + " beside functions behind " + draft.name(),
                        "one or the other: a link has two ends");
            }
            Draft behind = behind(plugged);
            String before = plugPlaces.put(plugged.text(), plugged.origin().keyPlace());
            if (before != null) {
                throw refuse(
                        plugged.origin().valuePlace(),
                        "switch " + plugged.text() + " again, after " + before,
                        "each switch plugged in once");
            }
            parts.add(complete(behind));
        }
        return new Part(draft.kind(), draft.name(), draft.path(), draft.place(), draft.settings(), parts);
    }
}
