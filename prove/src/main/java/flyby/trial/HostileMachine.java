package flyby.trial;

import flyby.topology.MachineDescription;
import flyby.topology.Part;
import flyby.topology.PartKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A machine on which drivers are tried: allowed by the specifications, and as unkind as they allow.
///
/// @param name as commands and annotations call it: `non-coherent`
/// @param title one line: what it does to drivers
/// @param description with a function for each card that a subject may have, each behind a root port of its own, in
///     the order of the ports
/// @param traits what happens on it beside
public record HostileMachine(String name, String title, MachineDescription description, Set<Trait> traits) {
    /// What no parameter of a machine says.
    public enum Trait {
        /// Maps and allocations fail now and then, for those who cope with that.
        FAULTS,
        /// Devices do what hurts, to those who cope with that.
        MALICE,
        /// A device writes less than it was given room for.
        SHORT_DEVICE,
        /// A device ends late what it has begun.
        LATE_DEVICE,
        /// The card is pulled out while it works, from those who cope with that.
        REMOVAL,
        /// The CPU keeps the highest byte first.
        BIG_ENDIAN
    }

    public HostileMachine {
        traits = Set.copyOf(traits);
    }

    /// One on which nothing happens beside.
    public HostileMachine(String name, String title, MachineDescription description) {
        this(name, title, description, EnumSet.noneOf(Trait.class));
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /// The same machine with another description.
    public HostileMachine with(MachineDescription newDescription) {
        return new HostileMachine(name, title, newDescription, traits);
    }

    /// Which function of the machine holds a subject's card.
    static String functionOf(int card) {
        return "card" + card;
    }

    /// Its description with the first `cards` of its functions, as the slots behind are empty, and with its ISA bus
    /// only
    /// if that is wanted.
    MachineDescription with(int cards, boolean hasIsaBus) {
        Part host = description.machine();
        List<Part> parts = new ArrayList<>();
        int ports = 0;
        for (Part part : host.parts()) {
            if (part.kind() == PartKind.ISA_BRIDGE && !hasIsaBus) {
                continue;
            }
            boolean isEmpty = part.kind() == PartKind.ROOT_PORT && ports++ >= cards;
            parts.add(
                    isEmpty
                            ? new Part(part.kind(), part.name(), part.path(), part.place(), part.settings(), List.of())
                            : part);
        }
        Part fewer = new Part(host.kind(), host.name(), host.path(), host.place(), host.settings(), parts);
        return new MachineDescription(description.name(), description.title(), fewer, description.seams());
    }
}
