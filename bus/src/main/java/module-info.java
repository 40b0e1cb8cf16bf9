/// The words that hosts, devices and drivers share: the two seams, transactions, registers, the packets of PCI
/// Express. Neither side sees the other; all see this.
@org.jspecify.annotations.NullMarked
module flyby.bus {
    requires static transitive org.jspecify;
    requires transitive flyby.base;

    exports flyby.bus;
    exports flyby.fault;
    exports flyby.iommu.layout;
    exports flyby.pcie;
    exports flyby.record;
    exports flyby.register;
}
