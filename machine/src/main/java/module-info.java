/// Wires hosts, devices and drivers into machines; the typed parameters that describe them.
@org.jspecify.annotations.NullMarked
module flyby.machine {
    requires static transitive org.jspecify;
    requires transitive flyby.base;

    exports flyby.params;
}
