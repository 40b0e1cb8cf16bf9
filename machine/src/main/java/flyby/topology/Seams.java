package flyby.topology;

import flyby.bus.Device;
import flyby.bus.DeviceHost;
import java.util.function.Function;

/// What is put between the devices of a machine and the functions that hold them: recorders, faults.
@FunctionalInterface
public interface Seams {
    /// Nothing.
    Seams DIRECT = (_, maker) -> maker;

    /// A maker of the device that `maker` makes, with whatever is to be around it.
    ///
    /// @param function the part of the machine that the device is behind
    Function<DeviceHost, Device> around(Part function, Function<DeviceHost, Device> maker);
}
