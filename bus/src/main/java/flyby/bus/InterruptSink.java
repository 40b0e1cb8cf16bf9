package flyby.bus;

/// Who hears interrupts: a CPU, an interrupt controller before it, or a test.
@FunctionalInterface
public interface InterruptSink {
    /// Line or vector `number` is now asserted, or not.
    void interrupt(int number, boolean asserted);
}
