package flyby.classic;

/// Who hears interrupt lines: the CPU, or an interrupt controller before it.
public interface InterruptSink {
    /// Line `line` is now asserted, or not.
    void interrupt(int line, boolean asserted);
}
