package flyby.pci;

/// A driver of PCI functions. `struct pci_driver`.
public interface PciDriver {
    /// `KBUILD_MODNAME`.
    String name();

    /// Whether it can drive functions of this vendor and device. `id_table`.
    boolean matches(int vendorId, int deviceId);

    /// Takes `device` over: everything that fails is undone before it returns.
    ///
    /// @return 0, or a negative [flyby.kernel.Errno]
    int probe(PciDevice device);

    /// Gives `device` back: it does nothing more, and nothing is mapped for it, when this returns.
    void remove(PciDevice device);
}
