package flyby.explore;

import flyby.bus.Device;

/// A device that may hear late of writes to its registers.
final class LateDevice implements Device {
    private final LateHost host;

    LateDevice(LateHost host) {
        this.host = host;
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return host.readRegister(region, offset, byteCount);
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        host.writeRegister(region, offset, byteCount, value);
    }

    @Override
    public void reset() {
        host.reset();
    }
}
