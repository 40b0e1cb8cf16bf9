/// What a transaction meets on its way: memory, caches, buses and links, the IOMMU, the CPU.
@org.jspecify.annotations.NullMarked
module flyby.host {
    requires static transitive org.jspecify;
    requires transitive flyby.bus;

    exports flyby.cache;
    exports flyby.classic;
    exports flyby.configuration;
    exports flyby.configuration.layout;
    exports flyby.coherence;
    exports flyby.core;
    exports flyby.cpu;
    exports flyby.function;
    exports flyby.iommu;
    exports flyby.link;
    exports flyby.memory;
    exports flyby.root;
    exports flyby.split;
}
