package flyby.record;

import flyby.bus.Device;

/// A device whose accesses are written down.
final class RecordedDevice implements Device {
    private final RecordingHost host;

    RecordedDevice(RecordingHost host) {
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
