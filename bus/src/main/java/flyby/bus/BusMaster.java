package flyby.bus;

/// A master of a bus as the bus sees it: who is told that HLDA changes.
public interface BusMaster {
    /// HLDA has changed. Between a rising and the following falling edge the master runs bus cycles of its own.
    ///
    /// @param asserted whether the CPU has let go of the bus
    void acknowledge(boolean asserted);
}
