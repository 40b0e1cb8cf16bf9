package flyby.iommu;

/// Where a remapping unit sends its own interrupts: they are messages, and are not remapped.
@FunctionalInterface
public interface MessageSink {
    /// Signals the interrupt that a write of `data` to `address` means.
    void message(long address, int data);
}
