package flyby.validate.iommu;

import flyby.validate.Reference;

/// What section `iommu` is taken from.
final class IommuReferences {
    static final Reference FAST_SAFE = new Reference(
            "FS",
            "Rubin, Agarwal, Cai, Agarwal: Fast & Safe IO Memory Protection, SOSP 2024",
            "github.com/xlab-uiuc/Fast-and-Safe-IO-Memory-Protection");

    static final Reference LINUX = new Reference(
            "LX", "Linux: include/linux/iova.h, drivers/iommu, Documentation/core-api/swiotlb.rst", "kernel.org");

    static final Reference THUNDERCLAP = new Reference(
            "TC",
            "Markettos, Rothwell, Gutstein, Pearce, Neumann, Moore, Watson: Thunderclap, NDSS 2019",
            "ndss-symposium.org");

    static final Reference HUGE_PAGES = new Reference(
            "PEERJ",
            "Farshin et al.: Overcoming the IOTLB wall for multi-100-Gbps Linux-based networking, PeerJ CS 9, 2023",
            "peerj.com");

    static final Reference RIOMMU = new Reference(
            "RIO",
            "Malka, Amit, Ben-Yehuda, Tsafrir: rIOMMU, ASPLOS 2015; cited from memory, digits approximate",
            "dl.acm.org");

    private IommuReferences() {}
}
