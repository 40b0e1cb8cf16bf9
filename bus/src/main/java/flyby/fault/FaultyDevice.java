package flyby.fault;

import flyby.bus.Device;

/// A device whose registers are reached through faults.
final class FaultyDevice implements Device {
    private final FaultyHost host;

    FaultyDevice(FaultyHost host) {
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
