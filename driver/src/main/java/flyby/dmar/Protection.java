package flyby.dmar;

/// When a device can no longer reach what was unmapped: Linux's `iommu.strict` and `iommu.passthrough`.
public enum Protection {
    /// Before the unmapping returns.
    STRICT,
    /// Some time later: see [FlushQueue].
    LAZY,
    /// Never: devices reach all memory, by its physical addresses.
    PASS_THROUGH
}
