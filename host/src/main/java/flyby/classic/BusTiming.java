package flyby.classic;

import flyby.base.Check;

/// The numbers of a classic bus. All times are whole clocks; the clock's period is in picoseconds.
///
/// @param clockPicos period of the bus clock
/// @param widthBytes of the data bus: 1, 2, 4 or 8
/// @param cpuCycleClocks one bus cycle of the CPU that reaches memory or mapped registers, wait states included
/// @param ioCycleClocks one bus cycle of the CPU that reaches an I/O port, wait states included
/// @param dmaCycleClocks one fly-by cycle of a bus master, wait states included
/// @param acknowledgeClocks from the clock edge at which HOLD is seen on a free bus to HLDA, 1 or more
/// @param releaseClocks from the end of a master's last cycle until the CPU drives the bus again, 0 or more
public record BusTiming(
        long clockPicos,
        int widthBytes,
        int cpuCycleClocks,
        int ioCycleClocks,
        int dmaCycleClocks,
        int acknowledgeClocks,
        int releaseClocks) {
    public BusTiming {
        Check.that(clockPicos > 0, "clock period %d ps", clockPicos);
        Check.that(widthBytes <= 8 && Integer.bitCount(widthBytes) == 1, "bus of %d bytes", widthBytes);
        Check.that(cpuCycleClocks > 0 && dmaCycleClocks > 0, "cycles of %d and %d", cpuCycleClocks, dmaCycleClocks);
        Check.that(ioCycleClocks > 0, "I/O cycles of %d", ioCycleClocks);
        Check.that(acknowledgeClocks > 0, "HLDA after %d clocks", acknowledgeClocks);
        Check.that(releaseClocks >= 0, "release in %d clocks", releaseClocks);
    }

    /// A bus on which the CPU's I/O cycles are as long as its others.
    public BusTiming(
            long clockPicos,
            int widthBytes,
            int cpuCycleClocks,
            int dmaCycleClocks,
            int acknowledgeClocks,
            int releaseClocks) {
        this(clockPicos, widthBytes, cpuCycleClocks, cpuCycleClocks, dmaCycleClocks, acknowledgeClocks, releaseClocks);
    }

    /// The duration of `clocks` clocks in picoseconds.
    public long picos(long clocks) {
        return Math.multiplyExact(clocks, clockPicos);
    }

    /// The clock edge at or after `timePicos`.
    public long edge(long timePicos) {
        return Math.ceilDiv(timePicos, clockPicos) * clockPicos;
    }
}
