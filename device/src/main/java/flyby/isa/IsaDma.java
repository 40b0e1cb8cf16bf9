package flyby.isa;

import flyby.bus.BusMaster;
import flyby.bus.Device;
import flyby.bus.DmaChannel;
import flyby.bus.DmaPeripheral;
import flyby.bus.MasterHost;
import java.util.List;

/// The DMA of a PC: one 8237A (PC and XT) or two cascaded ones (AT), and the page registers.
///
/// Register regions: 0 is ports 0x00 to 0x0f, 1 ports 0x80 to 0x8f, 2 ports 0xc0 to 0xdf.
public final class IsaDma implements Device, BusMaster {
    public static final int PORTS_FIRST = 0;
    public static final int PORTS_PAGES = 1;
    public static final int PORTS_SECOND = 2;

    /// What differs between PCs.
    ///
    /// @param isAt two controllers, cascaded; else one
    /// @param clockPicos the period of the controllers' CLK
    /// @param waitStates SW of each transfer
    /// @param hiddenOnly whether HRQ passes a gate that opens only in bus time that the CPU leaves unused
    public record Parameters(boolean isAt, long clockPicos, int waitStates, boolean hiddenOnly) {}

    public IsaDma(MasterHost host, Parameters parameters) {}

    /// Wires `peripheral` to channel `number`: 0 to 3 move bytes, 5 to 7 words.
    ///
    /// @return its DREQ
    public DmaChannel wire(int number, DmaPeripheral peripheral) {
        return asserted -> {};
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return ABSENT;
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {}

    @Override
    public void reset() {}

    @Override
    public void acknowledge(boolean asserted) {}

    /// Why each channel does, or does not do, what it could.
    public List<String> explain() {
        return List.of();
    }
}
