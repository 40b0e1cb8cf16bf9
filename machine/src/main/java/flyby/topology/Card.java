package flyby.topology;

import flyby.base.Check;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.function.BaseAddress;
import flyby.function.FunctionDescription;
import java.util.function.Function;

/// A card that comes with the code that uses it, and not from the shelf: somebody's own device model.
///
/// @param description with memory at BAR 0, which are its registers, and perhaps at BAR 2, which is memory of its own
/// @param registerBytes of BAR 0
/// @param memoryBytes of BAR 2; 0 if it has none
/// @param maker of the device model
public record Card(
        FunctionDescription description, long registerBytes, long memoryBytes, Function<DeviceHost, Device> maker) {
    /// The BAR of a card's registers.
    public static final int REGISTERS = 0;

    /// The BAR of its own memory.
    public static final int MEMORY = 2;

    private static final int VENDOR = 0xf1b0;

    public Card {
        Check.that(registerBytes > 0 && memoryBytes >= 0, "%d and %d bytes", registerBytes, memoryBytes);
    }

    /// One with a vector of MSI, or more, and a pin.
    ///
    /// @param deviceId section 7.5.1.1.2
    /// @param registerBytes a power of two, 16 or more
    /// @param memoryBytes the same, or 0
    /// @param vectors a power of two up to 32
    public static Card of(
            int deviceId, long registerBytes, long memoryBytes, int vectors, Function<DeviceHost, Device> maker) {
        FunctionDescription plain = FunctionDescription.of(VENDOR, deviceId, 0xff_0000)
                .with(BaseAddress.memory32(REGISTERS, registerBytes))
                .withPin(1)
                .withMsi(vectors);
        FunctionDescription whole = memoryBytes == 0
                ? plain
                : plain.with(new BaseAddress(MEMORY, BaseAddress.Kind.MEMORY_64, true, memoryBytes));
        return new Card(whole, registerBytes, memoryBytes, maker);
    }
}
