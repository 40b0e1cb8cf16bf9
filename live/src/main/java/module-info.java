/// The devices behind vfio-user sockets, and the guests that drive them. The only module that calls the operating
/// system by the foreign function interface: Java's own sockets pass no file descriptors.
@org.jspecify.annotations.NullMarked
module flyby.live {
    requires static transitive org.jspecify;
    requires transitive flyby.machine;

    exports flyby.live;
    exports flyby.posix;
    exports flyby.vfio;
    exports flyby.guest;
    exports flyby.store;
}
