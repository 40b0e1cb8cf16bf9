package flyby.classic;

/// Who had the bus for how long. What is left of the elapsed time, the bus was idle.
public final class BusUse {
    long cpuPicos;
    long cpuCycles;
    long masterPicos;
    long masterCycles;
    long masterBytes;
    long heldPicos;
    long handoverPicos;

    BusUse() {}

    /// Time in bus cycles of the CPU, in picoseconds.
    public long cpuPicos() {
        return cpuPicos;
    }

    public long cpuCycles() {
        return cpuCycles;
    }

    /// Time in cycles of other masters, in picoseconds.
    public long masterPicos() {
        return masterPicos;
    }

    public long masterCycles() {
        return masterCycles;
    }

    public long masterBytes() {
        return masterBytes;
    }

    /// Time from HLDA to its end, in picoseconds; more than the masters' cycles where a master keeps the bus and
    /// waits for its device.
    public long heldPicos() {
        return heldPicos;
    }

    /// Time that the handshake itself cost while the bus lay idle, in picoseconds.
    public long handoverPicos() {
        return handoverPicos;
    }
}
