/// Drivers: plain code against the [flyby.bus.Cpu] seam and the published layouts of devices. What students read
/// first.
@org.jspecify.annotations.NullMarked
module flyby.driver {
    requires static transitive org.jspecify;
    requires transitive flyby.bus;
    requires flyby.device;

    exports flyby.dma;
    exports flyby.dmaengine;
    exports flyby.dmar;
    exports flyby.driver;
    exports flyby.kernel;
    exports flyby.nvmehost;
    exports flyby.pci;
}
