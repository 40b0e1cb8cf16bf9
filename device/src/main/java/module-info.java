/// Device models. They see the world through [flyby.bus.DeviceHost] alone, so each runs behind any host.
@org.jspecify.annotations.NullMarked
module flyby.device {
    requires static transitive org.jspecify;
    requires transitive flyby.bus;

    exports flyby.copy;
    exports flyby.copy.layout;
}
