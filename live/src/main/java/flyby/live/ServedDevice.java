package flyby.live;

import flyby.base.LabException;
import flyby.bus.Device;
import flyby.bus.DeviceHost;
import flyby.fault.FaultLog;
import flyby.fault.Faults;
import flyby.function.FunctionDescription;
import flyby.machine.DeviceShelf;
import flyby.machine.Recordings;
import flyby.machine.TappedStore;
import flyby.nvme.BlockStore;
import flyby.nvme.layout.NvmeRegisters;
import flyby.record.Recorder;
import flyby.record.Tap;
import flyby.sim.Time;
import flyby.store.FileStore;
import flyby.vfio.DeviceServer;
import flyby.vfio.LiveCheck;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A device of the shelf behind a socket.
public final class ServedDevice implements AutoCloseable {
    /// What a server that is killed may lose of its recording.
    private static final long FLUSH_PICOS = 100 * Time.MILLISECOND;

    private final DeviceServer server;
    private final Faults faults;
    private final @Nullable FileStore store;
    private final @Nullable LiveCheck check;
    private final @Nullable RecordingFile recording;
    private final @Nullable Recorder recorder;

    private ServedDevice(ServeOrder order, Path socket, Consumer<String> log) {
        // Drives whose names differ have serial numbers that differ, and one that is served again has its own again.
        String name = order.kind() + " at " + socket.getFileName();
        faults = new Faults(name, order.faults());
        Path file = order.file();
        store = file == null ? null : FileStore.open(file);
        Path recordingPath = order.recording();
        recording = recordingPath == null ? null : RecordingFile.create(recordingPath);
        recorder = recording == null
                ? null
                : new Recorder(
                                recording,
                                Recordings.header(
                                        name, order.settings(), order.faults().toString(), file != null))
                        .flushedWithin(FLUSH_PICOS);
        Function<DeviceHost, Device> maker =
                host -> DeviceShelf.make(name, order.settings(), host, () -> medium(host, store));
        if (recorder != null) {
            maker = recorder.around(maker);
        }
        check = order.isChecked() ? LiveCheck.start(report -> report.lines().forEach(log)) : null;
        FunctionDescription description = DeviceShelf.describe(order.settings());
        long doorbells = order.doorbells() == ServeOrder.Doorbells.MAPPED ? NvmeRegisters.DOORBELLS : -1;
        DeviceServer.Options options = new DeviceServer.Options(doorbells, check, log);
        server = start(socket, description, faults.around(maker), options);
    }

    private DeviceServer start(
            Path socket,
            FunctionDescription description,
            Function<DeviceHost, Device> maker,
            DeviceServer.Options options) {
        try {
            return DeviceServer.serve(socket, description, maker, options);
        } catch (RuntimeException refused) {
            closeFiles();
            throw refused;
        }
    }

    /// Serves what `order` says at `socket`.
    ///
    /// @param log hears of clients and of what they do wrong, a line each
    /// @throws LabException if a file or the socket cannot be used
    public static ServedDevice serve(ServeOrder order, Path socket, Consumer<String> log) {
        return new ServedDevice(order, socket, log);
    }

    /// What a file says comes from outside: a recording has to know it.
    private static @Nullable BlockStore medium(DeviceHost host, @Nullable BlockStore store) {
        return store != null && host instanceof Tap tap ? new TappedStore(store, tap) : store;
    }

    /// The faults that have been made.
    public FaultLog faults() {
        return faults.log();
    }

    /// What was found wrong, if it is checked.
    public @Nullable LiveCheck check() {
        return check;
    }

    /// Waits until the server has ended.
    public void join() throws InterruptedException {
        server.join();
    }

    @Override
    public void close() {
        server.close();
        closeFiles();
    }

    private void closeFiles() {
        if (recorder != null) {
            recorder.close();
        }
        if (recording != null) {
            recording.close();
        }
        if (store != null) {
            store.close();
        }
    }
}
