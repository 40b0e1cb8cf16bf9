package flyby.check;

import flyby.bus.Device;

/// A device whose register accesses are watched.
final class CheckedDevice implements Device {
    private final Device device;
    private final String name;
    private final World world;

    CheckedDevice(Device device, String name, World world) {
        this.device = device;
        this.name = name;
        this.world = world;
    }

    @Override
    public long readRegister(int region, long offset, int byteCount) {
        return device.readRegister(region, offset, byteCount);
    }

    @Override
    public void writeRegister(int region, long offset, int byteCount, long value) {
        world.registers.arrived(name, offset, byteCount, value, world.now());
        device.writeRegister(region, offset, byteCount, value);
        world.registers.over();
    }

    @Override
    public void reset() {
        device.reset();
    }
}
