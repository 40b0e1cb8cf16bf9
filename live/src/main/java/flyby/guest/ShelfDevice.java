package flyby.guest;

import flyby.live.ServeOrder;
import flyby.live.ServedDevice;
import flyby.vfio.LiveCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One of Flyby's devices, served by this process as long as the guest runs.
public final class ShelfDevice implements GuestDevice {
    private final ServeOrder order;
    private @Nullable ServedDevice served;

    /// @param order which device, and how
    public ShelfDevice(ServeOrder order) {
        this.order = order;
    }

    @Override
    public String name() {
        return order.kind();
    }

    /// How many faults were made at the device that was served last.
    public long faultCount() {
        ServedDevice last = served;
        return last == null ? 0 : last.faults().count();
    }

    /// What was found wrong with the accesses of the device that was served last; null if they were not looked at.
    public @Nullable LiveCheck check() {
        ServedDevice last = served;
        return last == null ? null : last.check();
    }

    @Override
    public Ready prepare(Path folder) {
        Path socket = freeName(folder);
        ServedDevice now = ServedDevice.serve(order, socket, _ -> {});
        served = now;
        return new Ready() {
            @Override
            public List<String> qemuArguments(String bus) {
                return QemuCommand.vfioUser(socket, bus);
            }

            @Override
            public void close() {
                now.close();
            }
        };
    }

    /// Two devices of one kind are two sockets.
    private Path freeName(Path folder) {
        int number = 0;
        Path path = folder.resolve(order.kind() + ".sock");
        while (Files.exists(path)) {
            number++;
            path = folder.resolve(order.kind() + number + ".sock");
        }
        return path;
    }
}
