package flyby.topology;

import flyby.params.Catalogue;
import java.util.List;
import java.util.Optional;

/// What a machine is made of.
public enum PartKind {
    /// The host: sockets, caches, memory, root complex, IOMMU. What may be set on it is the [HostCatalogue].
    MACHINE("machine", "a machine"),
    /// A port of the root complex, with its link.
    ROOT_PORT("root-ports", "a root port"),
    /// A switch; which port it is plugged into says that port.
    SWITCH("switches", "a switch"),
    /// A downstream port of a switch, with its link.
    PORT("ports", "a port of a switch"),
    /// A function of the endpoint behind a port.
    FUNCTION("functions", "a function"),
    /// A bridge between the root complex and an ISA bus.
    ISA_BRIDGE("isa-bridges", "a bridge to an ISA bus"),
    /// A card on an ISA bus.
    CARD("cards", "a card on an ISA bus");

    private final String group;
    private final String title;

    PartKind(String group, String title) {
        this.group = group;
        this.title = title;
    }

    /// In words, with its article.
    public String title() {
        return title;
    }

    /// The key under which parts of this kind stand, each by its name.
    public String group() {
        return group;
    }

    /// What may be set on such a part.
    public Catalogue catalogue() {
        return switch (this) {
            case MACHINE -> HostCatalogue.PARAMETERS;
            case ROOT_PORT, PORT -> PortCatalogue.PARAMETERS;
            case SWITCH -> SwitchCatalogue.PARAMETERS;
            case FUNCTION -> FunctionCatalogue.PARAMETERS;
            case ISA_BRIDGE -> IsaCatalogue.BRIDGE;
            case CARD -> IsaCatalogue.CARD;
        };
    }

    /// What is named inside it.
    public List<PartKind> inside() {
        return switch (this) {
            case MACHINE -> List.of(ROOT_PORT, SWITCH, ISA_BRIDGE);
            case ROOT_PORT, PORT -> List.of(FUNCTION);
            case SWITCH -> List.of(PORT);
            case ISA_BRIDGE -> List.of(CARD);
            case FUNCTION, CARD -> List.of();
        };
    }

    /// Whether a switch or functions can be plugged into it.
    public boolean isPort() {
        return this == ROOT_PORT || this == PORT;
    }

    /// The kind of those that stand inside this one under the key `group`.
    Optional<PartKind> ofGroup(String word) {
        return inside().stream().filter(kind -> kind.group.equals(word)).findFirst();
    }
}
