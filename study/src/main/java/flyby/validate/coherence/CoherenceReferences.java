package flyby.validate.coherence;

import flyby.validate.Reference;

/// What section `coherence` is taken from.
final class CoherenceReferences {
    static final Reference UDMABUF =
            new Reference("UDB", "Kawazome: u-dma-buf, Readme.md, Zynq", "github.com/ikwzm/udmabuf");

    static final Reference OPTIMIZATION =
            new Reference("OM", "Intel 64 and IA-32 Architectures Optimization Reference Manual, 248966", "intel.com");

    static final Reference YANG = new Reference(
            "YANG",
            "Yang, Kim, Hoseinzadeh, Izraelevitz, Swanson: An Empirical Guide to ... Persistent Memory, FAST 2020;"
                    + " cited"
                    + " from memory",
            "usenix.org");

    static final Reference LINUX = new Reference(
            "LX", "Linux: arch/arc/mm/dma.c, arch/arm64/include/asm/cache.h, core-api/swiotlb.rst", "kernel.org");

    private CoherenceReferences() {}
}
