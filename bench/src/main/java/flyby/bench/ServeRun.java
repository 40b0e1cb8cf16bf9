package flyby.bench;

import flyby.live.DriveClient;
import flyby.live.ServeOrder;
import flyby.live.ServedDevice;
import flyby.nvme.layout.NvmeOpcodes;
import flyby.nvme.layout.NvmeRegisters;
import flyby.params.Given;
import flyby.params.Origin;
import flyby.posix.Poll;
import flyby.posix.PosixException;
import flyby.posix.UnixSocket;
import flyby.vfio.DeviceClient;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The server alone, with a Java client over the socket and no virtual machine: register reads beside a bare echo over
/// the same kind of socket, commands a second, and bytes a second beside a bare copy of as many.
public final class ServeRun {
    private static final int READS = 20_000;
    private static final int COMMANDS = 100_000;
    private static final int LARGE = 2_000;
    private static final int MESSAGE_BYTES = 48;
    private static final int TRANSFER_BYTES = 512 << 10;

    private ServeRun() {}

    /// @param arguments rounds
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("flyby-bench");
        List<Given> givens = new ArrayList<>();
        for (String latency : List.of("read", "write", "flush")) {
            String path = "nvme." + latency + "-latency";
            givens.add(new Given(path, "0 ns", Origin.commandLine(path)));
        }
        double[][] rows = new double[6][rounds];
        try (ServedDevice served =
                        ServedDevice.serve(ServeOrder.of("nvme", givens), folder.resolve("nvme.sock"), _ -> {});
                DeviceClient client = new DeviceClient(folder.resolve("nvme.sock"), DriveClient.memoryBytes());
                DriveClient drive = new DriveClient(client)) {
            for (int i = -1; i < rounds; i++) {
                double[] figures = {
                    registerReads(client),
                    echoes(folder.resolve("echo.sock")),
                    commands(drive, 1, COMMANDS / 10, 8),
                    commands(drive, 32, COMMANDS, 8),
                    commands(drive, 8, LARGE, TRANSFER_BYTES / 512) * TRANSFER_BYTES / 1e9,
                    copies(client.memory()) * TRANSFER_BYTES / 1e9
                };
                for (int row = 0; i >= 0 && row < rows.length; row++) {
                    rows[row][i] = figures[row];
                }
            }
            if (served.faults().count() > 0) {
                throw new IllegalStateException("faults");
            }
        }
        Files.deleteIfExists(folder);
        show("register reads", rows[0], "reads/s", rows[1], "bare echoes");
        show("4 KiB reads, depth 1", rows[2], "commands/s", rows[1], "bare echoes");
        show("4 KiB reads, depth 32", rows[3], "commands/s", rows[1], "bare echoes");
        show("512 KiB reads, depth 8", rows[4], "GB/s", rows[5], "bare copies");
    }

    private static void show(String what, double[] figures, String unit, double[] limits, String limit) {
        double figure = median(figures);
        double bound = median(limits);
        System.out.printf(
                "%-22s %12.1f %-10s %12.1f %-12s ratio %.2f%n", what, figure, unit, bound, limit, figure / bound);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double registerReads(DeviceClient client) throws PosixException {
        long begun = System.nanoTime();
        for (int i = 0; i < READS; i++) {
            client.read(0, NvmeRegisters.CSTS, 4);
        }
        return READS / ((System.nanoTime() - begun) / 1e9);
    }

    /// A message of the same size there and back, with nothing done for it, both sides waiting as the server does.
    private static double echoes(Path path) throws PosixException, InterruptedException {
        try (UnixSocket listener = UnixSocket.listen(path);
                UnixSocket here = UnixSocket.connect(path);
                UnixSocket there = listener.accept()) {
            Thread other = new Thread(() -> answer(there, READS));
            other.start();
            MemorySegment bytes = Arena.ofAuto().allocate(MESSAGE_BYTES);
            Poll poll = new Poll(here.descriptor());
            long begun = System.nanoTime();
            for (int i = 0; i < READS; i++) {
                here.send(bytes, MESSAGE_BYTES, List.of());
                take(here, poll, bytes);
            }
            double rate = READS / ((System.nanoTime() - begun) / 1e9);
            other.join();
            return rate;
        } finally {
            path.toFile().delete();
        }
    }

    private static void answer(UnixSocket socket, int count) {
        try {
            MemorySegment bytes = Arena.ofAuto().allocate(MESSAGE_BYTES);
            Poll poll = new Poll(socket.descriptor());
            for (int i = 0; i < count; i++) {
                take(socket, poll, bytes);
                socket.send(bytes, MESSAGE_BYTES, List.of());
            }
        } catch (PosixException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void take(UnixSocket socket, Poll poll, MemorySegment bytes) throws PosixException {
        int done = 0;
        while (done < MESSAGE_BYTES) {
            poll.await(Poll.FOREVER);
            done += Math.max(0, socket.receive(bytes, 0, MESSAGE_BYTES - done, new ArrayList<>(0)));
        }
    }

    /// @return commands a second
    private static double commands(DriveClient drive, int depth, int count, int blocks) throws PosixException {
        long begun = System.nanoTime();
        int put = 0;
        int done = 0;
        while (done < count) {
            boolean any = false;
            while (put < count && put - done < depth) {
                drive.put(NvmeOpcodes.READ, (long) put % 32 * blocks, blocks - 1, blocks * 512);
                put++;
                any = true;
            }
            if (any) {
                drive.ring();
            }
            do {
                if (drive.await() != 0) {
                    throw new IllegalStateException("a command failed");
                }
                done++;
            } while (done < put && drive.isDone());
        }
        return count / ((System.nanoTime() - begun) / 1e9);
    }

    /// @return copies of 512 KiB a second, through a buffer, as a device moves them
    private static double copies(MemorySegment memory) {
        byte[] buffer = new byte[TRANSFER_BYTES];
        long begun = System.nanoTime();
        for (int i = 0; i < LARGE; i++) {
            MemorySegment.copy(
                    buffer,
                    0,
                    memory,
                    java.lang.foreign.ValueLayout.JAVA_BYTE,
                    DriveClient.data(i % DriveClient.ENTRIES),
                    TRANSFER_BYTES);
        }
        return LARGE / ((System.nanoTime() - begun) / 1e9);
    }
}
