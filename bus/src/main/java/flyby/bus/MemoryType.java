package flyby.bus;

/// How a CPU reaches a range of addresses. SDM volume 3, section 11.3.
public enum MemoryType {
    /// Through the caches.
    WRITE_BACK,
    /// Each access goes to memory or the device itself, in program order.
    UNCACHED,
    /// Loads as [#UNCACHED]; stores are collected into whole lines first, in no promised order.
    WRITE_COMBINING
}
