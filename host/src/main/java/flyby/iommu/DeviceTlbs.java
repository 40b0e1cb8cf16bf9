package flyby.iommu;

/// The way to the translations that devices keep themselves: Invalidate Request messages of ATS. PCI Express Base
/// Specification, section 10.3.
@FunctionalInterface
public interface DeviceTlbs {
    /// Has `requesterId` forget its translations of `pages` pages of 4 KiB (a power of two) from `address` on. Once
    /// it has, somebody says so with [Iommu#deviceTlbInvalidated], in the same call or later; if nobody does, the
    /// invalidation times out.
    void invalidate(int requesterId, long address, long pages);
}
