package flyby.topology;

import flyby.base.LabException;
import flyby.params.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A machine that can be built: read, complete and checked.
///
/// @param name the profile that it is, or begins with
/// @param title one line
/// @param machine the host, with all that is plugged in
/// @param seams what stands between its devices and their functions
public record MachineDescription(String name, String title, Part machine, Seams seams) {
    /// One whose devices are on their functions directly.
    public MachineDescription(String name, String title, Part machine) {
        this(name, title, machine, Seams.DIRECT);
    }

    /// The same with `newSeams` between devices and functions.
    public MachineDescription with(Seams newSeams) {
        return new MachineDescription(name, title, machine, newSeams);
    }

    /// All parts of one kind, in the order in which enumeration meets them: depth first.
    public List<Part> all(PartKind kind) {
        return machine.all().filter(part -> part.kind() == kind).toList();
    }

    /// The same with another value of the host, which an experiment sets for a run of its own: of `iommu.mode`.
    ///
    /// @throws LabException if a rule then breaks
    public MachineDescription with(String path, String text) {
        Part host = new Part(
                machine.kind(),
                machine.name(),
                machine.path(),
                machine.place(),
                machine.settings().with(path, text),
                machine.parts());
        return new MachineDescription(name, title, host, seams);
    }

    /// The same with another value of all parts of one kind: `ats` of functions.
    ///
    /// @throws LabException if a rule then breaks
    public MachineDescription withAll(PartKind kind, String path, String text) {
        return new MachineDescription(name, title, withAll(machine, kind, path, text), seams);
    }

    private static Part withAll(Part part, PartKind kind, String path, String text) {
        return new Part(
                part.kind(),
                part.name(),
                part.path(),
                part.place(),
                part.kind() == kind ? part.settings().with(path, text) : part.settings(),
                part.parts().stream()
                        .map(each -> withAll(each, kind, path, text))
                        .toList());
    }

    /// Its bridge to an ISA bus.
    ///
    /// @throws LabException if it has none
    public Part isaBridge() {
        return all(PartKind.ISA_BRIDGE).stream()
                .findFirst()
                .orElseThrow(() -> lacks("bridge to an ISA bus", "a part under " + PartKind.ISA_BRIDGE.group()));
    }

    /// The values of its card of this kind.
    ///
    /// @throws LabException if it has none
    public Settings card(CardKind kind) {
        return all(PartKind.CARD).stream()
                .map(Part::settings)
                .filter(settings -> IsaCatalogue.card(settings) == kind)
                .findFirst()
                .orElseThrow(() -> lacks(kind.word() + " card", "a card on an ISA bus with card: " + kind.word()));
    }

    private LabException lacks(String what, String expected) {
        return new LabException(LabException.Kind.BAD_INPUT, "machine " + name, "no " + what, expected);
    }

    /// Every value of every part, by its path in a scenario file: `machine.root-ports.slot0.link.width`.
    public Map<String, Settings.Resolved> parameters() {
        Map<String, Settings.Resolved> values = new LinkedHashMap<>();
        machine.all().forEach(part -> {
            String prefix = part.path().isEmpty() ? "machine." : "machine." + part.path() + ".";
            part.settings()
                    .all()
                    .forEach(each -> values.put(prefix + each.parameter().path(), each));
        });
        return values;
    }
}
