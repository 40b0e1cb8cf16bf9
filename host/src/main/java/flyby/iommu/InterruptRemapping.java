package flyby.iommu;

/// What stands between a root port and the interrupts of CPUs.
public interface InterruptRemapping {
    /// Starts to remap `request`. Those that take time are answered in the order in which they were asked.
    ///
    /// @return whether it is done already; if not, its owner is told once it is
    boolean remap(InterruptRequest request);
}
