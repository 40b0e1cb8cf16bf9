package flyby.iommu;

/// What stands between a root port and memory: an IOMMU.
public interface Translator {
    /// Starts to translate `translation`.
    ///
    /// @return whether it is done already; if not, its owner is told once it is
    boolean translate(Translation translation);
}
