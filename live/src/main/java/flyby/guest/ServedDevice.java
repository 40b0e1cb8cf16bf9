package flyby.guest;

import flyby.fault.FaultPlan;
import flyby.fault.Faults;
import flyby.machine.DeviceShelf;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.params.Settings;
import flyby.store.FileStore;
import flyby.topology.DeviceKind;
import flyby.topology.PartKind;
import flyby.vfio.DeviceServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One of Flyby's devices, served by this process.
public final class ServedDevice implements GuestDevice {
    private final String kind;
    private final Settings settings;
    private final @Nullable Path file;
    private final Faults faults;

    private ServedDevice(String kind, List<Given> given, @Nullable Path file, FaultPlan plan) {
        List<Given> all = new ArrayList<>(given);
        all.add(new Given("device", kind, new Origin("--device", "--device", "--device")));
        this.kind = kind;
        settings = Settings.resolve(PartKind.FUNCTION.catalogue(), List.of(), List.of(), all);
        this.file = file;
        faults = new Faults(kind, plan);
    }

    /// A device for one guest.
    ///
    /// @param kind as in machine descriptions: `edu`, `plx-dma`
    /// @param given its parameters, as a function of a machine has them
    /// @param plan what is to go wrong at its seam
    /// @throws flyby.base.LabException if there is no such device or parameter
    public static ServedDevice of(String kind, List<Given> given, FaultPlan plan) {
        return new ServedDevice(kind, given, null, plan);
    }

    /// An NVMe drive for one guest that keeps its blocks in `file`.
    ///
    /// @throws flyby.base.LabException if there is no such parameter
    public static ServedDevice drive(Path file, List<Given> given, FaultPlan plan) {
        return new ServedDevice(DeviceKind.NVME.word(), given, file, plan);
    }

    @Override
    public String name() {
        return kind;
    }

    /// How many faults were made so far.
    public long faultCount() {
        return faults.log().count();
    }

    @Override
    public Ready prepare(Path folder) {
        Path socket = freeName(folder);
        FileStore store = file == null ? null : FileStore.open(file);
        DeviceServer server;
        try {
            server = DeviceServer.serve(
                    socket,
                    DeviceShelf.describe(settings),
                    faults.around(host -> DeviceShelf.make(kind, settings, host, () -> store)),
                    DeviceServer.Options.PLAIN);
        } catch (RuntimeException e) {
            close(store);
            throw e;
        }
        return new Ready() {
            @Override
            public List<String> qemuArguments(String bus) {
                return QemuCommand.vfioUser(socket, bus);
            }

            @Override
            public void close() {
                server.close();
                ServedDevice.close(store);
            }
        };
    }

    private static void close(@Nullable FileStore store) {
        if (store != null) {
            store.close();
        }
    }

    /// Two devices of one kind are two sockets.
    private Path freeName(Path folder) {
        int number = 0;
        Path path = folder.resolve(kind + ".sock");
        while (path.toFile().exists()) {
            number++;
            path = folder.resolve(kind + number + ".sock");
        }
        return path;
    }
}
