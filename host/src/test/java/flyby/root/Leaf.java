package flyby.root;

import flyby.base.LittleEndian;
import flyby.bus.Device;
import flyby.function.Function;
import java.util.ArrayList;
import java.util.List;

/// A device whose registers say whose they are and where, and that keeps what is written to it.
final class Leaf implements Device {
    final int index;
    final Function function;
    final List<Long> written = new ArrayList<>();
    boolean keeps = true;

    Leaf(int index, Function function) {
        this.index = index;
        this.function = function;
        function.attach(this);
    }

    /// What the 8 bytes at `offset`, a multiple of 8, hold.
    static long signature(int index, int region, long offset) {
        return (index + 1) * 0x9e37_79b9_7f4a_7c15L + region * 0x1_0000_0001L + offset * 0x1_0203L;
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return signature(index, region, offset & -8) >>> (8 * (offset & 7)) & LittleEndian.ones(byteCount);
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        if (keeps) {
            written.add(value);
        }
    }

    @Override
    public void reset() {}
}
