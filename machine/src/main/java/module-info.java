/// Machines: hosts, devices and drivers wired together. The only place below the studies that sees all of them.
@org.jspecify.annotations.NullMarked
module flyby.machine {
    requires static transitive org.jspecify;
    requires transitive flyby.device;
    requires transitive flyby.driver;
    requires transitive flyby.host;

    exports flyby.machine;
    exports flyby.params;
    exports flyby.topology;
}
