package flyby.validate.pio;

import flyby.validate.Reference;

/// What section `pio` is taken from.
final class PioReferences {
    static final Reference GDRCOPY =
            new Reference("GDR", "NVIDIA gdrcopy, README: V100-SXM2", "github.com/NVIDIA/gdrcopy, commit fcec3ce");

    static final Reference INTEL =
            new Reference("IC", "Intel community: latency of PCIe reads and of uncached stores", "community.intel.com");

    static final Reference BASE = new Reference("PCIE", "PCI Express Base Specification 5.0", "pcisig.com");

    private PioReferences() {}
}
