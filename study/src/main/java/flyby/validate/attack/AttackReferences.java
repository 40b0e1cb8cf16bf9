package flyby.validate.attack;

import flyby.validate.Reference;

/// What section `attack` is taken from.
final class AttackReferences {
    static final Reference THUNDERCLAP = new Reference(
            "TC",
            "Markettos, Rothwell, Gutstein, Pearce, Neumann, Moore, Watson: Thunderclap, NDSS 2019",
            "ndss-symposium.org");

    static final Reference LINUX =
            new Reference("LX", "Linux: include/linux/iova.h, drivers/iommu/dma-iommu.c", "kernel.org");

    static final Reference PCILEECH = new Reference("PCL", "PCILeech, readme.md", "github.com/ufrisk/pcileech");

    private AttackReferences() {}
}
