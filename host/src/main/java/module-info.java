/// What a transaction meets on its way: memory, caches, buses and their arbiters, the CPU.
@org.jspecify.annotations.NullMarked
module flyby.host {
    requires static transitive org.jspecify;
    requires transitive flyby.bus;

    exports flyby.cache;
    exports flyby.classic;
    exports flyby.cpu;
    exports flyby.memory;
    exports flyby.split;
}
